"""What a visitor reads when a page fails; what happened stands in the server's log only."""

from __future__ import annotations

import logging

import streamlit as st

log = logging.getLogger(__name__)


def said(error: Exception) -> bool:
    """Log `error` with its traceback and say that the page failed; True: there is nothing more to show."""
    log.error("A page failed.", exc_info=error)
    st.error(
        "This page could not be drawn to its end; what went wrong stands in the server's log. "
        "Your settings are in the link: reload the page, or go back one step."
    )
    return True
