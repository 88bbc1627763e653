"""The network as in the paper's Figure 2: a tower of boxes, input at the bottom."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from explorer.cost import counting
from explorer.formats.colours import STAGES
from explorer.formats.quantities import counted, engineering, exact
from explorer.network.description import Block, Network, Stage

Trace = dict[str, object]

BLOCK_GAP = 0.8
STAGE_GAP = 4.0
HEIGHT = 400
NUMBER_PLACE = 1.12
"""Where the stage numbers stand, in half widths of the widest box."""
NUMBER_HEIGHT = 0.03
"""The share of the drawing's height that a stage number takes."""
COLUMN_GAP = 0.02


@dataclass(frozen=True)
class Box:
    """One layer of a tower; width, height and centre in the units of the drawing."""

    stage: Stage
    index: int
    centre: float

    @property
    def block(self) -> Block:
        """The block that the box stands for."""
        return self.stage.blocks[self.index]

    @property
    def width(self) -> float:
        """The root of the output channels."""
        return math.sqrt(self.block.shape.out_channels)

    @property
    def height(self) -> float:
        """The root of the output resolution."""
        return math.sqrt(self.block.shape.output_resolution)


def towers(networks: Sequence[tuple[str, Network]]) -> go.Figure:
    """Networks side by side on one scale: a box per layer, as wide as its channels, as high as its resolution.

    Both lengths are drawn as square roots, so that 16 channels stay visible beside 1280. The stage's number
    stands at its left.
    """
    drawn = [tuple(boxes(network)) for _, network in networks]
    half = max(box.width for tower in drawn for box in tower) / 2
    room = NUMBER_HEIGHT * max(tower[-1].centre for tower in drawn)
    layout = {
        "height": HEIGHT,
        "barmode": "overlay",
        "margin": {"l": 4, "r": 4, "t": 32, "b": 8, "autoexpand": False},
        "showlegend": False,
        "annotations": [_title(title, column, len(networks)) for column, (title, _) in enumerate(networks, start=1)],
        "yaxis": {"visible": False, "fixedrange": True},
    }
    for column in range(1, len(networks) + 1):
        layout[_axis(column, "xaxis")] = {
            "visible": False,
            "fixedrange": True,
            "range": [-half * (NUMBER_PLACE + 0.1), half * 1.02],
            "domain": _domain(column, len(networks)),
        }
    bars = [_bars(tower, column) for column, tower in enumerate(drawn, start=1)]
    numbers = [_stage_numbers(tower, column, half, room) for column, tower in enumerate(drawn, start=1)]
    return go.Figure([*bars, *numbers], layout)


def boxes(network: Network) -> Iterator[Box]:
    """The boxes of a tower from the input upward."""
    base = 0.0
    for stage in network.stages:
        for index, block in enumerate(stage.blocks):
            height = math.sqrt(block.shape.output_resolution)
            yield Box(stage, index, base + height / 2)
            base += height + BLOCK_GAP
        base += STAGE_GAP - BLOCK_GAP


def _bars(tower: Sequence[Box], column: int) -> Trace:
    return {
        "type": "bar",
        "x": [box.width for box in tower],
        "base": [-box.width / 2 for box in tower],
        "y": [box.centre for box in tower],
        "width": [box.height for box in tower],
        "orientation": "h",
        "marker": {"color": [STAGES[(box.stage.number - 1) % len(STAGES)] for box in tower], "line": {"width": 0}},
        "customdata": [_hover(box) for box in tower],
        "hovertemplate": "%{customdata}<extra></extra>",
        "xaxis": _axis(column, "x"),
    }


def _stage_numbers(tower: Sequence[Box], column: int, half: float, room: float) -> Trace:
    """The number of each stage at the middle of its boxes, where there is `room` above the number below it."""
    places: dict[str, float] = {}
    below = -room
    for stage in dict.fromkeys(box.stage for box in tower):
        centres = [box.centre for box in tower if box.stage is stage]
        middle = (centres[0] + centres[-1]) / 2
        if middle - below >= room:
            places[str(stage.number)] = below = middle
    return {
        "type": "scatter",
        "mode": "text",
        "x": [-half * NUMBER_PLACE] * len(places),
        "y": list(places.values()),
        "text": list(places),
        "hoverinfo": "skip",
        "cliponaxis": False,
        "xaxis": _axis(column, "x"),
    }


def _title(text: str, column: int, columns: int) -> dict[str, object]:
    middle = sum(_domain(column, columns)) / 2
    place = {"x": middle, "y": 1.0, "xref": "paper", "yref": "paper", "xanchor": "center", "yanchor": "bottom"}
    return {**place, "text": text, "font": {"size": 15}, "showarrow": False}


def _domain(column: int, columns: int) -> tuple[float, float]:
    """The share of the figure's width that a column has, with a gap at its right."""
    return (column - 1) / columns, column / columns - COLUMN_GAP


def _axis(column: int, name: str) -> str:
    return name if column == 1 else f"{name}{column}"


def _hover(box: Box) -> str:
    stage, shape, spent = box.stage, box.block.shape, counting.of_block(box.block)
    return (
        f"Stage {stage.number}, layer {box.index + 1} of {stage.depth}: {stage.operator}"
        f"<br>{exact(shape.in_channels)} → {counted(shape.out_channels, 'channel')}"
        f"<br>{shape.input_resolution} → {shape.output_resolution} px"
        f"<br>{engineering(spent.params)} parameters · {engineering(spent.macs)} multiply-adds"
    )
