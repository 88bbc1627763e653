"""The card of one published network: what it is, what dominates it, and the way into the sliders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from explorer.formats.measures import AXES, Measure
from explorer.published import presets
from explorer.published.pareto import KINDS, FrontierPoint, dominating
from explorer.published.wording import amount, dominated
from explorer.settings.declarations import FrontierView
from explorer.ui.shared import state
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.state import bound

NONE = ""


def render(shown: Sequence[FrontierPoint], axis: Measure, view: FrontierView) -> None:
    """A choice of the points that are shown, and the card of the chosen one."""
    st.subheader("One network")
    by_name = {point.name: point for point in shown}
    if view.card not in by_name:
        st.session_state["card"] = NONE
    name = st.selectbox(
        "Card of",
        (NONE, *sorted(by_name)),
        format_func=lambda name: name or "click a dot, or choose here",
        **bound("card"),
    )
    point = by_name.get(name)
    if point is not None:
        _card(point, shown, axis, view.kind)


def _card(point: FrontierPoint, shown: Sequence[FrontierPoint], axis: Measure, kind: str) -> None:
    with st.container(border=True):
        st.markdown(f"**{escape_markdown(point.network)}** · {escape_markdown(point.family)}, {point.year}")
        reached = " · ".join(f"{point.accuracies[key]:.1f} % {KINDS[key]}" for key in point.accuracies)
        st.markdown(f"{reached}. Recipe: {escape_markdown(point.recipe)}. Trained on {point.data}.")
        st.markdown(" · ".join(amount(point, each) for each in AXES.values() if each.key in point.costs))
        st.markdown(escape_markdown(dominated(dominating(point, shown, axis, kind), axis, kind)))
        counted = " Multiply-adds, parameters and activations are counted here." if point.preset else ""
        st.caption(f"Source: {escape_markdown(point.source)}.{counted}")
        if point.preset:
            st.button("Load into the sliders", icon=":material/tune:", on_click=_load, args=(point,))


def _load(point: FrontierPoint) -> None:
    preset = presets()[point.preset]
    pixels = point.input_resolution or preset.input_resolution
    scaled = replace(state.current().architecture, depth=preset.depth, width=preset.width, pixels=pixels)
    state.take_network(replace(scaled, by="direct", rounding="reference", family=preset.family))
