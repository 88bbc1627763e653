"""The app whose Look page has its answer already: what the same page takes without looking.

Run as a script it is the app; imported it is what keeps the answers, because a script of Streamlit's starts anew at
every run.
"""

from __future__ import annotations

import runpy
from importlib import import_module
from pathlib import Path

from explorer.models.lineage import Classifier
from explorer.ui.look import look_page, looking
from explorer.ui.shared.once import once
from explorer.vision.classification import Classification
from explorer.vision.images import Photograph

PAGES = Path(__file__).resolve().parents[2] / "explorer" / "ui" / "pages.py"


@once
def answers() -> dict[tuple[Classifier, str], Classification | None]:
    """The answers so far, of all visitors."""
    return {}


def look(classifier: Classifier, photograph: Photograph) -> Classification | None:
    """The answer that is kept; the first is looked for as the app does."""
    key = (classifier, photograph.sha256)
    if answers().get(key) is None:
        answers()[key] = looking.look(classifier, photograph)
    return answers()[key]


if __name__ == "__main__":
    vars(look_page)["look"] = import_module("tests.benchmarks.answered_page").look
    runpy.run_path(str(PAGES))
