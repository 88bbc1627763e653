"""Cost over two sliders at once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from explorer.formats.colours import YOURS
from explorer.formats.quantities import engineering

HEIGHT = 520
ROUND_COSTS = tuple(digit * 10**power for power in range(3, 14) for digit in (1, 2, 5))


def cost_map(
    across: NDArray[Any],
    up: NDArray[Any],
    cost: NDArray[np.float64],
    here: tuple[float, float],
    titles: tuple[str, str, str],
) -> go.Figure:
    """A heat map of `cost` (rows: `up`, columns: `across`) on a logarithmic scale; NaN is left blank.

    `here` is the network at the sliders; `titles` name the horizontal axis, the vertical axis and the cost.
    """
    logs = np.log10(cost)
    ticks = [value for value in ROUND_COSTS if np.nanmin(cost) <= value <= np.nanmax(cost)]
    figure = go.Figure(
        [
            go.Heatmap(
                x=across,
                y=up,
                z=logs,
                colorscale="Cividis",
                customdata=cost,
                hovertemplate="%{x} · %{y}: %{customdata:,}<extra></extra>",
                colorbar={
                    "title": {"text": titles[2], "side": "top"},
                    "tickvals": [math.log10(tick) for tick in ticks],
                    "ticktext": [engineering(tick) for tick in ticks],
                },
            ),
            go.Scatter(
                x=[here[0]],
                y=[here[1]],
                mode="markers",
                marker={"color": YOURS, "size": 14, "symbol": "diamond", "line": {"color": "white", "width": 2}},
                hovertemplate="your network<extra></extra>",
            ),
        ]
    )
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        xaxis={"title": titles[0]},
        yaxis={"title": titles[1]},
        showlegend=False,
    )
    return figure
