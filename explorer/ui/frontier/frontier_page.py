"""The page that sets accuracy against every cost, and answers which network to take."""

from __future__ import annotations

import streamlit as st

from explorer.settings.declarations import options
from explorer.ui.frontier import chart, chooser
from explorer.ui.shared.building import built_here

PARTS = {"chart": ("Chart", chart.render), "chooser": ("Which one should I take?", chooser.render)}


def render() -> None:
    """The chart of everything published, or the chooser."""
    st.title("What does accuracy cost?")
    st.segmented_control(
        "Part of the page",
        options("part"),
        format_func=lambda name: PARTS[name][0],
        key="part",
        required=True,
        label_visibility="collapsed",
    )
    built = built_here()
    if built is not None:
        PARTS[st.session_state["part"]][1](built)
