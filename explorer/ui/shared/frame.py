"""What surrounds every page: its state in the link, the sidebar, and what the link could not show."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import streamlit as st

from explorer.ui.shared import share, sidebar, state, workers
from explorer.ui.shared.page_input import PageInput, page_input

log = logging.getLogger(__name__)


@contextmanager
def around(title: str, *, draws_extent: bool = False) -> Iterator[PageInput]:
    """The frame of the page called `title`, which draws itself inside with what it is given here.

    Where `draws_extent`, φ stands on the page and not in the sidebar.
    """
    begun = perf_counter()
    state.open_link(title)
    given = page_input(state.current())
    with st.sidebar:
        sidebar.render(given, with_extent=not draws_extent)
    state.show_notices()
    yield given
    state.write_link(title)
    share.dialog(title)
    _account(title, perf_counter() - begun)


def _account(title: str, seconds: float) -> None:
    workers.metrics().page(title, seconds)
    log.debug("Page %s drawn in %.3f s.", title, seconds, extra={"page": title, "seconds": round(seconds, 4)})
