"""The controls beside the pages that build a network."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import streamlit as st

from explorer.formats.quantities import decimal, digits
from explorer.network import scaling
from explorer.network.baselines import BASELINES
from explorer.network.scaling import ROUNDINGS, ScalingError
from explorer.planning.on_formula import phi_of
from explorer.published import as_published, preset_networks, presets
from explorer.settings import stage_table
from explorer.settings.built import DECIMALS, Built, build, in_direct
from explorer.settings.declarations import Architecture, LookView, PaperView, Settings, options
from explorer.ui.shared import scaling_controls, share, state
from explorer.ui.shared.page_input import PageInput
from explorer.ui.shared.state import bound

PRESET = "_preset"
SYMBOLS = {"alpha": "α", "beta": "β", "gamma": "γ"}
DIMENSIONS = {"alpha": "depth", "beta": "width", "gamma": "resolution"}
WAYS = {"formula": "Compound φ", "direct": "d, w, pixels"}


def render(shown: PageInput, *, with_extent: bool) -> None:
    """Family, published networks, and either φ, α, β, γ or depth, width and pixels.

    Without the extent, φ or depth, width and pixels are the page's to show.
    """
    architecture = shown.settings.architecture
    st.selectbox("Family", options("family"), format_func=_family, **bound("family"))
    if preset_networks(architecture.family):
        _published(architecture.family, shown.built)
    st.segmented_control(
        "Scale by",
        list(WAYS),
        format_func=WAYS.__getitem__,
        **bound("by"),
        required=True,
        width="stretch",
        on_change=_start_from_what_is_shown,
    )
    if with_extent:
        scaling_controls.render(shown, across=False)
    if architecture.by == "formula":
        _coefficients(architecture)
    if not state.presenting():
        _rounding()
    _actions()


def _rounding() -> None:
    st.selectbox(
        "Rounding",
        list(ROUNDINGS),
        format_func=str.capitalize,
        **bound("rounding"),
        help="How exact products become whole layers and channels. "
        + "; ".join(rounding.words for rounding in ROUNDINGS.values())
        + ".",
    )


def _actions() -> None:
    """The way back, the link, and the page as it is projected."""
    st.button("Reset to the start", icon=":material/restart_alt:", on_click=_reset, type="tertiary")
    if state.can_undo():
        st.button(
            "Undo",
            icon=":material/undo:",
            on_click=state.undo,
            type="tertiary",
            help="Back to your settings before the last reset, published network or “load”.",
        )
    share.button()
    st.segmented_control(
        "Page",
        options("mode"),
        format_func=str.capitalize,
        **bound("mode"),
        required=True,
        width="stretch",
        help="Presenter: only the essentials, in large type, for a projector. The browser's zoom (Ctrl and +) "
        "enlarges everything further.",
    )


def _family(key: str) -> str:
    return stage_table.FAMILY if key == stage_table.KEY else BASELINES[key].family


def _published(family: str, built: Built | None) -> None:
    """The published networks of the family; the one that is built now is marked."""
    match = None if built is None else as_published(built.network)
    st.session_state[PRESET] = None if match is None else match.key
    st.pills(
        "Published networks",
        list(preset_networks(family)),
        format_func=lambda key: presets()[key].short,
        key=PRESET,
        on_change=_take_preset,
        help="Their depth, width and pixels come from a table; none but the baseline lies on the formula.",
    )


def _take_preset() -> None:
    key = st.session_state[PRESET]
    if key is not None:
        preset = presets()[key]
        depth, width, pixels = preset.depth, preset.width, preset.input_resolution
        now = state.current().architecture
        state.take_network(replace(now, by="direct", depth=depth, width=width, pixels=pixels))


def _start_from_what_is_shown() -> None:
    """Depth, width and pixels begin with the network that φ built; φ with the one that builds theirs, if one does."""
    settings = state.current()
    now = settings.architecture
    with suppress(ScalingError):  # the page says what cannot be built, and why
        if now.by == "direct":
            now = in_direct(replace(now, by="formula"))
        else:
            before = build(replace(now, by="direct"))
            phi = phi_of(before.network, now.compound, before.rounding)
            now = now if phi is None else replace(now, phi=phi)
        state.set_to(replace(settings, architecture=now))


def _let_go() -> None:
    """A coefficient that followed the others stays where it stood when it is let go."""
    before, settings = state.last_drawn().architecture, state.current()
    now = settings.architecture
    if before.hold not in {"off", now.hold}:
        stood = round(getattr(before.compound, before.hold), DECIMALS)
        state.set_to(replace(settings, architecture=replace(now, **{before.hold: stood})))


def _reset() -> None:
    now = state.current()
    look = LookView(photo=now.look.photo, network=now.look.network)
    state.take(Settings(page=now.page, look=look, paper=PaperView(chapter=now.paper.chapter)))


def _coefficients(architecture: Architecture) -> None:
    compound = architecture.compound
    for name in SYMBOLS:
        _coefficient(name, getattr(compound, name), follows=name == architecture.hold)
    if not state.presenting():
        _hold()
    st.caption(f"α·β²·γ² = {compound.product:.3f} (the paper asks for about 2)")


def _hold() -> None:
    st.selectbox(
        "Hold α·β²·γ² at 2",
        options("hold"),
        format_func=lambda name: "off" if name == "off" else f"{SYMBOLS[name]} follows the other two",
        **bound("hold"),
        on_change=_let_go,
        help="The paper asks for α·β²·γ² ≈ 2, so that φ + 1 doubles the multiply-adds; its own constants give 1.920.",
    )


def _coefficient(name: str, value: float, *, follows: bool) -> None:
    """The slider of a coefficient; of one that `follows` the others, its value."""
    label = f"{SYMBOLS[name]}: {DIMENSIONS[name]}"
    lowest, highest = scaling.COEFFICIENT.lowest, scaling.COEFFICIENT.highest
    if follows:
        st.slider(f"{label} (follows: {decimal(value)})", lowest, highest, value, 0.01, disabled=True)
    else:
        st.slider(
            label,
            lowest,
            highest,
            step=0.01,
            format=digits(value),
            **bound(name),
            help=f"Each step of φ multiplies the {DIMENSIONS[name]} by {SYMBOLS[name]}.",
        )
