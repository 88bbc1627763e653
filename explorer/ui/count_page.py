"""The page that counts one network in every way: what it costs, why, and whether another one would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from explorer.built import Built, build
from explorer.narrative import headline
from explorer.scaling import ScalingError
from explorer.settings import options
from explorer.ui import state
from explorer.ui.panels import budget, conventions, cost_map, memory, promise, speed, twins
from explorer.ui.plain import plain

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
    try:
        built = build(state.current())
    except ScalingError as error:
        st.error(f"No network can be built from these settings. {plain(str(error))}", icon=":material/block:")
        return
    st.markdown(f"**{headline(built)}**")
    st.segmented_control(
        "Question", options("panel"), format_func=lambda name: PANELS[name][0], key="panel", required=True
    )
    PANELS[st.session_state["panel"]][1](built)
