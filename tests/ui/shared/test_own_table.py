"""The editor of one's own stage table: what is opened or copied becomes the network and the link."""

from __future__ import annotations

import json

import pytest

from explorer.cost import counting
from explorer.formats.quantities import engineering
from explorer.network.baselines import BASELINES
from explorer.network.description import of_baseline
from explorer.settings import stage_table
from tests.ui.driving import link, open_app, press

OWN = {"family": "own", "phi": "0"}


def parameters(key: str) -> str:
    return engineering(counting.of(of_baseline(BASELINES[key])).params)


def test_it_starts_as_b0() -> None:
    assert open_app(OWN).metric[0].value == parameters("efficientnet")


def test_a_json_table_becomes_the_network_and_the_link() -> None:
    app = open_app(OWN)
    table = stage_table.to_json(BASELINES["mobilenetv1"])
    app.file_uploader[0].upload("mine.json", table.encode(), "application/json").run()
    assert app.metric[0].value == parameters("mobilenetv1")
    assert stage_table.from_json(link(app)["own"]).stages == BASELINES["mobilenetv1"].stages


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_table_may_begin_with_a_byte_order_mark(encoding: str) -> None:
    app = open_app(OWN)
    app.file_uploader[0].upload("mine.json", stage_table.to_json(BASELINES["resnet50"]).encode(encoding)).run()
    assert not app.error
    assert app.metric[0].value == parameters("resnet50")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The stage table is empty"),
        (b"\xff\xfe\xff", "not text"),
        (b'{"stages": [], "num_classes": 10}', "did you mean “classes”?"),
        (b'{"stages": [], "stages": []}', "gives the field “stages” twice"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, said: str) -> None:
    app = open_app(OWN)
    app.file_uploader[0].upload("mine.json", data, "application/json").run()
    assert [said in error.value for error in app.error] == [True]
    assert app.metric[0].value == parameters("efficientnet")


def test_a_broken_json_table_is_refused_and_the_last_one_stays() -> None:
    app = open_app(OWN)
    stages = json.dumps({"stages": [{"operator": "conv", "channels": 10**9, "stride": 2}, {}, {}]})
    app.file_uploader[0].upload("mine.json", stages.encode(), "application/json").run()
    assert len(app.error) == 1
    assert "channels of stage 1" in app.error[0].value
    assert app.metric[0].value == parameters("efficientnet")


def test_another_familys_table_can_be_copied() -> None:
    app = open_app(OWN)
    app.selectbox(key="_own_start").set_value("resnet50").run()
    press(app, "Copy its table")
    assert app.metric[0].value == parameters("resnet50")
    press(app, "Reset to the start")
    assert link(app) == {}


def test_an_edited_table_outlives_the_page_without_its_editor() -> None:
    """After an edit the rows that the editor began with are older than the table; Streamlit forgets what it changed."""
    app = open_app(OWN)
    edited = stage_table.to_json(stage_table.own(BASELINES["mobilenetv1"]), indent=None)
    app.session_state["own"] = app.session_state["_own_written"] = edited
    app.selectbox(key="family").set_value("lite").run()
    app.selectbox(key="family").set_value("own").run()
    assert link(app)["own"] == edited
    assert app.metric[0].value == parameters("mobilenetv1")
