"""What the last move of the sliders did, said at a place of its own on the page."""

from __future__ import annotations

import streamlit as st

from explorer.planning.change import change_sentence
from explorer.settings.declarations import Architecture

_SHOWN, _MOVE = "_network_shown", "_last_move"

INVITATION = {
    "formula": "Move φ: the network grows in depth, width and resolution at once, and this line says how.",
    "direct": "Change depth, width or pixels: this line says what that does to the network.",
}


def last_move(shown: Architecture) -> str:
    """One sentence on the last change of the network in this session, the invitation before there was one.

    To be called where the network at the sliders can be built.
    """
    before = st.session_state.get(_SHOWN, shown)
    if before != shown:
        st.session_state[_MOVE] = change_sentence(before, shown)
    st.session_state[_SHOWN] = shown
    return str(st.session_state.get(_MOVE, INVITATION[shown.by]))
