"""What surrounds every page: its state in the link, the sidebar, and what the link could not show."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer.ui import sidebar, state, workers


def show(title: str, draw: Callable[[], None]) -> None:
    """Draw the page called `title` in its frame."""
    state.open_link(title)
    with st.sidebar:
        sidebar.render()
    state.show_notices()
    draw()
    state.write_link(title)
    workers.service()  # only now, so that loading torch does not keep the first visitor's page waiting
