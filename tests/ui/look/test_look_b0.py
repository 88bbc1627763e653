"""The Look and Paper pages with B0's weights on this machine, and what they say without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from huggingface_hub import constants

from explorer.assets import DATA_VARIABLE
from explorer.jobs.limits import WorkerLimits
from explorer.jobs.service import Service
from explorer.models import npm_client
from explorer.ui.shared import workers
from explorer.ui.shared.escape_markdown import escape_markdown
from tests.ui.driving import PATIENCE_SECONDS, finish, open_look, open_paper, press

# A link to the page, and the first words of its answer to the photograph of a coffee.
ANSWERS = (
    ({}, "Your network, grown from EfficientNet-B0, says “espresso”"),
    ({"phi": "0"}, "EfficientNet-B0 says “espresso”, 88.9 % sure"),
    ({"phi": "1.7"}, "Your network, grown from EfficientNet-B0, says “espresso”"),
)


@pytest.fixture
def sees(b0_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages and worker processes that find B0's weights."""
    monkeypatch.setenv(DATA_VARIABLE, str(b0_folder))
    service = Service(WorkerLimits(job_seconds=PATIENCE_SECONDS))
    monkeypatch.setattr(workers, "_service", lambda *_: service)  # those that run already know another data folder
    yield
    service.stop()


@pytest.mark.usefixtures("sees")
@pytest.mark.parametrize(("query", "words"), ANSWERS)
def test_every_setting_from_b0_on_sees_without_the_hub(query: dict[str, str], words: str) -> None:
    app = open_look({"photo": "coffee", **query})
    assert not app.warning
    assert app.markdown[0].value.replace("*", "").startswith(words)
    assert app.dataframe[0].value["Class"][0] == "espresso"


@pytest.mark.usefixtures("sees")
def test_the_papers_five_are_scaled_from_b0() -> None:
    app = open_look({"photo": "coffee", "phi": "0", "view": "compare"})
    press(app, "Compare 5 networks")
    finish(app, "compare")
    table = app.dataframe[-1].value
    assert table["Weights"].tolist() == [
        "trained: B0",
        "grown: B0",
        "grown: B0",
        "trained: B0",
        "grown: B0",
    ]
    assert len(set(table["Probability"].tolist()[:3])) == 1


@pytest.mark.usefixtures("sees")
def test_why_a_and_not_b_and_what_training_on_needs() -> None:
    app = open_look({"photo": "cat", "phi": "0", "view": "difference"})
    assert not app.error
    app = open_look({"photo": "cat", "phi": "0", "view": "package"})
    assert any("batch normalisations are folded into the weights" in text.value for text in app.markdown)
    assert any("norm.eval().train" in code.value for code in app.code)


@pytest.mark.usefixtures("sees")
def test_figure_7_of_the_paper_runs_on_its_own_baseline() -> None:
    app = open_paper({"chapter": "maps", "photo": "coffee"})
    assert any("Here EfficientNet-B0 is scaled in the same ways." in text.value for text in app.markdown)


def test_figure_7_runs_on_the_twin_without_b0() -> None:
    app = open_paper({"chapter": "maps", "photo": "coffee"})
    assert any("Here EfficientNet-Lite0 is scaled in the same ways." in text.value for text in app.markdown)


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Hub that is not asked, and answers of earlier tests forgotten."""
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    st.cache_data.clear()
    yield
    st.cache_data.clear()


def states(query: dict[str, str]) -> dict[str, str]:
    """The state of each set of weights by its name, as the page's table gives it."""
    table = open_look(query).dataframe[-1].value
    return dict(zip(table["Name"], table["State"], strict=True))


@pytest.mark.usefixtures("no_hub")
def test_without_b0_the_page_says_how_to_get_it() -> None:
    app = open_look({"photo": "coffee", "phi": "0"})
    (said,) = [warning.value for warning in app.warning]
    assert escape_markdown("For EfficientNet-B0, run python -m explorer weights fetch b0") in said
    assert not any("says “" in text.value for text in app.markdown)


@pytest.mark.usefixtures("no_hub")
def test_npm_is_named_where_it_answers_and_only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    query = {"photo": "coffee", "phi": "0"}
    app = open_look(query)
    assert any("all others but those that npm has" in text.value for text in app.markdown)
    assert states(query)["b0"] == "can be downloaded"
    assert [box.options for box in app.selectbox if box.label == "Download"] == [
        ["EfficientNet-B0: recipe not stated (21.3 MB)"]
    ]
    monkeypatch.setattr(npm_client, "SCRIPTS", "/no/such/folder")
    monkeypatch.setenv("PATH", "/no/such/folder")
    st.cache_data.clear()
    assert states(query)["b0"] == "not reachable from here"
    assert not [box for box in open_look(query).selectbox if box.label == "Download"]


@pytest.mark.usefixtures("sees", "no_hub")
def test_the_table_knows_it_and_claims_no_accuracy() -> None:
    table = open_look({"photo": "coffee", "phi": "0", "view": "catalogue"}).dataframe[-1].value
    (row,) = [row for row in table.to_dict("records") if row["Name"] == "b0"]
    assert row["State"] == "on this machine"
    assert row["Top-1"] != row["Top-1"], "not a number"
    assert row["Recipe"] == "recipe not stated"
    assert row["Licence"] == "ISC as the npm package states it"
    assert row["Source"].startswith("TF-Hub's efficientnet/b0/classification/1 by Google")
