"""The page that retells the paper: one chapter at a time, each with its live chart and our own count."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from explorer.settings.declarations import options
from explorer.ui.paper import (
    after,
    balance,
    baseline,
    course,
    dimensions,
    errata,
    latency,
    maps,
    others,
    problem,
    results,
    rule,
    search,
    single,
    sizes,
    steps,
    transfer,
)

CHAPTERS: Mapping[str, tuple[str, Callable[[], None]]] = {
    "problem": ("The problem", problem.render),
    "baseline": ("The baseline, B0", baseline.render),
    "dimensions": ("Three ways to grow", dimensions.render),
    "single": ("One dimension at a time", single.render),
    "balance": ("Balance", balance.render),
    "rule": ("The compound rule", rule.render),
    "steps": ("Step 1 and step 2", steps.render),
    "search": ("The search", search.render),
    "results": ("ImageNet results", results.render),
    "sizes": ("Size and cost", sizes.render),
    "others": ("Other networks", others.render),
    "latency": ("Latency", latency.render),
    "transfer": ("Transfer", transfer.render),
    "maps": ("Where it looks", maps.render),
    "after": ("What came after", after.render),
    "errata": ("Errata", errata.render),
}

SELECTOR_WIDTH = 340


def render() -> None:
    """The chosen chapter; only that one runs."""
    st.title("What does the paper say?")
    st.caption(
        "M. Tan and Q. V. Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks "
        "(arXiv:1905.11946), step by step: drawn from its numbers, with our own counts beside them."
    )
    st.segmented_control(
        "Reading",
        options("reading"),
        format_func=str.capitalize,
        key="reading",
        required=True,
        label_visibility="collapsed",
    )
    if st.session_state["reading"] == "lessons":
        course.render()
    else:
        _chapters()


def _chapters() -> None:
    """The chosen chapter with the way to the others."""
    names = options("chapter")
    bar = st.container(horizontal=True, vertical_alignment="bottom")
    bar.selectbox("Chapter", names, format_func=title, key="chapter", width=SELECTOR_WIDTH)
    place = names.index(st.session_state["chapter"])
    with bar:
        _turn("Back", place - 1, ":material/arrow_back:", "_back")
        _turn("Next", place + 1, ":material/arrow_forward:", "_next")
    heading, draw = CHAPTERS[names[place]]
    st.header(heading)
    draw()
    if place + 1 < len(names):
        st.divider()
        following = CHAPTERS[names[place + 1]][0]
        _turn(f"Next: {following}", place + 1, ":material/arrow_forward:", "_next_below")


def title(name: str) -> str:
    """A chapter with its number, as the selector lists it."""
    return f"{options('chapter').index(name) + 1}. {CHAPTERS[name][0]}"


def _turn(label: str, place: int, icon: str, key: str) -> None:
    outside = not 0 <= place < len(options("chapter"))
    st.button(label, key=key, icon=icon, disabled=outside, on_click=_open, args=(place,))


def _open(place: int) -> None:
    st.session_state["chapter"] = options("chapter")[place]
