"""The private part of Streamlit that tells which widgets were drawn."""

from __future__ import annotations

import streamlit as st
from streamlit.testing.v1 import AppTest

from explorer.ui.shared import drawn


def _page() -> None:
    import streamlit as st

    from explorer.ui.shared import drawn

    before = drawn.keys()
    st.slider("a", key="a")
    st.slider("not keyed")
    st.session_state["seen"] = (before, drawn.keys())


def test_the_widgets_drawn_so_far_are_known() -> None:
    """Written for Streamlit 1.67.

    Where this fails after an upgrade: find what replaced `SharedRunState.widget_user_keys_this_run`, or let `keys` give
    no key at all; then every widget is set in every run, and a key held on a slider may lose presses.
    """
    assert st.__version__.startswith("1.67.")
    assert AppTest.from_function(_page).run().session_state["seen"] == (frozenset(), frozenset({"a"}))


def test_outside_a_page_none_is_drawn() -> None:
    assert drawn.keys() == frozenset()
