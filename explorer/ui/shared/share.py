"""The way to hand over what is on the page: its link, short and whole, and a QR code to project."""

from __future__ import annotations

from io import BytesIO

import segno
import streamlit as st

from explorer.settings import links
from explorer.ui.shared import state

SCALE, BORDER = 12, 4
"""Pixels of a module of the code, and modules of the quiet zone that its standard asks for (ISO/IEC 18004)."""

SHOWN_PIXELS = 420
_ASKED = "_share_asked"

LONGEST = 1200
"""Characters of a link that a phone still reads from a projected code."""


def button() -> None:
    """The button that asks for the dialog."""
    st.button("Share", icon=":material/share:", type="tertiary", on_click=_ask)


def dialog() -> None:
    """The dialog, in the run that asked for it; to be called when every widget of the page has its value."""
    if st.session_state.pop(_ASKED, False):
        _dialog()


def _ask() -> None:
    st.session_state[_ASKED] = True


@st.dialog("Share what you see", width="medium")
def _dialog() -> None:
    settings, address = state.current(), st.context.url or "/"
    short = links.short(address, settings)
    st.markdown("Whoever opens this link sees this page with your settings. Nothing of it is kept on the server.")
    st.code(short, language=None, wrap_lines=True)
    if len(short) <= LONGEST:
        st.image(code(short), width=SHOWN_PIXELS, alt=f"QR code of the link {short}")
    else:
        st.info("Your own stage table or list of links makes the link too long for a QR code: copy it instead.")
    _in_words(links.in_words(address, settings), short)
    st.caption("A photograph that you gave is not in the link: it stays in the memory of your own session.")


def _in_words(whole: str, short: str) -> None:
    if whole != short:
        st.markdown("The same in words, to be read and edited:")
        st.code(whole, language=None, wrap_lines=True)


def code(link: str) -> bytes:
    """The QR code of a link as PNG, dark on white in either theme: many readers see no code that is light on dark."""
    picture = BytesIO()
    segno.make(link, error="m", micro=False).save(picture, kind="png", scale=SCALE, border=BORDER)
    return picture.getvalue()
