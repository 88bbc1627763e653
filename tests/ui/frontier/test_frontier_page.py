"""The Frontier page: every axis, its data, the card, the pins and the chooser."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from explorer.cost.latency import Latency, Timing
from explorer.formats.measures import HERE
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import Network, of_baseline
from explorer.planning import sampled_designs
from explorer.published.pareto import published
from explorer.settings.declarations import options
from explorer.ui.frontier import chart as frontier_chart
from explorer.ui.shared.escape_markdown import escape_markdown
from tests.ui.driving import link, open_frontier, press

B4 = "EfficientNet-B4 at 380 px, paper v5"
MOST_BYTES = 500_000


@pytest.mark.parametrize("axis", options("axis"))
def test_every_axis_is_drawn_or_says_why_not(axis: str) -> None:
    app = open_frontier({"axis": axis, "kind": "top1" if axis != "gpu" else "real", "spacing": "linear"})
    assert not app.exception
    assert not app.error
    (chart,) = app.get("plotly_chart")
    assert len(chart.proto.alt) > 40
    assert len(chart.proto.spec) < MOST_BYTES
    assert bool(app.info) == (axis == "here")  # nothing is timed on a fresh server


def test_a_card_says_what_dominates_and_loads_into_the_sliders() -> None:
    app = open_frontier({"card": B4})
    assert any("dominates it" in element.value for element in app.markdown)
    press(app, "Load into the sliders")
    assert {"by": "direct", "depth": "1.8", "width": "1.4", "pixels": "380"}.items() <= link(app).items()


def test_a_network_is_kept_and_removed() -> None:
    app = open_frontier({"phi": "2"})
    press(app, "Keep your network on the chart")
    assert link(app)["pins"].startswith("efficientnet,")
    names = [trace["name"] for trace in json.loads(app.get("plotly_chart")[0].proto.spec)["data"]]
    assert sum("predicted, 90 %" in name for name in names) == 2
    app.button(key=f"_unpin_{link(app)['pins']}").click().run()
    assert "pins" not in link(app)


def test_filters_that_leave_nothing_say_so() -> None:
    app = open_frontier({"only_family": "GPipe", "since": "2024", "pins": "broken"})
    assert not app.exception
    assert app.info
    assert "A kept network of the link cannot be read." in [each.value for each in app.warning]


def test_other_families_have_no_prediction() -> None:
    app = open_frontier({"family": "resnet50"})
    assert any("No accuracy is predicted" in element.value for element in app.caption)


def test_the_chooser_answers() -> None:
    app = open_frontier({"part": "chooser"})
    assert any(element.value.startswith("**Best published with weights") for element in app.markdown)
    press(app, "Take the compound network into the sliders")
    assert link(app)["phi"] == "1.03"


def test_the_budget_is_in_the_link() -> None:
    app = open_frontier({"part": "chooser", "limit_macs": "400", "limit_params": "6"})
    assert app.number_input(key="limit_macs").value == 400
    assert any(escape_markdown("EfficientNet-B0 (") in element.value for element in app.markdown)
    app.number_input(key="limit_macs").set_value(0).run()
    assert not app.exception
    assert link(app)["limit_macs"] == "0"
    app.number_input(key="limit_params").set_value(0).run()
    assert not app.exception
    assert app.info, "without any limit there is nothing to choose by"


def test_the_design_space_says_how_much_of_it_is_outside_the_data() -> None:
    outside = float(sampled_designs.cloud().outside.mean())
    assert 0 < outside < 1
    words = f"{outside * 100:.0f} % of them lie outside the data"
    assert any(words in element.value for element in open_frontier({"cloud": "on"}).caption)


def test_a_published_network_has_the_time_of_no_other_network(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = Latency(1.0, 0.9, 1.1, 1, 30)
    b0 = of_baseline(EFFICIENTNET)
    relu = of_baseline(replace(EFFICIENTNET, activation="relu"))

    def timed(network: Network) -> list[str]:
        monkeypatch.setattr(frontier_chart, "timings", lambda: (Timing("timed", network, fast),))
        return [point.network for point in frontier_chart._timed(published()) if "here" in point.costs]

    assert set(timed(b0)) == {"EfficientNet-B0 at 224 px"}
    assert timed(relu) == []
    assert frontier_chart._spent(b0, HERE) is None, "the network of the sliders neither"
