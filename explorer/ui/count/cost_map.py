"""The cost of every network between two sliders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.charts.cost_map import cost_map
from explorer.cost import design_space
from explorer.formats.measures import COUNTED
from explorer.formats.quantities import counted, engineering
from explorer.network.scaling import COEFFICIENT, PHI
from explorer.settings.built import Built
from explorer.settings.declarations import CountView, options
from explorer.ui.shared.figure import show
from explorer.ui.shared.state import bound
from explorer.ui.streamlit_internals import DeltaGenerator


@dataclass(frozen=True, eq=False)
class SliderAxis:
    """A slider as an axis of the map."""

    title: str
    values: NDArray[Any]


COMPOUND: Mapping[str, SliderAxis] = {
    "phi": SliderAxis("φ", np.round(np.arange(PHI.lowest, PHI.highest + 0.01, 0.05), 2)),
    "alpha": SliderAxis("α: depth", np.round(np.arange(1.0, COEFFICIENT.highest, 0.01), 2)),
    "beta": SliderAxis("β: width", np.round(np.arange(1.0, COEFFICIENT.highest, 0.01), 2)),
    "gamma": SliderAxis("γ: resolution", np.round(np.arange(1.0, COEFFICIENT.highest, 0.01), 2)),
}
DIRECT: Mapping[str, SliderAxis] = {
    "depth": SliderAxis("depth multiplier d", np.round(np.arange(0.2, 4.01, 0.02), 2)),
    "width": SliderAxis("width multiplier w", np.round(np.arange(0.2, 4.01, 0.02), 2)),
    "pixels": SliderAxis("input, pixels", np.arange(64, 641, 4)),
}


def render(built: Built, view: CountView) -> None:
    """Choose two sliders and a cost; the others stay where they are."""
    axes = COMPOUND if built.compound else DIRECT
    left, middle, right = st.columns(3)
    across = _axis(left, "map_across", view.map_across, "Across", axes)
    up = _axis(middle, "map_up", view.map_up, "Up", {name: axis for name, axis in axes.items() if name != across})
    cost = right.selectbox("Cost", options("map_cost"), format_func=lambda key: COUNTED[key].label, **bound("map_cost"))
    columns, rows = axes[across].values, axes[up].values
    here = _here(built)
    costs, allowed = _costs(built, {**here, across: columns[np.newaxis, :], up: rows[:, np.newaxis]})
    values = getattr(costs, cost)
    titles = (axes[across].title, axes[up].title, COUNTED[cost].label)
    inside = values[allowed]
    alt = (
        f"A map of {COUNTED[cost].label}: from {engineering(int(inside.min()))} to {engineering(int(inside.max()))} "
        f"over {titles[0]} and {titles[1]}."
    )
    figure = cost_map(columns, rows, np.where(allowed, values, np.nan), (here[across], here[up]), titles)
    cells = [
        {titles[0]: float(column), titles[1]: float(row), titles[2]: int(values[up_place, place])}
        for up_place, row in enumerate(rows)
        for place, column in enumerate(columns)
        if allowed[up_place, place]
    ]
    show(figure, "cost_map", alt, cells)
    st.caption(
        f"{counted(int(inside.size), 'network')}, each counted exactly; the other sliders stay where they are. "
        "Blank: outside the limits of the explorer."
    )


def _axis(column: DeltaGenerator, name: str, asked: str, label: str, axes: Mapping[str, SliderAxis]) -> str:
    """The slider that is chosen for a side of the map; one that does not scale now becomes the first that does."""
    if asked not in axes:
        st.session_state[name] = next(iter(axes))
    chosen: str = column.selectbox(label, list(axes), format_func=lambda key: axes[key].title, **bound(name))
    return chosen


def _here(built: Built) -> dict[str, Any]:
    if built.compound:
        compound = built.compound
        return {"phi": compound.phi, "alpha": compound.alpha, "beta": compound.beta, "gamma": compound.gamma}
    scaled = built.multipliers
    return {"depth": scaled.depth, "width": scaled.width, "pixels": built.network.input_resolution}


def _costs(built: Built, now: dict[str, Any]) -> tuple[design_space.Costs, NDArray[np.bool_]]:
    """The costs of arrays of settings, and which of them are inside the explorer's limits."""
    baseline = built.network.baseline
    if built.compound:
        designs = design_space.of_compound(
            baseline, now["phi"], now["alpha"], now["beta"], now["gamma"], built.rounding
        )
        return designs.costs, designs.allowed
    costs = design_space.costs(baseline, now["depth"], now["width"], now["pixels"], built.rounding)
    return costs, np.ones(costs.macs.shape, np.bool_)
