"""The page that counts one network in every way: what it costs, why, and whether another one would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from explorer.planning.narrative import headline
from explorer.settings.built import Built
from explorer.settings.declarations import Settings, options
from explorer.ui.count import budget, conventions, cost_map, equal_cost, memory, rounding_gap, speed
from explorer.ui.shared.page_input import PageInput
from explorer.ui.shared.state import bound

PANELS: Mapping[str, tuple[str, Callable[[Built, Settings], None]]] = {
    "conventions": ("FLOPs by name", lambda built, _: conventions.render(built)),
    "promise": ("Promise", lambda built, now: rounding_gap.render(built, now.architecture.compound)),
    "memory": ("Memory", lambda built, _: memory.render(built)),
    "speed": ("Speed", lambda built, _: speed.render(built)),
    "twins": ("Same cost", lambda built, now: equal_cost.render(built, now.architecture.compound)),
    "budget": ("Budget", lambda built, now: budget.render(built, now.architecture.compound)),
    "map": ("Map", lambda built, now: cost_map.render(built, now.count)),
}
"""By the options of `panel`: the title, and what draws it from what was built and the settings."""


def render(shown: PageInput) -> None:
    """The chosen panel for the network at the sliders."""
    st.title("What does it cost?")
    built = shown.built_or_said()
    if built is None:
        return
    st.markdown(f"**{headline(built)}**")
    st.segmented_control(
        "Question", options("panel"), format_func=lambda name: PANELS[name][0], **bound("panel"), required=True
    )
    PANELS[shown.settings.count.panel][1](built, shown.settings)
