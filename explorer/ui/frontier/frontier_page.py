"""The page that sets accuracy against every cost, and answers which network to take."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from explorer.settings.built import Built
from explorer.settings.declarations import FrontierView, options
from explorer.ui.frontier import chart, chooser
from explorer.ui.shared.page_input import PageInput
from explorer.ui.shared.state import bound

PARTS: Mapping[str, tuple[str, Callable[[Built, FrontierView], None]]] = {
    "chart": ("Chart", chart.render),
    "chooser": ("Which one should I take?", lambda *_: chooser.render()),
}


def render(shown: PageInput) -> None:
    """The chart of everything published, or the chooser."""
    st.title("What does accuracy cost?")
    st.segmented_control(
        "Part of the page",
        options("part"),
        format_func=lambda name: PARTS[name][0],
        **bound("part"),
        required=True,
        label_visibility="collapsed",
    )
    built = shown.built_or_said()
    if built is not None:
        PARTS[shown.settings.frontier.part][1](built, shown.settings.frontier)
