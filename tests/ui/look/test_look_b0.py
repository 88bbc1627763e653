"""The Look and Paper pages with B0's weights on this machine, and what they say without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants
from streamlit.testing.v1 import AppTest

from explorer.assets import DATA_VARIABLE
from explorer.jobs.limits import WorkerLimits
from explorer.jobs.pool import WorkerPool
from explorer.models import npm_client
from explorer.models.checkpoints import published
from explorer.ui.look import answer, catalogue, downloads, sources
from explorer.ui.shared import measurement
from explorer.ui.shared.escape_markdown import escape_markdown
from tests.support.conditions import wait_until
from tests.ui.driving import PATIENCE_SECONDS, finish, link, open_look, open_paper, press

pytestmark = pytest.mark.real_weights

# A link to the page, and the first words of its answer to the photograph of a coffee.
ANSWERS: tuple[tuple[dict[str, str], str], ...] = (
    ({}, "The network grown from EfficientNet-B0 says “espresso”"),
    ({"phi": "0"}, "EfficientNet-B0 says “espresso”, 88.9 % sure"),
    ({"phi": "1.7"}, "The network grown from EfficientNet-B0 says “espresso”"),
)


@pytest.fixture
def own_workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Workers of the test's own: those that run already know another data folder."""
    service = WorkerPool(WorkerLimits(job_seconds=PATIENCE_SECONDS))
    monkeypatch.setattr(answer, "service", lambda: service)
    monkeypatch.setattr(measurement, "bench", lambda: service)
    yield
    service.stop()


