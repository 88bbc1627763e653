"""Accuracy against multiply-adds: what the paper published, and what the built network costs."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

import plotly.graph_objects as go

from explorer.accuracy.predict import Prediction
from explorer.accuracy.words import legend_mark, outside_mark
from explorer.formats.colours import COMPARED, PUBLISHED, YOURS
from explorer.formats.measures import BILLION, MACS
from explorer.formats.quantities import engineering
from explorer.published import PublishedResult

Trace = dict[str, object]

HEIGHT = 400
MARGIN = {"l": 52, "r": 8, "t": 24, "b": 112, "autoexpand": False}
"""Room for the axes' titles and three lines of legend, given, so that the browser need not draw twice to find it."""
LOWEST, HIGHEST = 75.3, 85.2
"""Of the published accuracies, with room for their dots."""

YOUR_DOT = "yours"
BESIDE, BEFORE = 10 * BILLION, 60 * BILLION
"""From these costs on the label of the built network stands to the right of its dot, and to the left of it."""
LABEL_DECADES = 0.95
"""Room to the right of the built network for its label, in powers of ten, also on a phone."""
LABEL_SHARE = 0.07
"""Room above the highest dot for its name, in shares of the chart's height."""
TICKS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000)
NAME_SHARE, NAME_DECADES = 0.03, 0.6
"""What a name takes on the chart, in shares of its height and powers of ten."""
LEFT, LEFT_LARGE = -0.75, -1.0
"""Where the cost axis begins, in powers of ten: left of B0 and its label, and of the label in large type."""
ROOM = 0.3
"""Accuracy points between an interval and the chart's edge."""


def frontier(
    results: Sequence[PublishedResult], built_macs: int, prediction: Prediction | None = None, *, names: bool = True
) -> go.Figure:
    """The paper's Table 2 on a logarithmic cost axis, with the built network's cost as a vertical line.

    With a `prediction` it is a dot with its 90 % interval instead: predicted, as nobody has trained it. Without `names`
    the other networks have theirs on hover only, and the dot's label leaves out the cost: in large type there is no
    room for them.
    """
    priced = [result for result in results if result.macs_billions is not None]
    heights = _heights(prediction)
    traces = [
        _compared([result for result in priced if not result.is_efficientnet], heights[1] - heights[0], names),
        _published([result for result in priced if result.is_efficientnet]),
    ]
    layout = {
        "xaxis": {
            "type": "log",
            "title": f"{MACS.column}, {MACS.scale} (log scale)",
            "tickvals": TICKS,
            "tickangle": 0,
            "range": _range(built_macs / BILLION, names),
        },
        "yaxis": {"title": "ImageNet top-1 accuracy, %", "range": heights},
        "height": HEIGHT,
        "margin": MARGIN,
        "legend": {"orientation": "h", "y": -0.18, "yanchor": "top"},
        "hovermode": "closest",
    }
    if prediction is None:
        layout |= _line(built_macs)
    else:
        traces.append(_predicted(built_macs, prediction, _label(built_macs) if names else YOUR_DOT))
    return go.Figure(traces, layout)


def _heights(prediction: Prediction | None) -> tuple[float, float]:
    """The published accuracies, widened so that a predicted interval is always inside."""
    low, high = LOWEST, HIGHEST
    if prediction is not None:
        low, high = min(low, prediction.lower - ROOM), max(high, prediction.upper + ROOM)
    return low, high + LABEL_SHARE * (high - low)


def _line(built_macs: int) -> dict[str, object]:
    """The cost alone, where no accuracy is predicted: a line with its label at its foot."""
    cost = built_macs / BILLION
    vertical = {"type": "line", "x0": cost, "x1": cost, "y0": 0, "y1": 1, "yref": "y domain"}
    label = {"x": log10(cost), "y": 0, "yref": "y domain", "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    return {
        "shapes": [{**vertical, "line": {"color": YOURS, "width": 2}}],
        "annotations": [{**label, "text": _label(built_macs), "font": {"color": YOURS}}],
    }


