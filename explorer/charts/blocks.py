"""The network block by block: resolution, channels and cost of each, over those of its baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import sqrt

import plotly.graph_objects as go

from explorer.cost import counting
from explorer.formats.colours import BASELINE, DEPTH, RESOLUTION, WIDTH, YOURS
from explorer.formats.measures import MACS, MILLION
from explorer.formats.quantities import counted, engineering, exact
from explorer.network.description import Block, Network

Trace = dict[str, object]

HEIGHT = 416
STAGE_GAP = 1
GHOST_WIDTH, BAR_WIDTH = 0.96, 0.7
GHOST_OPACITY = 0.3
PIXEL_TICKS = (16, 64, 144, 256, 512)
CHANNEL_TICKS = (16, 256, 1024, 4096)
PATTERN = {"size": 5, "solidity": 0.35, "fillmode": "overlay", "fgcolor": "rgba(255,255,255,0.75)"}
ADDED_BLOCK = (DEPTH, "/")


@dataclass(frozen=True)
class Slot:
    """One place of the chart: a block of the network, numbered from 1, over the baseline's at the same place.

    Either may be missing: a block that depth has added or taken away; the number is then 0.
    """

    x: int
    stage: int
    number: int
    block: Block | None
    before: Block | None


@dataclass(frozen=True)
class BlockRow:
    """One measure of a block, the colour and the pattern of what has been added to it, and where its axis stands."""

    title: str
    value: Callable[[Block], float]
    added: tuple[str, str]
    domain: tuple[float, float]
    ticks: tuple[int, ...] = ()


ROWS = (
    BlockRow("pixels", lambda block: sqrt(block.shape.output_resolution), (RESOLUTION, "."), (0.72, 1.0), PIXEL_TICKS),
    BlockRow("channels", lambda block: sqrt(block.shape.out_channels), (WIDTH, "\\"), (0.38, 0.66), CHANNEL_TICKS),
    BlockRow(f"M {MACS.label}", lambda block: counting.of_block(block).macs / MILLION, (YOURS, ""), (0.0, 0.32)),
)
LEGEND = (
    ("baseline", (BASELINE, "")),
    ("+ resolution", ROWS[0].added),
    ("+ width", ROWS[1].added),
    ("+ depth", ADDED_BLOCK),
    ("+ cost", ROWS[2].added),
)


def block_by_block(network: Network, baseline: Network) -> go.Figure:
    """Three rows of bars, one bar for each block from the input on: output resolution, output channels, multiply-adds.

    What the baseline has is grey, also where the network has less; what each dimension adds has its colour and its
    pattern. Resolution and channels are drawn as square roots, as in the towers; multiply-adds are not, so that the
    area of a bar is its cost.
    """
    found = slots(network, baseline)
    bars = [trace for place, row in enumerate(ROWS, start=1) for trace in _traces(row, found, place)]
    layout = {
        "height": HEIGHT,
        "barmode": "overlay",
        "bargap": 0,
        "margin": {"l": 8, "r": 4, "t": 8, "b": 8},
        "legend": {"orientation": "h", "y": -0.18, "yanchor": "top", "itemclick": False, "itemdoubleclick": False},
        "xaxis": _stages(found),
    }
    layout |= {_axis("yaxis", place): _scale(row) for place, row in enumerate(ROWS, start=1)}
    return go.Figure([*bars, *(_entry(name, look) for name, look in LEGEND)], layout)


def slots(network: Network, baseline: Network) -> tuple[Slot, ...]:
    """The places of the chart from the input on: in each stage as many as the deeper of the two has blocks."""
    found: list[Slot] = []
    x, number = 0, 0
    for stage, before in zip(network.stages, baseline.stages, strict=True):
        for block, old in zip_longest(stage.blocks, before.blocks):
            number += block is not None
            found.append(Slot(x, stage.number, 0 if block is None else number, block, old))
            x += 1
        x += STAGE_GAP
    return tuple(found)


def block_at(network: Network, baseline: Network, x: float) -> int:
    """The number of the network's block at a place of the chart; 0 where it has none there."""
    return next((slot.number for slot in slots(network, baseline) if slot.x == round(x)), 0)


