"""What surrounds every page: its state in the link, the sidebar, and what the link could not show."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import perf_counter

import streamlit as st

from explorer.ui.shared import share, sidebar, state, workers

log = logging.getLogger(__name__)


def show(title: str, draw: Callable[[], None], draws_extent: bool = False) -> None:
    """Draw the page called `title` in its frame; where `draws_extent`, φ stands on the page and not in the sidebar."""
    begun = perf_counter()
    state.open_link(title)
    with st.sidebar:
        sidebar.render(with_extent=not draws_extent)
    state.show_notices()
    draw()
    state.write_link(title)
    share.dialog(title)
    _account(title, perf_counter() - begun)


def _account(title: str, seconds: float) -> None:
    workers.metrics().page(title, seconds)
    log.debug("Page %s drawn in %.3f s.", title, seconds, extra={"page": title, "seconds": round(seconds, 4)})
