"""How the built cost follows a slider: in steps, beside the smooth promise."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from explorer.formats.colours import COMPARED, PUBLISHED, YOURS
from explorer.formats.measures import MACS

Values = NDArray[np.float64]

HEIGHT = 380
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
UNITS = {"φ": "φ", "depth": "depth multiplier d", "width": "width multiplier w", "resolution": "input, pixels"}


def staircase(
    values: Values,
    built: Values,
    promised: Values,
    here: tuple[float, float],
    along: str,
) -> go.Figure:
    """Multiply-adds relative to the baseline's along the slider `along`; `here` is the network at the sliders."""
    figure = go.Figure(
        [
            go.Scatter(x=values, y=promised, mode="lines", name="promised", line={"color": COMPARED, "dash": "dash"}),
            go.Scatter(x=values, y=built, mode="lines", name="built", line={"color": PUBLISHED, "shape": "hv"}),
            go.Scatter(
                x=[here[0]],
                y=[here[1]],
                mode="markers",
                name="your network",
                marker={"color": YOURS, "size": 13, "symbol": "diamond"},
            ),
        ]
    )
    figure.update_traces(hovertemplate="%{x}: ×%{y:.3g}")
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        xaxis={"title": UNITS[along]},
        yaxis={"title": f"{MACS.label}, × the baseline's (log)", "type": "log", "tickvals": TICKS},
    )
    return figure
