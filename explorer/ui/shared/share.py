"""The way to hand over what is on the page: its link, short and whole, and a QR code to project."""

from __future__ import annotations

from io import BytesIO

import segno
import streamlit as st

from explorer.serving import network_address
from explorer.settings import links
from explorer.ui.shared import state

SCALE, BORDER = 12, 4
"""Pixels of a module of the code, and modules of the quiet zone that its standard asks for (ISO/IEC 18004)."""

SHOWN_PIXELS = 420
_ASKED = "_share_asked"

LONGEST = 1200
"""Characters of a link that a phone still reads from a projected code."""

LESSONS = "Paper"
"""The page that gives the lessons."""

OF_A_PAGE = "Whoever opens this link sees this page with your settings. Nothing of it is kept on the server."
OF_A_LESSON = (
    "For your class: whoever opens this link is asked this lesson's question, about your family, α, β, γ and rounding. "
    "Guesses, answers and the teacher's notes are not in it. Nothing of it is kept on the server."
)
LOCAL = (
    "This page is open as localhost, which to a phone is the phone itself: nobody else can open the link. Start the "
    "server with `streamlit run app.py --server.address 0.0.0.0` (in a container, with its port published), open the "
    "page by this machine's address in the network, and share it from there."
)
IN_THE_NETWORK = (
    "You opened this page as localhost; the link has this machine's address instead, for whoever is in its network."
)


def button() -> None:
    """The button that asks for the dialog."""
    st.button("Share", icon=":material/share:", type="tertiary", on_click=_ask)


def dialog(page: str) -> None:
    """The dialog, in the run that asked for it; to be called when every widget of the page has its value."""
    if st.session_state.pop(_ASKED, False):
        _dialog(page)


def address() -> str:
    """The address of this page for others: where it is open as localhost, the machine's in its network if possible."""
    here = st.context.url or "/"
    return (network_address.is_local(here) and network_address.elsewhere(here, _listens())) or here


def _listens() -> str | None:
    found: str | None = st.get_option("server.address")
    return found


def _ask() -> None:
    st.session_state[_ASKED] = True


@st.dialog("Share what you see", width="medium")
def _dialog(page: str) -> None:
    settings, where = state.current(), address()
    question = page == LESSONS and settings.paper.reading == "lessons"
    handed = links.for_students(settings, question=question)
    short, yours = links.short(where, handed), links.short(where, settings)
    st.markdown(OF_A_LESSON if question else OF_A_PAGE)
    st.code(short, language=None, wrap_lines=True)
    if network_address.is_local(where):
        st.warning(LOCAL, icon=":material/wifi_off:")
    elif len(short) <= LONGEST:
        st.image(code(short), width=SHOWN_PIXELS, alt=f"QR code of the link {short}")
    else:
        st.info("Your own stage table or list of links makes the link too long for a QR code: copy it instead.")
    if where != (st.context.url or "/"):
        st.caption(IN_THE_NETWORK)
    _in_words(links.in_words(where, handed), short)
    if yours != short:
        st.markdown("For yourself, everything as you have it now, with guesses, notes and the presenter's view:")
        st.code(yours, language=None, wrap_lines=True)
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
