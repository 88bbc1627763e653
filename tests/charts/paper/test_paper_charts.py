"""The paper's charts: what they draw is what was computed, in the colour of its meaning, with units on the axes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go
import pytest

from explorer.charts.dots import STYLES, Series, dots
from explorer.charts.paper import errata as errata_charts
from explorer.charts.paper import latency as latency_charts
from explorer.charts.paper import results, rule, scaling
from explorer.formats.colours import COMPOUND, DEPTH, PUBLISHED, RESOLUTION, WIDTH, YOURS
from explorer.network.baselines import EFFICIENTNET
from explorer.network.scaling import Compound
from explorer.published.figures import figure3
from explorer.teaching.paper import balance, baseline, errata, latency, objective, problem, sizes, steps, transfer
from explorer.teaching.paper import rule as computed
from explorer.teaching.paper.objective import SearchReward

CHARTS: dict[str, Callable[[], go.Figure]] = {
    "figure 1": lambda: results.size(sizes.by_size()),
    "figure 3": scaling.figure3,
    "figure 4": scaling.figure4,
    "figure 5": lambda: results.size(sizes.by_cost()),
    "figure 6": lambda: results.transfer(transfer.panels()["Flowers"]),
    "figure 8": scaling.figure8_chart,
    "table 1": lambda: rule.shares(baseline.rows()),
    "table 2": lambda: results.versions("v1"),
    "table 3": scaling.table3,
    "table 4": lambda: latency_charts.times(latency.milliseconds(None)),
    "budget": lambda: rule.budget(problem.edges(EFFICIENTNET, 10**9), 1.2, 1.1),
    "growth": lambda: rule.growth(computed.growth(EFFICIENTNET, Compound(1.0))),
    "step 1": lambda: rule.candidates(steps.candidates()),
    "step 1, top-1": lambda: rule.candidates_top1(steps.candidates()),
    "step 2": lambda: rule.published_phi(steps.published_phis()),
    "reward": lambda: results.rewards(objective.of_paper()),
    "later, macs": lambda: results.later("macs"),
    "later, gpu": lambda: results.later("gpu"),
    "errata": lambda: errata_charts.deviations(errata.deviations(errata.of_status(""))),
}
UNITLESS = {"budget", "table 1"}  # multipliers and stage numbers have no unit


@pytest.mark.parametrize("name", CHARTS)
def test_axes_have_titles(name: str) -> None:
    figure = CHARTS[name]()
    assert figure.layout.xaxis.title.text
    assert figure.layout.yaxis.title.text or name == "errata"
    assert all(len(trace.x) == len(trace.y) > 0 for trace in figure.data)


@pytest.mark.parametrize("name", sorted(CHARTS.keys() - UNITLESS))
def test_no_series_is_without_a_name_where_the_legend_lists_it(name: str) -> None:
    figure = CHARTS[name]()
    assert all(trace.name for trace in figure.data if trace.showlegend is not False)


def test_each_dimension_has_its_colour_everywhere() -> None:
    assert [STYLES[name][0] for name in ("depth", "width", "resolution", "compound")] == [
        DEPTH, WIDTH, RESOLUTION, COMPOUND,
    ]  # fmt: skip
    for figure in (scaling.figure3(), scaling.figure8_chart(), scaling.table3()):
        for trace in figure.data:
            if trace.name in STYLES:
                assert trace.marker.color == STYLES[trace.name][0]
    assert len({symbol for _, symbol in STYLES.values()}) == len(STYLES), "no series is told apart by colour alone"


def test_figure_3_draws_every_dot_and_its_recount() -> None:
    marked = [trace for trace in scaling.figure3().data if "markers" in trace.mode]
    full = {(x, y) for trace in marked[::2] for x, y in zip(trace.x, trace.y, strict=True)}
    assert full == {(dot.macs_billions, dot.top1) for dot in figure3()}
    hollow = [trace for trace in marked if trace.marker.symbol.endswith("-open")]
    assert len(hollow) == 3
    assert hollow[0].x[0] == 0.385814752


def test_figure_3_draws_the_models_curves_near_the_dots() -> None:
    """Each dot lies within a point of its dimension's curve, and inside the band, but for one in ten."""
    data, outside = scaling.figure3().data, 0
    for dimension in ("depth", "width", "resolution"):
        (line,) = (trace for trace in data if trace.name == f"model, {dimension}")
        (band,) = (trace for trace in data if trace.name == f"model, {dimension}, 90 % interval")
        lower, upper = np.split(np.asarray(band.y), 2)
        assert line.line.color == band.fillcolor == STYLES[dimension][0]
        for dot in (dot for dot in figure3() if dot.dimension == dimension):
            at = [float(np.interp(dot.macs_billions, line.x, part)) for part in (line.y, lower, upper[::-1])]
            assert abs(at[0] - dot.top1) < 1
            outside += not at[1] <= dot.top1 <= at[2]
    assert outside <= len(figure3()) / 10


def test_figure_8_marks_table_7_as_counted() -> None:
    hollow = {
        trace.name: trace.x[0]
        for trace in scaling.figure8_chart().data
        if trace.mode == "markers" and trace.marker.symbol.endswith("-open")
    }
    assert hollow == {each.row.method: each.macs / 1e9 for each in balance.recounted() if each.row.method != "baseline"}


@pytest.mark.parametrize("version", ["v5", "v3", "v1"])
def test_the_chosen_version_is_the_published_line(version: str) -> None:
    (line,) = (trace for trace in results.versions(version).data if trace.marker.color == PUBLISHED)
    assert line.name.endswith(version)
    assert list(line.text) == [f"B{size}" for size in range(8)]


def test_the_line_of_equal_reward_goes_through_b0() -> None:
    flat = next(trace for trace in results.rewards(SearchReward(0.4, 0.0)).data if trace.line.dash == "dash")
    assert set(flat.y) == {77.1}


def test_the_constraint_shows_the_papers_point_and_yours() -> None:
    surface, paper, yours = rule.constraint(computed.surface(), Compound(1.0, 1.5, 1.1, 1.0)).data
    assert surface.type == "surface"
    assert (paper.x[0], paper.y[0], paper.z[0], paper.marker.color) == (1.2, 1.1, 1.15, PUBLISHED)
    assert (yours.x[0], yours.y[0], yours.z[0], yours.marker.color) == (1.5, 1.1, 1.0, YOURS)


def test_a_logarithmic_axis_says_so() -> None:
    series = [Series("one", DEPTH, ("a",), (1.0,), (2.0,))]
    assert dots(series, "cost, G", "top-1, %", logarithmic=True).layout.xaxis.title.text == "cost, G, log scale"
    assert dots(series, "cost, G", "top-1, %").layout.xaxis.type is None
    assert "2" not in str(dots(series, "cost, G (of all)", "top-1, %").data[0].hovertemplate).split("<br>")[1]