def _label_place(built_macs: int) -> str:
    """Where the published curve and the chart's edge leave room: under the dot, beside it, or over it to the left."""
    if built_macs > BEFORE:
        return "top left"
    return "middle right" if built_macs > BESIDE else "bottom right"


def _label(built_macs: int) -> str:
    return f"{YOUR_DOT}, {engineering(built_macs)}"


def _predicted(built_macs: int, found: Prediction, label: str) -> Trace:
    return {
        "type": "scatter",
        "x": [built_macs / BILLION],
        "y": [found.top1],
        "mode": "markers+text",
        "text": [label],
        "textposition": _label_place(built_macs),
        "textfont": {"color": YOURS, "size": 13},
        "name": f"yours, predicted ({legend_mark(found)})",
        "marker": {"color": YOURS, "size": 11, "symbol": "diamond"},
        "error_y": {"array": [found.upper - found.top1], "arrayminus": [found.top1 - found.lower], "color": YOURS},
        "customdata": [
            f"your network: {found.top1:.1f} %, predicted ({found.lower:.1f} to {found.upper:.1f}){outside_mark(found)}"
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _range(built: float, names: bool) -> tuple[float, float]:
    """The published span in powers of ten, widened so that the built network is always inside."""
    left = LEFT if names else LEFT_LARGE
    return min(left, log10(built) - 0.25), max(2.45, log10(built) + LABEL_DECADES)


def _compared(results: Sequence[PublishedResult], points: float, names: bool) -> Trace:
    """The other networks; if `names`, each with its own where it has room on a chart of so many accuracy `points`."""
    named = _with_room(results, NAME_SHARE * points) if names else []
    return {
        "type": "scatter",
        "x": [result.macs_billions for result in results],
        "y": [result.top1 for result in results],
        "mode": "markers+text",
        "name": "compared with in the paper",
        "text": [result.model if result in named else "" for result in results],
        "textposition": "middle right",
        "textfont": {"color": COMPARED, "size": 11},
        "marker": {"color": COMPARED, "size": 9, "symbol": "diamond-open", "line": {"width": 2}},
        "customdata": [_hover(result) for result in results],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _with_room(results: Sequence[PublishedResult], height: float) -> list[PublishedResult]:
    """The results whose names, `height` points high, fit to the right of their dots, over no other dot or name."""
    named: list[PublishedResult] = []
    for result in sorted(results, key=lambda result: result.macs_billions or 0.0, reverse=True):
        others = [other for other in results if other is not result]
        if not any(_covers(result, other, height) for other in (*others, *named)):
            named.append(result)
    return named


def _covers(result: PublishedResult, other: PublishedResult, height: float) -> bool:
    """Whether the name of `result`, written to its right, would lie over the dot of `other`."""
    ahead = log10(other.macs_billions or 1.0) - log10(result.macs_billions or 1.0)
    return 0 <= ahead < NAME_DECADES and abs(result.top1 - other.top1) < height


def _published(results: Sequence[PublishedResult]) -> Trace:
    return {
        "type": "scatter",
        "x": [result.macs_billions for result in results],
        "y": [result.top1 for result in results],
        "mode": "lines+markers+text",
        "name": "EfficientNet-B0 to B7, published",
        "text": [result.model.removeprefix("EfficientNet-") for result in results],
        "textposition": "top left",
        "line": {"color": PUBLISHED, "width": 2},
        "marker": {"color": PUBLISHED, "size": 10},
        "customdata": [_hover(result) for result in results],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _hover(result: PublishedResult) -> str:
    return (
        f"{result.model}<br>{result.top1} % top-1 · {result.macs_billions:g} billion multiply-adds"
        f"<br>{result.params_millions:g} million parameters<br>{result.source}"
    )
