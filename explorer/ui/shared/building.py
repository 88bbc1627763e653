"""What the sliders build, or a sentence that says why they build nothing."""

from __future__ import annotations

import streamlit as st

from explorer.network.scaling import ScalingError
from explorer.settings.built import Built, build
from explorer.ui.shared import state
from explorer.ui.shared.escape_markdown import escape_markdown


def built_here() -> Built | None:
    """The network at the sliders; None where there is none, which the page then says."""
    try:
        return build(state.current())
    except ScalingError as error:
        st.error(f"No network can be built from these settings. {escape_markdown(str(error))}", icon=":material/block:")
        return None
