"""A chart to be read from the last row: larger type, dots and lines."""

from __future__ import annotations

import plotly.graph_objects as go
from plotly.basedatatypes import BasePlotlyType

FACTOR = 1.4
DEFAULT_SIZE, DEFAULT_HEIGHT = 12, 450
"""What plotly takes where a chart does not say: pixels of its type, and of its height."""


def enlarge(figure: go.Figure, colour: str) -> None:
    """Enlarge all type of `figure`, its dots, its height and margins with them; what has no colour of its own gets one.

    Args:
        figure: the chart, changed in place.
        colour: of the type, as CSS writes it: the strongest contrast to the page.
    """
    layout = figure.layout
    type_ = {"size": _larger(layout.font.size, DEFAULT_SIZE), "color": colour}
    layout.font.update(type_)
    layout.height = _larger(layout.height, DEFAULT_HEIGHT)
    layout.margin = {side: _larger(layout.margin[side], 0) for side in "ltrb" if layout.margin[side] is not None}
    layout.legend.font = type_
    for axis in (*figure.select_xaxes(), *figure.select_yaxes()):
        axis.tickfont = type_
        axis.title.font = type_
    for each in layout.annotations:
        _enlarge(each.font)
    for trace in figure.data:
        for part in ("textfont", "marker"):
            _enlarge(getattr(trace, part, None))


def _enlarge(thing: BasePlotlyType | None) -> None:
    """Enlarge what has one size; dots of which each has its own keep them: they say something."""
    if thing is not None and "size" in thing and isinstance(thing["size"], (int, float)):
        thing["size"] = _larger(thing["size"], 0)


def _larger(size: float | None, default: float) -> float:
    return round((size or default) * FACTOR)