@pytest.fixture
def sees(b0_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and worker processes that find B0's weights."""
    monkeypatch.setenv(DATA_VARIABLE, str(b0_folder))


@pytest.mark.usefixtures("own_workers", "sees")
@pytest.mark.parametrize(("query", "words"), ANSWERS)
def test_every_setting_from_b0_on_sees_without_the_hub(query: dict[str, str], words: str) -> None:
    app = open_look({"photo": "coffee", **query})
    assert not app.warning
    assert app.markdown[0].value.replace("*", "").startswith(words)
    assert app.dataframe[0].value["Class"][0] == "espresso"
    assert "Weights" not in [box.label for box in app.selectbox], "one set of weights fits: there is nothing to choose"


def test_weights_can_be_chosen_where_several_fit() -> None:
    app = open_look({"photo": "coffee", "family": "lite", "phi": "2"})
    assert len(app.selectbox(key="weights").options) == 4, "the best, and each of the three"
    app.selectbox(key="weights").set_value("lite0").run()
    assert app.markdown[0].value.startswith("**The network grown from EfficientNet-Lite0 says “espresso”")
    assert link(app)["weights"] == "lite0"


@pytest.mark.usefixtures("own_workers", "sees")
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


@pytest.mark.usefixtures("own_workers", "sees")
def test_why_a_and_not_b_and_what_training_on_needs() -> None:
    app = open_look({"photo": "cat", "phi": "0", "view": "difference"})
    assert not app.error
    likeliest = app.dataframe[0].value["Class"].tolist()[:2]
    assert any(
        text.value.startswith(f"**Orange cells speak for “{likeliest[0]}” rather than “{likeliest[1]}”")
        for text in app.markdown
    )
    app = open_look({"photo": "cat", "phi": "0", "view": "package"})
    assert any("batch normalisations are folded into the weights" in text.value for text in app.markdown)
    assert any("norm.eval().train" in code.value for code in app.code)


@pytest.mark.usefixtures("own_workers", "sees")
def test_its_weights_look_at_ten_resolutions() -> None:
    app = open_look({"photo": "coffee", "phi": "0", "view": "resolution"})
    press(app, "Look at 10 resolutions")
    finish(app, "filmstrip")
    table = app.dataframe[-1].value
    assert table["Pixels"].is_monotonic_increasing
    assert len(table) == 10
    (own,) = [row for row in table.to_dict("records") if row["Pixels"] == 224]
    assert own["First answer"] == "espresso (88.9 %)"


@pytest.mark.usefixtures("own_workers", "sees")
def test_figure_7_of_the_paper_runs_on_its_own_baseline() -> None:
    app = open_paper({"chapter": "maps", "photo": "coffee"})
    assert any("Here EfficientNet-B0 is scaled in the same ways." in text.value for text in app.markdown)


def test_figure_7_runs_on_the_twin_without_b0() -> None:
    app = open_paper({"chapter": "maps", "photo": "coffee"})
    assert any("Here EfficientNet-Lite0 is scaled in the same ways." in text.value for text in app.markdown)


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Hub that is not asked, and nothing known yet of who answers."""
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    forget_sources(monkeypatch)


@pytest.fixture
def no_npm(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment where no npm is found."""
    monkeypatch.setattr(npm_client, "SCRIPTS", "/no/such/folder")
    monkeypatch.setenv("PATH", "/no/such/folder")


def forget_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages know nothing of who answers."""
    fresh = sources.Sources()
    for module in (sources, downloads, catalogue):
        monkeypatch.setattr(module, "sources", lambda: fresh)


def open_when_known(query: dict[str, str]) -> AppTest:
    """The page after all sources have answered: the browser draws it again by itself."""
    app = open_look(query)
    places = {checkpoint.place for checkpoint in published().values()}
    wait_until(lambda: all(sources.sources().answers(place) is not None for place in places))
    app.run()
    assert not app.exception
    return app


def states(query: dict[str, str]) -> dict[str, str]:
    """The state of each set of weights by its name, as the page's table gives it."""
    table = open_when_known({**query, "view": "catalogue"}).dataframe[-1].value
    return dict(zip(table["Name"], table["State"], strict=True))


COFFEE = {"photo": "coffee", "phi": "0"}
TWIN = "**EfficientNet\\-Lite at the same φ, α, β, γ answers for your network.** No trained EfficientNet is on this "


@pytest.mark.usefixtures("no_hub", "no_npm")
def test_without_b0_its_twin_answers_and_the_page_says_how_to_get_it() -> None:
    app = open_when_known(COFFEE)
    assert not app.warning
    (said,) = [info.value for info in app.info]
    assert said.startswith(TWIN)
    assert app.markdown[0].value.startswith("**EfficientNet-Lite0 says “espresso”")
    assert len(app.dataframe) == 1, "the table of all weights is not there"
    (how,) = [text.value for text in app.caption if "weights fetch" in text.value]
    assert how == escape_markdown(
        "For EfficientNet-B0, run python -m explorer weights fetch b0 where there is internet."
    )
    assert link(app) == COFFEE, "the sliders stand as they stood"
    press(app, "Set the sliders to it")
    assert link(app) == {**COFFEE, "family": "lite"}
    assert not app.info


@pytest.mark.usefixtures("no_hub", "no_npm")
def test_where_no_weights_would_help_none_are_spoken_of() -> None:
    app = open_when_known({"photo": "coffee", "phi": "-1"})
    (said,) = [info.value for info in app.info]
    assert said.startswith("**EfficientNet\\-Lite at φ \\= −0\\.1, the nearest setting with weights, answers for your")
    assert not any("weights fetch" in text.value for text in app.caption)


@pytest.mark.usefixtures("no_hub", "own_workers")
def test_b0_is_one_click_away_where_npm_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    app = open_when_known(COFFEE)
    assert app.info[0].value.startswith(TWIN)
    press(app, "Fetch EfficientNet-B0 (21.3 MB)")
    finish(app, "fetch_missing")
    assert not app.info
    assert app.markdown[0].value.startswith("**EfficientNet-B0 says “espresso”, 88.9 % sure")


@pytest.mark.usefixtures("no_hub")
def test_npm_is_named_where_it_answers_and_only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    query = {**COFFEE, "view": "catalogue"}
    app = open_when_known(query)
    assert any("all others but those that npm has" in text.value for text in app.markdown)
    assert states(query)["b0"] == "can be downloaded"
    assert [box.options for box in app.selectbox if box.label == "Download"] == [
        ["EfficientNet-B0: recipe not stated (21.3 MB)"]
    ]
    monkeypatch.setattr(npm_client, "SCRIPTS", "/no/such/folder")
    monkeypatch.setenv("PATH", "/no/such/folder")
    forget_sources(monkeypatch)
    assert states(query)["b0"] == "not reachable from here"
    assert not [box for box in open_look(query).selectbox if box.label == "Download"]


@pytest.mark.usefixtures("own_workers", "sees", "no_hub")
def test_the_table_knows_it_and_claims_no_accuracy() -> None:
    table = open_look({**COFFEE, "view": "catalogue"}).dataframe[-1].value
    (row,) = [row for row in table.to_dict("records") if row["Name"] == "b0"]
    assert row["State"] == "on this machine"
    assert row["Top-1"] != row["Top-1"], "not a number"
    assert row["Recipe"] == "recipe not stated"
    assert row["Licence"] == "ISC as the npm package states it"
    assert row["Source"].startswith("TF-Hub's efficientnet/b0/classification/1 by Google")
