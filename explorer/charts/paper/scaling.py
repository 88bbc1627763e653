"""Figures 3, 4 and 8 and Table 3: one dimension, another baseline, all dimensions."""

from __future__ import annotations

from collections.abc import Iterator
from math import log10

import numpy as np
import plotly.graph_objects as go

from explorer.charts.dots import MACS, STYLES, TOP1, Series, dots
from explorer.formats.colours import COMPARED
from explorer.formats.measures import BILLION
from explorer.network.baselines import BASELINES
from explorer.published.figures import figure8
from explorer.published.scaled import PublishedScaling
from explorer.teaching.paper import balance, others, single

BAND = 0.12
"""Opacity of an interval."""
NOWHERE = (float("nan"),)
MODEL_ENTRY = Series("accuracy model, 90 % interval", COMPARED, ("",), NOWHERE, NOWHERE, (), "", "solid")
"""What the legend says of the curves and bands of all dimensions; it draws nothing."""

TABLE3_TOP1 = (70.0, 79.5)
TABLE3_COSTS = (log10(0.12), log10(30))


def figure3() -> go.Figure:
    """Each dimension's dots as printed, hollow at the cost of a B0 scaled so, and the accuracy model's curve."""
    series = []
    for dimension in single.DIMENSIONS:
        colour, symbol = STYLES[dimension]
        line = single.of_dimension(dimension)
        names, top1 = tuple(each.label for each in line), tuple(each.dot.top1 for each in line)
        printed = tuple(each.dot.macs_billions for each in line)
        labelled = {len(names) - 1} if dimension == "width" else {1, len(names) - 1}
        texts = tuple(name if index in labelled else "" for index, name in enumerate(names))
        place = "bottom right" if dimension == "resolution" else "top left"
        series.append(Series(dimension, colour, names, printed, top1, texts, symbol, "", place))
        counted = tuple(each.macs / BILLION for each in line)
        hollow = tuple(f"B0 with {name}, counted" for name in names)
        series.append(Series(dimension, colour, hollow, counted, top1, (), f"{symbol}-open", listed=False))
    curves = [_model_curve(dimension) for dimension in single.DIMENSIONS]
    figure = dots([*curves, *series, MODEL_ENTRY], MACS, TOP1, logarithmic=True)
    bands = [_band(dimension) for dimension in single.DIMENSIONS]
    return go.Figure([*bands, *figure.data], figure.layout)


def _model_curve(dimension: str) -> Series:
    found, symbol = single.modelled(dimension), single.SYMBOLS[dimension]
    names = tuple(f"model, {symbol} = {value:.2f}" for value in found.coefficients)
    costs, top1 = tuple(map(float, found.macs_billions)), tuple(map(float, found.predicted.top1))
    return Series(f"model, {dimension}", STYLES[dimension][0], names, costs, top1, (), "", "solid", listed=False)


def _band(dimension: str) -> go.Scatter:
    """The 90 % interval: along its lower end, and back along the upper one."""
    found = single.modelled(dimension)
    return go.Scatter(
        x=np.concatenate((found.macs_billions, found.macs_billions[::-1])),
        y=np.concatenate((found.predicted.lower, found.predicted.upper[::-1])),
        name=f"model, {dimension}, 90 % interval",
        mode="none",
        fill="toself",
        fillcolor=STYLES[dimension][0],
        opacity=BAND,
        showlegend=False,
        hoverinfo="skip",
    )


def figure4() -> go.Figure:
    """Width on four baselines; the colour says which dimension was raised before."""
    series = []
    for line in balance.lines():
        colour, symbol = STYLES[line.raised]
        names = tuple(f"{line.name}, dot {dot.index + 1}" for dot in line.dots)
        costs, top1 = tuple(dot.macs_billions for dot in line.dots), tuple(dot.top1 for dot in line.dots)
        dash = "solid" if line.raised == "compound" else "dot"
        series.append(Series(f"wider from {line.name}", colour, names, costs, top1, (), symbol, dash))
    return dots(series, MACS, TOP1, logarithmic=True)


def figure8_chart() -> go.Figure:
    """B0 scaled in four ways, as printed, and where the networks of Table 7 really cost."""
    series = []
    for method in ("depth", "width", "resolution", "compound"):
        colour, symbol = STYLES[method]
        points = [dot for dot in figure8() if dot.method == method]
        names = tuple(f"{method}: {dot.point}" for dot in points)
        costs, top1 = tuple(dot.macs_billions for dot in points), tuple(dot.top1 for dot in points)
        series.append(Series(method, colour, names, costs, top1, (), symbol, "solid"))
        again = next(each for each in balance.recounted() if each.row.method == method)
        hollow = (f"Table 7, {method}, counted",)
        count = (again.macs / BILLION,)
        series.append(Series(method, colour, hollow, count, (again.row.top1,), (), f"{symbol}-open", listed=False))
    return dots(series, MACS, TOP1)


def table3() -> go.Figure:
    """Three baselines, each joined to what becomes of it; as printed, and hollow at the cost that we count."""
    series = [each for family in others.FAMILIES for each in _table3_family(family)]
    figure = dots(series, MACS, TOP1, logarithmic=True)
    figure.update_yaxes(range=TABLE3_TOP1)
    figure.update_xaxes(range=TABLE3_COSTS)
    return figure


def _table3_family(family: str) -> Iterator[Series]:
    """The baseline with its name, a line from it to each network, and hollow symbols; the legend names one family's."""
    listed = family == others.FAMILIES[-1]
    rows = {row.method: row for row in others.of_family(family)}
    start, name = rows["baseline"], BASELINES[family].name
    for method, row in rows.items():
        colour, symbol = STYLES[method]
        line = Series("", colour, (name, method), *_ends(start, row), symbol="", dash="dot", listed=False)
        texts, names = (name,) if row == start else (), (f"{name}, {method}",)
        dot = Series(
            method, colour, names, (row.macs_billions,), (row.top1,), texts, symbol, "", "bottom right", listed
        )
        yield from (line, dot)
    for each in others.counted(family):
        colour, symbol = STYLES[each.row.method]
        hollow, at = (f"{name}, {each.row.method}, counted",), (each.macs / BILLION,)
        yield Series(each.row.method, colour, hollow, at, (each.row.top1,), (), f"{symbol}-open", listed=False)


def _ends(start: PublishedScaling, end: PublishedScaling) -> tuple[tuple[float, float], tuple[float, float]]:
    """Costs and accuracies of two rows, to join them by a line."""
    return (start.macs_billions, end.macs_billions), (start.top1, end.top1)
