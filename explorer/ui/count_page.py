"""The page that counts one network in every way: what it costs, why, and whether another one would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from explorer.built import Built
from explorer.narrative import headline
from explorer.settings import options
from explorer.ui.building import built_here
from explorer.ui.panels import budget, conventions, cost_map, memory, promise, speed, twins

PANELS: Mapping[str, tuple[str, Callable[[Built], None]]] = {
    "conventions": ("FLOPs by name", conventions.render),
    "promise": ("Promise", promise.render),
    "memory": ("Memory", memory.render),
    "speed": ("Speed", speed.render),
    "twins": ("Same cost", twins.render),
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
