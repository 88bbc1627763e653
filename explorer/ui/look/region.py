"""The rectangle that a visitor draws on a map: with the mouse, or with two sliders."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from explorer.charts.evidence import with_region
from explorer.vision.region import EVERYTHING, WHOLE, Region, around_strongest

EDGES = {"_across": ("left", "right"), "_down": ("top", "bottom")}
"""Each slider's key, and the two settings that it moves."""
LABELS = {
    "_across": "Rectangle from left to right, %",
    "_down": "Rectangle from top to bottom, %",
}
PHONE = "Mobi"
"""What browsers on phones have in their name."""


def current() -> Region:
    """The rectangle of the settings, however its edges were given."""
    (left, right), (top, bottom) = (_edges(slider) for slider in EDGES)
    return Region(left, top, right, bottom)


def how_to_draw() -> str:
    """The beginning of a sentence."""
    sliders = "two sliders of the rectangle"
    return f"Drag a rectangle over the map, or move the {sliders}" if _drawable() else f"Move the {sliders}"


def choose(evidence: NDArray[np.float32]) -> Region:
    """Draw the two sliders and the two shortcuts, and give the rectangle."""
    for slider, label in LABELS.items():
        st.session_state[slider] = _edges(slider)
        st.slider(label, 0, WHOLE, key=slider, on_change=_take_slider, args=(slider,))
    with st.container(horizontal=True):
        st.button("Around the strongest cell", on_click=_put, args=(around_strongest(evidence),))
        st.button("Whole picture", on_click=_put, args=(EVERYTHING,), disabled=current().whole)
    return current()


def draw(figure: go.Figure, name: str, region: Region, alt: str) -> None:
    """Show an evidence map on which a rectangle can be drawn; it starts anew with each, so that none is left over."""
    width, height = figure.layout.xaxis.range[1], figure.layout.yaxis.range[0]
    key = f"_{name}_{region.left}_{region.top}_{region.right}_{region.bottom}"

    def take() -> None:
        boxes = st.session_state[key]["selection"]["box"]
        if boxes:
            _put(_within(boxes[-1]["x"], width, boxes[-1]["y"], height))

    drawable, config = _drawable(), {"displayModeBar": False}
    st.plotly_chart(
        with_region(figure, region, drawable=drawable),
        key=key,
        config=config,
        alt=alt,
        on_select=take if drawable else "ignore",
        selection_mode="box",
    )


def _drawable() -> bool:
    """Whether a drag draws: on a phone it scrolls the page instead."""
    return PHONE not in (st.context.headers.get("User-Agent") or "")


def _within(across: list[float], width: float, down: list[float], height: float) -> Region:
    """The box between two corners in pixels, as a rectangle in percent."""
    left, right = (round(float(np.clip(WHOLE * value / width, 0, WHOLE))) for value in sorted(across))
    top, bottom = (round(float(np.clip(WHOLE * value / height, 0, WHOLE))) for value in sorted(down))
    return Region(left, top, right, bottom)


def _edges(slider: str) -> tuple[int, int]:
    low, high = sorted(int(st.session_state[name]) for name in EDGES[slider])
    return low, high


def _take_slider(slider: str) -> None:
    for name, value in zip(EDGES[slider], st.session_state[slider], strict=True):
        st.session_state[name] = value


def _put(region: Region) -> None:
    for name in ("left", "top", "right", "bottom"):
        st.session_state[name] = getattr(region, name)
