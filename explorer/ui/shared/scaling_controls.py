"""How far the baseline is scaled: φ, or depth, width and pixels themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import streamlit as st

from explorer.formats.quantities import digits
from explorer.network import scaling
from explorer.planning.narrative import unchanged_sentence
from explorer.planning.sweep import Sweep, along_dimension, along_phi
from explorer.settings.built import Built
from explorer.ui.shared.page_input import PageInput
from explorer.ui.shared.state import bound

ACROSS_WIDTH = 165


def render(shown: PageInput, *, across: bool) -> None:
    """The control that the settings scale by, or the three, `across` the page or one below the other.

    Under each stands how far it can be moved without an effect.
    """
    if shown.settings.architecture.by == "formula":
        _compound(shown)
    else:
        _direct(shown, across)


def _compound(shown: PageInput) -> None:
    architecture = shown.settings.architecture
    st.slider(
        "φ: compound coefficient",
        scaling.PHI.lowest,
        scaling.PHI.highest,
        step=0.05,
        format=digits(architecture.phi),
        **bound("phi"),
        help="How much bigger: each step of 1 is meant to double the multiply-adds.",
    )
    compound = architecture.compound
    _unchanged("φ", shown, lambda built: along_phi(built, compound))


def _direct(shown: PageInput, across: bool) -> None:
    row = st.container(horizontal=across)
    width: int | Literal["stretch"] = ACROSS_WIDTH if across else "stretch"
    limits = scaling.MULTIPLIER
    for name, symbol in (("depth", "d"), ("width", "w")):
        with row.container(width=width):
            label = f"{symbol}: {name} multiplier"
            st.number_input(label, limits.lowest, limits.highest, step=0.1, format="%.5g", **bound(name))
            _unchanged(symbol, shown, partial(along_dimension, dimension=name))
    with row.container(width=width):
        pixels = scaling.PIXELS
        st.number_input("Input resolution, pixels", int(pixels.lowest), int(pixels.highest), **bound("pixels"))


def _unchanged(symbol: str, shown: PageInput, sweep: Callable[[Built], Sweep]) -> None:
    """Under a control: how far it can be moved before the network changes."""
    if shown.built is not None:
        st.caption(unchanged_sentence(symbol, sweep(shown.built)))
