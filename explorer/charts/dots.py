"""Networks as dots over two axes, in series that have one colour and one symbol each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from explorer.formats import measures
from explorer.formats.colours import BASELINE, COMPOUND, DEPTH, RESOLUTION, WIDTH

HEIGHT = 460
TICKS = tuple(digit * 10.0**power for power in range(-2, 4) for digit in (1, 2, 5))
LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"}
MARGIN = {"l": 8, "r": 8, "t": 30, "b": 8}

MACS = f"{measures.MACS.scaled}<br>({measures.MACS.convention})"
PARAMS = measures.PARAMS.scaled
TOP1 = "ImageNet top-1 accuracy, %"

STYLES = {
    "baseline": (BASELINE, "x"),
    "depth": (DEPTH, "square"),
    "width": (WIDTH, "circle"),
    "resolution": (RESOLUTION, "diamond"),
    "compound": (COMPOUND, "star"),
}
"""Colour and symbol of each way of scaling, so that no chart relies on colour alone."""


@dataclass(frozen=True)
class Series:
    """Dots of one meaning: what each is called and where it is, in the units of the axes.

    `texts` are written beside the dots (empty: none); `dash` is a plotly dash of the line that joins them (empty:
    none); `symbol` is a plotly symbol (empty: a line without dots). `listed` is
    whether the legend names the series.
    """

    name: str
    colour: str
    names: tuple[str, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    texts: tuple[str, ...] = ()
    symbol: str = "circle"
    dash: str = ""
    place: str = "top center"
    listed: bool = True


def dots(
    series: Sequence[Series],
    x_title: str,
    y_title: str,
    *,
    logarithmic: bool = False,
    height: int = HEIGHT,
    legend: bool = True,
) -> go.Figure:
    """A scatter chart of `series`; `logarithmic` is for the horizontal axis, and said in its title."""
    figure = go.Figure([_trace(each, x_title, y_title) for each in series])
    figure.update_xaxes(title=f"{x_title}, log scale" if logarithmic else x_title, automargin=True)
    if logarithmic:
        figure.update_xaxes(type="log", tickvals=TICKS)
    figure.update_yaxes(title=y_title)
    figure.update_layout(height=height, margin=MARGIN, showlegend=legend, legend=LEGEND, hovermode="closest")
    return figure


def _trace(series: Series, x_title: str, y_title: str) -> go.Scatter:
    modes = (bool(series.dash) and "lines", bool(series.symbol) and "markers", bool(series.texts) and "text")
    return go.Scatter(
        x=series.x,
        y=series.y,
        name=series.name,
        mode="+".join(mode for mode in modes if mode),
        text=series.texts or None,
        textposition=series.place,
        textfont={"size": 11},
        showlegend=series.listed,
        customdata=series.names,
        line={"color": series.colour, "width": 2, "dash": series.dash or "solid"},
        marker={
            "color": series.colour,
            "size": 9,
            "symbol": series.symbol or "circle",
            "line": {"color": series.colour, "width": 2},
        },
        hovertemplate=f"%{{customdata}}<br>%{{x:.4g}} {_unit(x_title)}<br>%{{y:.4g}} {_unit(y_title)}<extra></extra>",
    )


def _unit(title: str) -> str:
    """An axis title without what it explains in brackets."""
    return title.replace("<br>", " ").partition(" (")[0]
