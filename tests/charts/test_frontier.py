"""The frontier, against the CSV file of the paper's Table 2."""

from __future__ import annotations

import csv
from math import log10
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.accuracy.predict import Prediction, predict
from explorer.charts.frontier import frontier
from explorer.charts.published_frontier import Yours, published_frontier
from explorer.formats.measures import AXES
from explorer.formats.quantities import engineering
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import of_baseline, scale
from explorer.published import preset_costs, table2

TABLE = Path(__file__).resolve().parents[2] / "assets" / "published" / "table2.csv"

# Multiply-adds of built networks, from far left of the published ones to far right.
BUILT = (1_000_000, 15_000_000, 385_814_752, 992_629_472, 37_744_557_744, 475_673_000_000, 2_000_000_000_000)


def chart(macs: int) -> Any:  # noqa: ANN401 - plotly has no types
    return frontier(table2(), macs)


def rows() -> list[tuple[str, float, float]]:
    """Model, multiply-adds and accuracy of every row that has both."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            (row["model"], float(row["flops_B"]), float(row["top1_v5"]))
            for row in csv.DictReader(file)
            if row["flops_B"]
        ]


def points(trace: Any) -> list[tuple[float, float]]:  # noqa: ANN401
    return list(zip(trace.x, trace.y, strict=True))


@pytest.mark.parametrize("macs", BUILT)
def test_the_points_are_the_rows_of_the_table_and_no_others(macs: int) -> None:
    compared, published = chart(macs).data
    assert points(published) == [(cost, top1) for model, cost, top1 in rows() if model.startswith("EfficientNet-B")]
    assert points(compared) == [(cost, top1) for model, cost, top1 in rows() if not model.startswith("EfficientNet-B")]
    assert len(rows()) == 23


@pytest.mark.parametrize("macs", BUILT)
def test_the_built_network_is_a_line_at_its_exact_cost_and_has_no_accuracy(macs: int) -> None:
    figure = chart(macs)
    (line,) = figure.layout.shapes
    assert (line.x0, line.x1) == (macs / 1e9, macs / 1e9)
    assert (line.y0, line.y1, line.yref) == (0, 1, "y domain")
    (label,) = figure.layout.annotations
    assert label.x == pytest.approx(log10(macs / 1e9))
    assert (label.y, label.yref) == (0, "y domain")
    assert "%" not in label.text
    assert label.text.endswith(engineering(macs))
    assert sum(len(trace.x) for trace in figure.data) == len(rows())


def test_a_published_cost_changes_nothing_but_the_line() -> None:
    one, other = (chart(macs) for macs in (preset_costs("efficientnet")["b0"].macs, 10**9))
    assert [points(trace) for trace in one.data] == [points(trace) for trace in other.data]
    assert one.layout.shapes[0].x0 != other.layout.shapes[0].x0


@given(st.integers(10**5, 10**14))
def test_line_and_points_are_inside_the_axes(macs: int) -> None:
    figure = chart(macs)
    low, high = figure.layout.xaxis.range
    bottom, top = figure.layout.yaxis.range
    assert figure.layout.xaxis.type == "log"
    assert low < log10(macs / 1e9) < high
    assert all(low < log10(cost) < high and bottom < top1 < top for _, cost, top1 in rows())


def test_every_point_tells_its_name_and_source() -> None:
    hovers = [text for trace in chart(10**9).data for text in trace.customdata]
    names = [model for model, _, _ in rows()]
    assert sorted(text.partition("<br>")[0] for text in hovers) == sorted(names)
    assert all("arXiv:1905.11946v5" in text for text in hovers)


def test_the_efficientnets_are_named_and_joined_in_order() -> None:
    published = chart(10**9).data[1]
    assert list(published.text) == [f"B{size}" for size in range(8)]
    assert list(published.x) == sorted(published.x)
    assert "lines" in published.mode


def test_no_name_is_written_over_another_point() -> None:
    compared = chart(10**9).data[0]
    named = [(x, y) for x, y, text in zip(compared.x, compared.y, compared.text, strict=True) if text]
    assert 5 <= len(named) < len(compared.x)
    for x, y in named:
        assert not [
            other
            for other in points(compared)
            if other != (x, y) and 0 <= log10(other[0] / x) < 0.5 and abs(other[1] - y) < 0.25
        ]


def test_without_names_your_dot_is_named_without_its_cost_and_b0s_label_has_more_room() -> None:
    found = predict(of_baseline(EFFICIENTNET))
    assert isinstance(found, Prediction)
    named, bare = (frontier(table2(), 10**9, found, names=names) for names in (True, False))
    assert [chart.data[-1].text for chart in (named, bare)] == [("yours, 1.00 G",), ("yours",)]
    assert bare.layout.xaxis.range[0] < named.layout.xaxis.range[0]


def test_without_names_the_other_networks_have_theirs_on_hover_only() -> None:
    named, bare = (frontier(table2(), 10**9, names=names).data[0] for names in (True, False))
    assert any(named.text)
    assert not any(bare.text)
    assert bare.customdata == named.customdata
    assert points(bare) == points(named)


@pytest.mark.parametrize(("pixels", "mark"), [(224, "90 % interval"), (96, "outside the data")])
def test_a_dot_outside_the_data_is_marked(pixels: int, mark: str) -> None:
    found = predict(scale(EFFICIENTNET, 1.0, 1.0, pixels))
    assert isinstance(found, Prediction)
    dot = frontier(table2(), 10**9, found).data[-1]
    assert dot.name == f"yours, predicted ({mark})"
    assert ("outside the data" in dot.customdata[0]) == found.outside == (pixels == 96)
    yours = published_frontier([], AXES["macs"], "top1", [Yours("Mine", 1e9, found)], None, logarithmic=True).data[-1]
    assert yours.name == f"Mine (predicted, {mark})"
    assert ("outside the data" in yours.hovertemplate) == found.outside
