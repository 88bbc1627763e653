"""What surrounds every page: its state in the link, the sidebar, and what the link could not show."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import perf_counter

import streamlit as st

from explorer.ui import share, sidebar, state, workers

log = logging.getLogger(__name__)


def show(title: str, draw: Callable[[], None]) -> None:
    """Draw the page called `title` in its frame."""
    begun = perf_counter()
    state.open_link(title)
    with st.sidebar:
        sidebar.render()
    state.show_notices()
    draw()
    state.write_link(title)
    share.dialog()
    workers.service()  # only now, so that loading torch does not keep the first visitor's page waiting
    _account(title, perf_counter() - begun)


def _account(title: str, seconds: float) -> None:
    workers.metrics().page(title, seconds)
    log.debug("Page %s drawn in %.3f s.", title, seconds, extra={"page": title, "seconds": round(seconds, 4)})
