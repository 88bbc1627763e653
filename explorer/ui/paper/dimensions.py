"""Figure 2: the three dimensions and their compound, drawn from networks that are really built."""

from __future__ import annotations

import math

import streamlit as st

from explorer.charts.drawing import towers
from explorer.cost import counting
from explorer.formats.measures import MACS
from explorer.formats.quantities import engineering, times
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import Network, scale
from explorer.network.scaling import Compound, input_resolution, multipliers
from explorer.ui.paper.parts import counts, says
from explorer.ui.paper.try_it import direct, formula
from explorer.ui.shared import figure

ROOT = math.sqrt(2)


def render() -> None:
    """Five networks on one scale: each doubles the promised cost of the first in its own way."""
    says(
        "A network can be made deeper (more layers in each stage), wider (more channels in each layer) or be given "
        "larger images. Compound scaling does all three at once (Figure 2)."
    )
    drawn = _networks()
    base = counting.of(drawn["B0"]).macs
    rows: list[dict[str, object]] = [
        {
            "network": name,
            "blocks": network.block_count,
            "channels of the last stage": network.stages[-1].channels,
            "input, pixels": network.input_resolution,
            MACS.label: counting.of(network).macs,
            "× B0": round(counting.of(network).macs / base, 3),
        }
        for name, network in drawn.items()
    ]
    listed = ", ".join(
        f"{name}: {engineering(counting.of(network).macs)} ({times(counting.of(network).macs / base)})"
        for name, network in drawn.items()
    )
    alt = f"Five towers of boxes, one for each layer, input at the bottom. Multiply-adds: {listed}."
    figure.show(towers(tuple(drawn.items())), "paper_dimensions", alt, rows)
    st.caption(
        "One box per layer: as wide as its channels, as high as its resolution (square roots of both), on one scale. "
        "Unlike the paper's sketch these are real networks; point at a box for its shape."
    )
    counts(f"Each of the four promises about twice B0's multiply-adds. Built: {listed}.")
    left, middle, right, last = st.columns(4)
    with left:
        direct("d = 2", 2.0, 1.0, 224)
    with middle:
        direct("w = √2", 1.0, round(ROOT, 4), 224)
    with right:
        direct("r = √2", 1.0, 1.0, input_resolution(224, ROOT))
    with last:
        formula("φ = 1", 1.0)


def _networks() -> dict[str, Network]:
    own = multipliers(Compound(1.0))
    pixels = EFFICIENTNET.input_resolution
    return {
        "B0": scale(EFFICIENTNET, 1.0, 1.0, pixels),
        "d = 2": scale(EFFICIENTNET, 2.0, 1.0, pixels),
        "w = √2": scale(EFFICIENTNET, 1.0, ROOT, pixels),
        "r = √2": scale(EFFICIENTNET, 1.0, 1.0, input_resolution(pixels, ROOT)),
        "φ = 1": scale(EFFICIENTNET, own.depth, own.width, input_resolution(pixels, own.resolution)),
    }
