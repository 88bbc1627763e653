"""How far the baseline is scaled: φ, or depth, width and pixels themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import streamlit as st

from explorer.formats.quantities import digits
from explorer.network import scaling
from explorer.network.scaling import ScalingError
from explorer.planning.narrative import unchanged_sentence
from explorer.planning.sweep import Sweep, along_dimension, along_phi
from explorer.settings.built import Built, build
from explorer.settings.declarations import Settings
from explorer.ui.shared import state

ACROSS_WIDTH = 165


def render(across: bool) -> None:
    """The control that the settings scale by, or the three, `across` the page or one below the other.

    Under each stands how far it can be moved without an effect.
    """
    settings = state.current()
    if settings.by == "formula":
        _compound(settings)
    else:
        _direct(settings, across)


def _compound(settings: Settings) -> None:
    st.slider(
        "φ: compound coefficient",
        scaling.PHI.lowest,
        scaling.PHI.highest,
        step=0.05,
        format=digits(settings.phi),
        key="phi",
        help="How much bigger: each step of 1 is meant to double the multiply-adds.",
    )
    compound = settings.compound
    _unchanged("φ", settings, lambda built: along_phi(built, compound))


def _direct(settings: Settings, across: bool) -> None:
    row = st.container(horizontal=across)
    width: int | Literal["stretch"] = ACROSS_WIDTH if across else "stretch"
    limits = scaling.MULTIPLIER
    for name, symbol in (("depth", "d"), ("width", "w")):
        with row.container(width=width):
            label = f"{symbol}: {name} multiplier"
            st.number_input(label, limits.lowest, limits.highest, step=0.1, format="%.5g", key=name)
            _unchanged(symbol, settings, partial(along_dimension, dimension=name))
    with row.container(width=width):
        pixels = scaling.PIXELS
        st.number_input("Input resolution, pixels", int(pixels.lowest), int(pixels.highest), key="pixels")


def _unchanged(symbol: str, settings: Settings, sweep: Callable[[Built], Sweep]) -> None:
    """Under a control: how far it can be moved before the network changes."""
    try:
        st.caption(unchanged_sentence(symbol, sweep(build(settings))))
    except ScalingError:
        return  # the page says what cannot be built, and why
