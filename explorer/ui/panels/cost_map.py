"""The cost of every network between two sliders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer import design_space
from explorer.built import Built
from explorer.charts.cost_map import cost_map
from explorer.quantities import engineering, exact

SLIDERS: Mapping[str, tuple[str, NDArray[Any]]] = {
    "depth": ("depth multiplier d", np.round(np.arange(0.2, 4.01, 0.02), 2)),
    "width": ("width multiplier w", np.round(np.arange(0.2, 4.01, 0.02), 2)),
    "pixels": ("input, pixels", np.arange(64, 641, 4)),
}
COSTS = {"macs": "multiply-adds", "params": "parameters", "activations": "activations"}


def render(built: Built) -> None:
    """Choose two sliders and a cost; the third stays where it is."""
    left, middle, right = st.columns(3)
    across = left.selectbox("Across", list(SLIDERS), index=0, format_func=lambda name: SLIDERS[name][0])
    rest = [name for name in SLIDERS if name != across]
    up = middle.selectbox("Up", rest, index=0, format_func=lambda name: SLIDERS[name][0])
    cost = right.selectbox("Cost", list(COSTS), format_func=COSTS.__getitem__)
    here = {
        "depth": built.multipliers.depth,
        "width": built.multipliers.width,
        "pixels": built.network.input_resolution,
    }
    columns, rows = SLIDERS[across][1], SLIDERS[up][1]
    settings: dict[str, Any] = {**here, across: columns[np.newaxis, :], up: rows[:, np.newaxis]}
    costs = design_space.costs(
        built.network.baseline, settings["depth"], settings["width"], settings["pixels"], built.rounding
    )
    values = getattr(costs, cost)
    titles = (SLIDERS[across][0], SLIDERS[up][0], COSTS[cost])
    alt = (
        f"A map of {COSTS[cost]}: from {engineering(int(values.min()))} to {engineering(int(values.max()))} "
        f"over {titles[0]} and {titles[1]}."
    )
    figure = cost_map(columns, rows, values, (here[across], here[up]), titles)
    st.plotly_chart(figure, key="map", config={"displayModeBar": False}, alt=alt)
    st.caption(
        f"{exact(values.size)} networks, each counted exactly; the third dimension stays as the sliders have it."
    )
