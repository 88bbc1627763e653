"""The network drawn, as the paper's towers or block by block, and the block that is opened."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from explorer.charts.blocks import block_at, block_by_block
from explorer.charts.drawing import towers
from explorer.cost import counting
from explorer.formats.measures import ACTIVATIONS, MACS, PARAMS
from explorer.formats.quantities import decimal
from explorer.network.description import Block, Stage
from explorer.network.layers import Layer
from explorer.planning.narrative import blocks_sentence, drawing_sentence
from explorer.settings.built import Built
from explorer.settings.declarations import ScaleView, options
from explorer.ui.shared import state
from explorer.ui.shared.figure import show
from explorer.ui.shared.state import bound

TITLES = {"towers": "Towers", "blocks": "Block by block"}
TOWERS = (
    "One box per layer, input at the bottom: as wide as its channels, as high as its resolution (square roots of both, "
    "one scale for the two networks; the numbers are the stages)."
)
BLOCKS = (
    "One bar per block from the input on; grey is what the baseline has. Resolution and channels are drawn as square "
    "roots; multiply-adds are not, so that the area of a bar is its cost."
)
ROLES = {
    "convolution": "Convolution: from all channels to all, at every place of the picture.",
    "expand": "Expand: a 1 × 1 convolution to more channels.",
    "reduce": "Reduce: a 1 × 1 convolution to fewer channels.",
    "depthwise": "Depthwise: one filter for each channel, which sees no other channel.",
    "squeeze": "Squeeze: from each channel's mean, a few numbers (squeeze-and-excitation).",
    "excite": "Excite: from these numbers, a weight for each channel.",
    "project": "Project: a 1 × 1 convolution to the block's output channels.",
    "shortcut": "Shortcut: brings the block's input to the shape of its output.",
    "linear": "Linear: from the averaged channels to the classes.",
}
"""What a layer does, by its role."""

OWN_TOWER = 1
"""Of the two towers, the network at the sliders."""


def render(built: Built, view: ScaleView) -> None:
    """The drawing that is chosen, with its choice; a click on a block opens it."""
    head = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    head.subheader("The network", width="content")
    head.segmented_control(
        "Drawing",
        options("drawing"),
        format_func=TITLES.__getitem__,
        **bound("drawing"),
        required=True,
        label_visibility="collapsed",
        width="content",
    )
    figure, said, words = _figure(built, view.drawing)
    show(figure, f"drawing_{view.drawing}", said, _layers(built), partial(_open_clicked, built, view.drawing))
    if state.presenting():
        return
    scaled = built.multipliers
    st.caption(
        f"{words} Depth ×{decimal(scaled.depth)}, width ×{decimal(scaled.width)}, resolution "
        f"×{decimal(scaled.resolution)}. Click a block to open it."
    )


def opened(built: Built, asked: int) -> None:
    """The choice of a block, and its layers with their shapes and costs; one that the network has not is said."""
    found = [(stage, place, block) for stage in built.network.stages for place, block in enumerate(stage.blocks, 1)]
    missing = not 0 <= asked <= len(found)
    if missing:
        st.session_state["block"] = 0
    chosen = st.selectbox(
        "Open a block",
        range(len(found) + 1),
        format_func=lambda number: "none" if number == 0 else _name(number, *found[number - 1][:2]),
        **bound("block"),
        help="What is inside it: a click on the drawing does the same.",
    )
    if missing:
        st.warning(
            f"Block {asked} cannot be opened: the last one of this network is block {len(found)}.",
            icon=":material/block:",
        )
    if chosen:
        _layer_table(found[chosen - 1][2])


def _figure(built: Built, chosen: str) -> tuple[go.Figure, str, str]:
    """The drawing, what it shows in words, and how it is read."""
    if chosen == "blocks":
        return block_by_block(built.network, built.baseline), blocks_sentence(built), BLOCKS
    pair = ((built.baseline.baseline.name, built.baseline), ("Your network", built.network))
    return towers(pair), drawing_sentence(built), TOWERS


def _open_clicked(built: Built, chosen: str) -> None:
    """Open the block that was clicked; a click on the baseline's opens none."""
    points = st.session_state[f"drawing_{chosen}"].selection.points
    if not points:
        return
    point = points[0]
    if chosen == "blocks":
        st.session_state["block"] = block_at(built.network, built.baseline, point["x"])
    else:
        st.session_state["block"] = point["point_index"] + 1 if point["curve_number"] == OWN_TOWER else 0


def _name(number: int, stage: Stage, place: int) -> str:
    return f"Block {number}: stage {stage.number}, {place} of {stage.depth}, {stage.operator}"


def _layer_table(block: Block) -> None:
    total = counting.of_block(block)
    rows = [_layer_row(layer) for layer in block.layers]
    count = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            **dict.fromkeys((PARAMS.column, MACS.column, ACTIVATIONS.column), count),
            "Layer": st.column_config.TextColumn(help=" ".join(_meanings(layer.role for layer in block.layers))),
        },
    )
    skip = "The input is added to the output" if block.shape.skip else "No input is added to the output"
    st.caption(
        f"Together {total.params:,} parameters, {total.macs:,} multiply-adds and {total.activations:,} activations. "
        f"{skip}. Named as in timm: {block.layers[0].name.rpartition('.')[0] or block.layers[0].name}."
    )


def _meanings(roles: Iterable[str]) -> list[str]:
    """What the layers of a block do, each role once."""
    return [ROLES[role] for role in dict.fromkeys(roles)]


def _layer_row(layer: Layer) -> dict[str, object]:
    spent = counting.of_layer(layer)
    grouped = f", {layer.groups} groups" if layer.groups > 1 else ""
    return {
        "Layer": layer.role,
        "Kernel": f"{layer.kernel} × {layer.kernel}, stride {layer.stride}{grouped}",
        "Channels": f"{layer.in_channels} → {layer.out_channels}",
        "Pixels": f"{layer.input_resolution} → {layer.output_resolution}",
        PARAMS.column: spent.params,
        MACS.column: spent.macs,
        ACTIVATIONS.column: spent.activations,
    }


def _layers(built: Built) -> list[dict[str, object]]:
    """The boxes of the drawing, as data."""
    return [
        {
            "network": title,
            "stage": stage.number,
            "operator": stage.operator,
            "layer": layer,
            "output channels": block.shape.out_channels,
            "output pixels": block.shape.output_resolution,
            MACS.label: counting.of_block(block).macs,
        }
        for title, network in ((built.baseline.baseline.name, built.baseline), ("your network", built.network))
        for stage in network.stages
        for layer, block in enumerate(stage.blocks, start=1)
    ]
