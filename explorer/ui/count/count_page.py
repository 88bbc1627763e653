"""The page that counts one network in every way: what it costs, why, and whether another one would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from explorer.planning.narrative import headline
from explorer.settings.built import Built
from explorer.settings.declarations import options
from explorer.ui.count import budget, conventions, cost_map, equal_cost, memory, rounding_gap, speed
from explorer.ui.shared.building import built_here

PANELS: Mapping[str, tuple[str, Callable[[Built], None]]] = {
    "conventions": ("FLOPs by name", conventions.render),
    "promise": ("Promise", rounding_gap.render),
    "memory": ("Memory", memory.render),
    "speed": ("Speed", speed.render),
    "twins": ("Same cost", equal_cost.render),
    "budget": ("Budget", budget.render),
    "map": ("Map", cost_map.render),
}


def render() -> None:
    """The chosen panel for the network at the sliders."""
    st.title("What does it cost?")
    built = built_here()
    if built is None:
        return
    st.markdown(f"**{headline(built)}**")
    st.segmented_control(
        "Question", options("panel"), format_func=lambda name: PANELS[name][0], key="panel", required=True
    )
    PANELS[st.session_state["panel"]][1](built)
