"""The network as in the paper's Figure 2: a tower of boxes, input at the bottom."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer import cost
from explorer.colours import STAGES
from explorer.network import Network, Stage
from explorer.quantities import engineering

BLOCK_GAP = 0.8
STAGE_GAP = 4.0
HEIGHT = 500
MARGIN = 1.12
"""Where the stage numbers stand, in half widths of the widest box."""


def towers(networks: Sequence[tuple[str, Network]]) -> go.Figure:
    """Networks side by side on one scale: a box per layer, as wide as its channels, as high as its resolution.

    Both lengths are drawn as square roots, so that 16 channels stay visible beside 1280. The stage's number
    stands at its left.
    """
    figure = make_subplots(
        cols=len(networks), shared_yaxes=True, horizontal_spacing=0.02, subplot_titles=[title for title, _ in networks]
    )
    half = max(_length(stage.channels) for _, network in networks for stage in network.stages) / 2
    for column, (_, network) in enumerate(networks, start=1):
        base = 0.0
        for stage, colour in zip(network.stages, STAGES, strict=True):
            trace, top = _boxes(stage, colour, base)
            figure.add_trace(trace, row=1, col=column)
            number = {"x": -half * MARGIN, "y": (base + top) / 2, "text": str(stage.number), "showarrow": False}
            figure.add_annotation(**number, row=1, col=column)
            base = top + STAGE_GAP
    figure.update_xaxes(visible=False, range=[-half * (MARGIN + 0.1), half * 1.02], fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True)
    figure.update_layout(
        height=HEIGHT,
        barmode="overlay",
        margin={"l": 4, "r": 4, "t": 32, "b": 8},
        showlegend=False,
    )
    return figure


def _length(quantity: int) -> float:
    return math.sqrt(quantity)


def _boxes(stage: Stage, colour: str, base: float) -> tuple[go.Bar, float]:
    """The boxes of a stage from `base` upward, and where they end."""
    centres, heights = [], []
    for block in stage.blocks:
        height = _length(block.shape.output_resolution)
        centres.append(base + height / 2)
        heights.append(height)
        base += height + BLOCK_GAP
    widths = [_length(block.shape.out_channels) for block in stage.blocks]
    trace = go.Bar(
        x=widths,
        y=centres,
        base=[-width / 2 for width in widths],
        width=heights,
        orientation="h",
        marker={"color": colour, "line": {"width": 0}},
        name=f"stage {stage.number}",
        customdata=[_hover(stage, index) for index in range(stage.depth)],
        hovertemplate="%{customdata}<extra></extra>",
    )
    return trace, base - BLOCK_GAP


def _hover(stage: Stage, index: int) -> str:
    block = stage.blocks[index]
    shape, spent = block.shape, cost.of_block(block)
    return (
        f"Stage {stage.number}, layer {index + 1} of {stage.depth}: {stage.operator}"
        f"<br>{shape.in_channels} → {shape.out_channels} channels"
        f"<br>{shape.input_resolution} → {shape.output_resolution} px"
        f"<br>{engineering(spent.params)} parameters · {engineering(spent.macs)} multiply-adds"
    )
