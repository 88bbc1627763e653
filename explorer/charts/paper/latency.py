"""Table 4 as a chart: time against multiply-adds, machine by machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from explorer.charts.dots import MACS, Series, dots
from explorer.formats.colours import COMPARED, YOURS
from explorer.teaching.paper.latency import PAPER_MACHINE, THIS_MACHINE, TIMM_MACHINE

STYLES = {
    PAPER_MACHINE: (COMPARED, "diamond", "solid"),
    TIMM_MACHINE: (COMPARED, "square-open", "dash"),
    THIS_MACHINE: (YOURS, "circle", "solid"),
}


def times(given: Mapping[str, Sequence[tuple[str, float, float]]]) -> go.Figure:
    """Milliseconds for one image over multiply-adds, both on logarithmic scales; one line for each machine."""
    series = []
    for machine, points in given.items():
        colour, symbol, dash = STYLES[machine]
        names, macs, milliseconds = (tuple(column) for column in zip(*points, strict=True))
        texts = names if machine == PAPER_MACHINE else ()
        series.append(Series(machine, colour, names, macs, milliseconds, texts, symbol, dash, "top left"))
    figure = dots(series, MACS, "milliseconds for one image (log scale)", logarithmic=True, height=380)
    figure.update_yaxes(type="log", tickvals=[5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000])
    return figure
