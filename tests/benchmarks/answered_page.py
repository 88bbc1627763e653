"""The app whose Look page has its answer already: what the same page takes without looking.

Run as a script it is the app; imported it is what keeps the answers, because a script of Streamlit's starts anew at
every run.
"""

from __future__ import annotations

import runpy
from importlib import import_module
from pathlib import Path

from explorer.models.lineage import Classifier
from explorer.ui.look import answer
from explorer.ui.look.answer import Answer
from explorer.ui.shared.once import once
from explorer.vision.photograph import PhotographFile

PAGES = Path(__file__).resolve().parents[2] / "explorer" / "ui" / "pages.py"

ASKED = answer.look
"""What the page does without this, as it is when this module is imported."""


@once
def answers() -> dict[tuple[Classifier, str], Answer | None]:
    """The answers so far, of all visitors."""
    return {}


def look(classifier: Classifier, photograph: PhotographFile) -> Answer | None:
    """The answer that is kept; the first is looked for as the app does."""
    key = (classifier, photograph.sha256)
    if answers().get(key) is None:
        answers()[key] = ASKED(classifier, photograph)
    return answers()[key]


if __name__ == "__main__":
    vars(answer)["look"] = import_module("tests.benchmarks.answered_page").look
    runpy.run_path(str(PAGES))
