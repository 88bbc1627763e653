"""Links from a chapter into the sliders, in the same session."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from explorer.settings.declarations import Settings, to_query
from explorer.ui.scale import scale_page
from explorer.ui.shared import state

BUILDING = (
    "family", "own", "by", "phi", "alpha", "beta", "gamma", "rounding", "hold", "depth", "width", "pixels",
)  # fmt: skip
"""The settings that say what is built; all others stay as they are."""


def try_it(label: str, target: Settings) -> None:
    """A link to the Scale page with the network of `target`."""
    wanted = replace(state.current(), **{name: getattr(target, name) for name in BUILDING})
    page = st.Page(scale_page.render, title="Scale", url_path="scale", default=True)
    st.page_link(page, label=f"Try it: {label}", icon=":material/tune:", query_params=to_query(wanted))


def formula(label: str, phi: float, alpha: float | None = None, family: str = "efficientnet") -> None:
    """A link to what φ builds, with the paper's α, β and γ unless α is given and the others are 1."""
    start = Settings(family=family, phi=phi)
    try_it(label, start if alpha is None else replace(start, alpha=alpha, beta=1.0, gamma=1.0))


def direct(label: str, depth: float, width: float, pixels: int, family: str = "efficientnet") -> None:
    """A link to a network given by its multipliers and its input in pixels."""
    try_it(label, Settings(family=family, by="direct", depth=depth, width=width, pixels=pixels))
