"""Links from a chapter into the sliders, in the same session."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from explorer.settings.declarations import Architecture
from explorer.settings.links import to_query
from explorer.ui.shared import state


def try_it(label: str, target: Architecture) -> None:
    """A link to the Scale page with the network of `target`; all else stays as it is."""
    wanted = replace(state.current(), architecture=target)
    page = st.Page(_never, title="Scale", url_path="scale", default=True)
    st.page_link(page, label=f"Try it: {label}", icon=":material/tune:", query_params=to_query(wanted))


def formula(label: str, phi: float, alpha: float | None = None, family: str = "efficientnet") -> None:
    """A link to what φ builds, with the paper's α, β and γ unless α is given and the others are 1."""
    start = Architecture(family=family, phi=phi)
    try_it(label, start if alpha is None else replace(start, alpha=alpha, beta=1.0, gamma=1.0))


def direct(label: str, depth: float, width: float, pixels: int, family: str = "efficientnet") -> None:
    """A link to a network given by its multipliers and its input in pixels."""
    try_it(label, Architecture(family=family, by="direct", depth=depth, width=width, pixels=pixels))


def _never() -> None:
    """What stands for the Scale page here: a link needs its address only."""
