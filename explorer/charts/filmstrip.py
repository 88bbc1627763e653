"""How sure the same weights are of a class as the input resolution changes."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from explorer.formats.colours import COMPARED, PUBLISHED, YOURS
from explorer.formats.quantities import duration, percent
from explorer.vision.filmstrip import Frame

HEIGHT = 320


def by_resolution(frames: Sequence[Frame], label: str, evaluated: int, yours: int) -> go.Figure:
    """Probability of `label` over the input resolution; lines mark where the weights were evaluated, and yours."""
    figure = go.Figure(
        go.Scatter(
            x=[frame.input_resolution for frame in frames],
            y=[frame.probability * 100 for frame in frames],
            mode="lines+markers",
            line={"color": PUBLISHED, "width": 2},
            marker={"size": 9},
            customdata=[
                f"{frame.input_resolution} px: “{label}” {percent(frame.probability)}"
                f"<br>first answer “{frame.first.label}”<br>{duration(frame.latency.median_ms)}"
                for frame in frames
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    _mark(figure, evaluated, COMPARED, "the weights' own", "right" if yours > evaluated else "left")
    if yours != evaluated:
        _mark(figure, yours, YOURS, "this network's", "left" if yours > evaluated else "right")
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
        xaxis={"title": "input resolution, pixels a side"},
        yaxis={"title": f"probability of “{label}”, %", "range": [0, 104]},
        showlegend=False,
    )
    return figure


def _mark(figure: go.Figure, pixels: int, colour: str, words: str, anchor: str) -> None:
    figure.add_vline(x=pixels, line={"color": colour, "width": 2, "dash": "dot"})
    figure.add_annotation(
        x=pixels,
        y=1.0,
        yref="paper",
        yanchor="bottom",
        xanchor=anchor,
        text=f"{words}: {pixels} px",
        font={"color": colour},
        showarrow=False,
    )
