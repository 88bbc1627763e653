"""The Count page: every panel for every family, and the proof that turns red where a formula is wrong."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from explorer.cost import conventions, counting
from explorer.formats.quantities import exact
from explorer.network.baselines import BASELINES
from explorer.network.description import scale
from explorer.network.layers import Layer
from explorer.planning.equal_cost import TOLERANCE
from explorer.settings import stage_table
from explorer.settings.built import build
from explorer.settings.declarations import Architecture, options
from tests.ui.driving import finish, link, open_count, press

CORRUPTED = 1000


def messages(app: AppTest) -> str:
    """Everything that the page says in words and tables."""
    tables = " ".join(table.value.to_string() for table in app.table)
    return " ".join([*(element.value for element in (*app.markdown, *app.caption, *app.success, *app.error)), tables])


@pytest.mark.parametrize("panel", options("panel"))
@pytest.mark.parametrize("family", BASELINES)
def test_every_panel_draws_every_family(panel: str, family: str) -> None:
    app = open_count({"panel": panel, "family": family, "phi": "1.5"})
    assert not app.error
    assert not app.warning


def test_the_conventions_are_those_of_the_functions() -> None:
    app = open_count({"phi": "0"})
    network = build(Architecture(phi=0.0)).network
    counted = [exact(count) for count in conventions.flops(network).values()]
    assert app.table[0].value["Operations"].tolist() == [*counted, "0.39 billion"]


def test_a_measurement_proves_the_count() -> None:
    app = open_count({"phi": "0"})
    assert "not measured yet" in messages(app)
    press(app, "Measure the real module")
    finish(app, "proof")
    assert [success.value for success in app.success] == [
        "Every measurement on the real module equals the count, as an integer."
    ]
    assert messages(app).count(":green[") == 4
    app.slider(key="phi").set_value(0.5).run()
    assert "not measured yet" in messages(app), "a result belongs to the network that was measured"


def test_a_corrupted_formula_turns_red(monkeypatch: pytest.MonkeyPatch) -> None:
    right = counting.of_layer

    def wrong(layer: Layer) -> counting.Cost:
        spent = right(layer)
        return counting.Cost(spent.params + CORRUPTED, spent.macs + CORRUPTED, spent.activations)

    monkeypatch.setattr(counting, "of_layer", wrong)
    app = open_count({"phi": "0"})
    press(app, "Measure the real module")
    finish(app, "proof")
    assert not app.success
    assert len(app.error) == 1
    assert "differ" in app.error[0].value
    assert messages(app).count(":red[") == 4


def test_the_estimate_of_memory_meets_its_measurement() -> None:
    app = open_count({"panel": "memory", "phi": "0"})
    press(app, "Measure the real module")
    finish(app, "memory")
    assert app.table[1].value["Ratio"].tolist() == ["1 (equal)", "1 (equal)"]


def test_memory_is_measured_where_one_image_is_too_few_to_train_on() -> None:
    app = open_count({"panel": "memory", "by": "direct", "pixels": "32"})
    press(app, "Measure the real module")
    finish(app, "memory")
    assert app.table[1].value.index.tolist() == [
        "Stored activations, 2 images, training",
        "Fullest moment, 1 image, answering",
    ]
    assert app.table[1].value["Ratio"].tolist() == ["1 (equal)", "1 (equal)"]
    assert any("trains no batch normalisation" in caption.value for caption in app.caption)


def test_a_network_is_timed_and_kept() -> None:
    app = open_count({"panel": "speed", "by": "direct", "pixels": "64"})
    press(app, "Time it")
    finish(app, "latency")
    assert app.metric[0].label == "Median"
    assert "EfficientNet-B0 at d 1 · w 1 · 64 px" in app.table[0].value.index


def test_nobody_reads_the_name_of_anothers_table_among_the_times() -> None:
    own = stage_table.to_json(replace(stage_table.own(BASELINES["lite"]), name="Nobody elses business"))
    query = {"panel": "speed", "family": "own", "own": own, "by": "direct", "pixels": "64"}
    app = open_count(query)
    press(app, "Time it")
    finish(app, "latency")
    assert any("Nobody elses business" in name for name in app.table[0].value.index)
    other = open_count({"panel": "speed"})
    assert not any("business" in name for table in other.table for name in table.value.index)


def test_the_twins_cost_the_same() -> None:
    app = open_count({"panel": "twins", "phi": "2"})
    table = app.dataframe[0].value
    built = build(Architecture(phi=2.0))
    for shape in table["d · w · pixels"]:
        depth, width, pixels = shape.split(" · ")
        twin = counting.of(scale(BASELINES["efficientnet"], float(depth), float(width), int(pixels)))
        assert abs(twin.macs / built.cost.macs - 1) <= TOLERANCE


def test_a_budget_is_kept_and_can_be_taken_into_the_sliders() -> None:
    app = open_count({"panel": "budget"})
    app.number_input[0].set_value(2000.0).run()
    phi = float(app.metric[0].value)
    assert build(Architecture(phi=phi)).cost.macs <= 2e9 < build(Architecture(phi=round(phi + 0.01, 2))).cost.macs
    press(app, "Take it into the sliders")
    assert app.slider(key="phi").value == phi
    assert link(app)["phi"] == app.metric[0].value


def test_a_budget_that_nothing_keeps_is_explained() -> None:
    app = open_count({"panel": "budget"})
    app.number_input[0].set_value(1.0).run()
    assert "Nothing fits" in app.warning[0].value


def test_a_table_of_ones_own_comes_with_the_link() -> None:
    table = stage_table.to_json(BASELINES["mobilenetv1"], indent=None)
    app = open_count({"family": "own", "own": table, "phi": "0"})
    assert exact(counting.of(scale(BASELINES["mobilenetv1"], 1.0, 1.0, 224)).macs) in messages(app)


# A table near the largest that is taken, and one beyond: 8 times wider and deeper at 1024 px, 7e17 and 1e19.
NEAR_THE_LIMIT, BEYOND = 2000, 8000


def own_table(channels: int) -> dict[str, str]:
    block = {"operator": "mbconv", "channels": channels, "layers": 50, "kernel": 5, "expansion": 12}
    stages = [{"operator": "conv", "channels": 32, "stride": 2}, block, {"operator": "head", "channels": 640}]
    return {"family": "own", "own": json.dumps({"stages": stages}), "phi": "0"}


@pytest.mark.parametrize("panel", options("panel"))
def test_no_panel_ends_over_counts_that_are_taken(panel: str) -> None:
    app = open_count({**own_table(NEAR_THE_LIMIT), "panel": panel})
    assert not app.error
    assert not app.exception


@pytest.mark.parametrize("panel", options("panel"))
def test_a_table_whose_counts_have_no_64_bits_is_refused_in_words(panel: str) -> None:
    app = open_count({**own_table(BEYOND), "panel": panel})
    assert [error.value.count("The table is too large") for error in app.error] == [1]
    assert not app.exception


def test_a_broken_table_is_refused_in_words() -> None:
    stages = json.dumps({"stages": [{"operator": "[evil](//example.org)"}] * 3})
    app = open_count({"family": "own", "own": stages})
    assert len(app.error) == 1
    assert "](" not in app.error[0].value.replace("\\]\\(", "")
    assert "operator" in app.error[0].value
