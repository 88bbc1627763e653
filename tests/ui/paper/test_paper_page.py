"""The Paper page: every chapter, its charts, their data, and what stays in the link."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from explorer.settings.declarations import PaperView, Settings, options
from explorer.settings.links import parse, to_query
from explorer.teaching.paper import results
from explorer.ui.paper.paper_page import CHAPTERS
from tests.ui.driving import finish, link, open_paper, open_saves, press

WITHOUT_CHART = {"maps"}
WITHOUT_TRIAL = {"maps", "errata"}
# Chapters that follow the sliders, each under another family.
FOLLOWING = (("problem", "resnet50"), ("rule", "lite"), ("after", "efficientnet"))


def hidden(columns: str) -> list[str]:
    """The columns of a table that are not shown."""
    return [name for name, form in json.loads(columns).items() if form.get("hidden")]


def words(app: AppTest) -> str:
    """Everything that the page says."""
    return " ".join(element.value for element in (*app.markdown, *app.caption))


def test_every_chapter_of_the_link_is_on_the_page() -> None:
    assert tuple(CHAPTERS) == options("chapter")


@pytest.mark.parametrize("chapter", options("chapter"))
def test_a_chapter_draws_says_and_gives_its_data(chapter: str) -> None:
    app = open_paper({"chapter": chapter})
    assert not app.error
    assert not app.warning
    assert [header.value for header in app.header] == [CHAPTERS[chapter][0]]
    charts = app.get("plotly_chart")
    assert bool(charts) != (chapter in WITHOUT_CHART)
    assert all(len(chart.proto.alt) > 40 for chart in charts)
    assert [hidden(table.proto.columns) for table in app.dataframe] == [["_index"]] * len(app.dataframe)
    open_saves(app)
    assert len(app.get("download_button")) >= len(charts)
    assert all("toImage" in chart.proto.config for chart in charts)
    trials = [parse(dict(parse_qsl(each.proto.query_string)))[0] for each in app.get("page_link")]
    assert bool(trials) != (chapter in WITHOUT_TRIAL)
    assert all(trial.paper.chapter == chapter for trial in trials)


def test_figure_7_is_drawn_again_for_the_readers_photograph() -> None:
    app = open_paper({"chapter": "maps", "photo": "coffee"})
    press(app, "Compare 5 networks")
    finish(app, "compare")
    table = app.dataframe[0].value
    assert table["Pixels"].tolist() == [224, 224, 224, 448, 300]
    assert set(table["First answer"]) == {"espresso"}
    app.pills(key="photo").set_value("several").run()
    assert not app.exception
    assert app.info[0].value.startswith("The figure takes one photograph")


@pytest.mark.parametrize(("chapter", "family"), FOLLOWING)
def test_chapters_follow_the_sliders(chapter: str, family: str) -> None:
    small = open_paper({"chapter": chapter, "family": family, "phi": "0"})
    large = open_paper({"chapter": chapter, "family": family, "phi": "2", "alpha": "1.4"})
    assert words(small) != words(large)


def test_only_what_can_be_built_is_drawn() -> None:
    app = open_paper({"chapter": "problem", "phi": "8", "alpha": "2.5"})
    assert [error.value[:30] for error in app.error] == ["No network can be built from t"]


def test_next_and_back_turn_the_pages() -> None:
    app = open_paper({})
    assert app.button(key="_back").disabled
    press(app, "Next")
    assert link(app) == {"chapter": "baseline"}
    press(app, "Back")
    assert link(app) == {}
    app.selectbox(key="chapter").set_value("errata").run()
    assert app.button(key="_next").disabled


def test_the_version_is_kept_from_chapter_to_chapter() -> None:
    app = open_paper({"chapter": "results"})
    app.segmented_control(key="version").set_value("v1").run()
    assert results.sentence("v1") in words(app)
    app.selectbox(key="chapter").set_value("errata").run()
    assert app.segmented_control(key="version").value == "v1"
    assert link(app) == {"chapter": "errata", "version": "v1"}


def test_the_exponent_is_in_the_link_and_changes_the_sentence() -> None:
    app = open_paper({"chapter": "search"})
    assert "reward prefers EfficientNet-B0" in words(app)
    app.slider(key="exponent").set_value(0.0).run()
    assert "reward prefers EfficientNet-B7" in words(app)
    assert link(app) == {"chapter": "search", "exponent": "0"}


def test_errata_can_be_filtered() -> None:
    app = open_paper({"chapter": "errata"})
    app.segmented_control(key="_errata_status").set_value("inferred").run()
    assert "PNASNet" not in words(app)
    assert "ResNet-50 with depth 4" in words(app)


def test_table_4_is_measured_here() -> None:
    app = open_paper({"chapter": "latency"})
    before = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
    press(app, "Time ResNet-152 and B1 here")
    finish(app, "table4")
    assert "Here ResNet-152 takes" in words(app)
    assert len(json.loads(app.get("plotly_chart")[0].proto.spec)["data"]) == len(before) + 1


def test_a_reset_keeps_the_chapter() -> None:
    app = open_paper({"chapter": "rule", "phi": "3"})
    press(app, "Reset to the start")
    assert link(app) == to_query(Settings(paper=PaperView(chapter="rule")))