def _traces(row: BlockRow, found: Sequence[Slot], place: int) -> Iterator[Trace]:
    """The baseline behind, then what the network keeps of it and what is added to it."""
    shared = {"yaxis": _axis("y", place), "showlegend": False, "hovertemplate": "%{customdata}<extra></extra>"}
    ghosts = [(slot, row.value(slot.before)) for slot in found if slot.before is not None]
    yield dict(
        type="bar",
        x=[slot.x for slot, _ in ghosts],
        y=[_short(value) for _, value in ghosts],
        width=GHOST_WIDTH,
        marker={"color": BASELINE, "opacity": GHOST_OPACITY},
        customdata=[_hover(slot) for slot, _ in ghosts],
        **shared,
    )
    parts = [part for slot in found for part in _parts(row, slot)]
    yield dict(
        type="bar",
        x=[slot.x for slot, *_ in parts],
        base=[_short(start) for _, start, _, _ in parts],
        y=[_short(end - start) for _, start, end, _ in parts],
        width=BAR_WIDTH,
        marker={
            "color": [look[0] for *_, look in parts],
            "pattern": {**PATTERN, "shape": [look[1] for *_, look in parts]},
        },
        customdata=[_hover(slot) for slot, *_ in parts],
        **shared,
    )


def _parts(row: BlockRow, slot: Slot) -> Iterator[tuple[Slot, float, float, tuple[str, str]]]:
    """The pieces of a bar: where each starts and ends, its colour and its pattern."""
    if slot.block is None:
        return
    value = row.value(slot.block)
    if slot.before is None:
        yield slot, 0.0, value, ADDED_BLOCK
        return
    kept = min(value, row.value(slot.before))
    yield slot, 0.0, kept, (BASELINE, "")
    if value > kept:
        yield slot, kept, value, row.added


def _entry(name: str, look: tuple[str, str]) -> Trace:
    """A line of the legend, which no bar of its own stands for."""
    colour, pattern = look
    marker = {"color": colour, "pattern": {**PATTERN, "shape": pattern}}
    return {"type": "bar", "x": [None], "y": [None], "name": name, "marker": marker, "hoverinfo": "skip"}


def _stages(found: Sequence[Slot]) -> dict[str, object]:
    """The axis below all rows, with each stage's number under the middle of its bars."""
    places = {stage: [slot.x for slot in found if slot.stage == stage] for stage in {slot.stage for slot in found}}
    return {
        "title": "stage, one bar for each block",
        "tickvals": [sum(bars) / len(bars) for bars in places.values()],
        "ticktext": [str(stage) for stage in places],
        "anchor": "y3",
        "fixedrange": True,
        "showgrid": False,
    }


def _scale(row: BlockRow) -> dict[str, object]:
    axis: dict[str, object] = {"title": row.title, "domain": row.domain, "fixedrange": True, "rangemode": "tozero"}
    if row.ticks:
        axis |= {"tickvals": [sqrt(tick) for tick in row.ticks], "ticktext": [str(tick) for tick in row.ticks]}
    return axis


def _axis(name: str, place: int) -> str:
    return name if place == 1 else f"{name}{place}"


def _short(value: float) -> float:
    """No more digits than can be seen: all of them are sent to the browser at every move of a slider."""
    return round(value, 3)


def _hover(slot: Slot) -> str:
    mine = f"Stage {slot.stage}: a block that only the baseline has" if slot.block is None else _shape(slot)
    if slot.before is None:
        return f"{mine}<br>added by depth"
    shape = slot.before.shape
    return f"{mine}<br>baseline: {counted(shape.out_channels, 'channel')}, {shape.output_resolution} px"


def _shape(slot: Slot) -> str:
    """What the block of a slot turns into what, and what it costs."""
    if slot.block is None:
        return ""
    shape, spent = slot.block.shape, counting.of_block(slot.block)
    return (
        f"Stage {slot.stage}, block {slot.number}: {shape.kernel} × {shape.kernel}, stride {shape.stride}, "
        f"expansion {shape.expansion}"
        f"<br>{exact(shape.in_channels)} → {counted(shape.out_channels, 'channel')}, {shape.input_resolution} → "
        f"{shape.output_resolution} px"
        f"<br>{engineering(spent.params)} parameters · {engineering(spent.macs)} multiply-adds · "
        f"{engineering(spent.activations)} activations"
    )
