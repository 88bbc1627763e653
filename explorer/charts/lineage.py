"""The family tree of grown weights: the ancestor, and in the grown network what was copied and what was added."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from explorer.charts.drawing import Box, boxes, towers
from explorer.formats.colours import STAGES
from explorer.network.description import Network

COPIED, ADDED = "/", "x"
"""Patterns of channels that copy others, and of layers that begin as the identity."""

KEYS = (("carried over", ""), ("copied channels", COPIED), ("added layers", ADDED))


def family_tree(ancestor: tuple[str, Network], grown: tuple[str, Network]) -> go.Figure:
    """Two towers on one scale; in the grown one, solid is carried over, hatched is copied, crossed is added."""
    figure = towers((ancestor, grown))
    tower = tuple(boxes(grown[1]))
    depths = {stage.number: stage.depth for stage in ancestor[1].stages}
    channels = {stage.number: stage.channels for stage in ancestor[1].stages}
    added = [box.index >= depths[box.stage.number] for box in tower]
    wider = [channels[box.stage.number] < box.stage.channels for box in tower]
    shapes = [ADDED if new else COPIED if wide else "" for new, wide in zip(added, wider, strict=True)]
    figure.data[1].marker.pattern = {"shape": shapes, "size": 5, "solidity": 0.5}
    kept = [box for box, new, wide in zip(tower, added, wider, strict=True) if wide and not new]
    figure.update_traces(showlegend=False)
    figure.add_trace(_kept(kept, channels))
    figure.add_traces([_key(words, shape) for words, shape in KEYS])
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": -0.02, "yanchor": "top", "x": 0})
    return figure


def _kept(kept: Sequence[Box], channels: dict[int, int]) -> go.Bar:
    """The ancestor's own channels inside the wider boxes."""
    widths = [channels[box.stage.number] ** 0.5 for box in kept]
    return go.Bar(
        x=widths,
        base=[-width / 2 for width in widths],
        y=[box.centre for box in kept],
        width=[box.height for box in kept],
        orientation="h",
        marker={"color": [STAGES[(box.stage.number - 1) % len(STAGES)] for box in kept], "line": {"width": 0}},
        hoverinfo="skip",
        showlegend=False,
        xaxis="x2",
    )


def _key(words: str, shape: str) -> go.Bar:
    """An entry of the legend."""
    return go.Bar(
        x=[None], y=[None], orientation="h", name=words, marker={"color": STAGES[3], "pattern": {"shape": shape}}
    )
