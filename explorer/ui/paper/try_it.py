"""Links from a chapter into the sliders, in the same session."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from explorer.settings import Settings, to_query
from explorer.ui import scale_page, state


def try_it(label: str, target: Settings) -> None:
    """A link to the Scale page with the network of `target`; what else the state holds stays as it is."""
    now = state.current()
    kept = replace(target, **{name: getattr(now, name) for name in KEPT})
    page = st.Page(scale_page.render, title="Scale", url_path="scale", default=True)
    st.page_link(page, label=f"Try it: {label}", icon=":material/tune:", query_params=to_query(kept))


KEPT = ("panel", "chapter", "version", "exponent", "photo", "network", "class_index", "opacity")


def formula(label: str, phi: float, alpha: float | None = None, family: str = "efficientnet") -> None:
    """A link to what φ builds, with the paper's α, β and γ unless α is given and the others are 1."""
    start = Settings(family=family, phi=phi)
    try_it(label, start if alpha is None else replace(start, alpha=alpha, beta=1.0, gamma=1.0))


def direct(label: str, depth: float, width: float, pixels: int, family: str = "efficientnet") -> None:
    """A link to a network given by its multipliers and its input in pixels."""
    try_it(label, Settings(family=family, by="direct", depth=depth, width=width, pixels=pixels))
