"""What the sliders build, or a sentence that says why they build nothing."""

from __future__ import annotations

import streamlit as st

from explorer.built import Built, build
from explorer.scaling import ScalingError
from explorer.ui import state
from explorer.ui.plain import plain


def built_here() -> Built | None:
    """The network at the sliders; None where there is none, which the page then says."""
    try:
        return build(state.current())
    except ScalingError as error:
        st.error(f"No network can be built from these settings. {plain(str(error))}", icon=":material/block:")
        return None
