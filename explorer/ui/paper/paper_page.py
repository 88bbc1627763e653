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
from explorer.ui.shared.page_input import PageInput
from explorer.ui.shared.state import bound

Chapter = Callable[[PageInput], None]


def _alone(draw: Callable[[], None]) -> Chapter:
    """A chapter that shows the same whatever the settings are."""
    return lambda _: draw()


CHAPTERS: Mapping[str, tuple[str, Chapter]] = {
    "problem": ("The problem", problem.render),
    "baseline": ("The baseline, B0", _alone(baseline.render)),
    "dimensions": ("Three ways to grow", _alone(dimensions.render)),
    "single": ("One dimension at a time", _alone(single.render)),
    "balance": ("Balance", _alone(balance.render)),
    "rule": ("The compound rule", rule.render),
    "steps": ("Step 1 and step 2", _alone(steps.render)),
    "search": ("The search", lambda shown: search.render(shown.settings.paper.exponent)),
    "results": ("ImageNet results", lambda shown: results.render(shown.settings.paper.version)),
    "sizes": ("Size and cost", _alone(sizes.render)),
    "others": ("Other networks", _alone(others.render)),
    "latency": ("Latency", _alone(latency.render)),
    "transfer": ("Transfer", _alone(transfer.render)),
    "maps": ("Where it looks", lambda shown: maps.render(shown.settings.look.photo)),
    "after": ("What came after", after.render),
    "errata": ("Errata", lambda shown: errata.render(shown.settings.paper.version)),
}

SELECTOR_WIDTH = 340


def render(shown: PageInput) -> None:
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
        **bound("reading"),
        required=True,
        label_visibility="collapsed",
    )
    if shown.settings.paper.reading == "lessons":
        course.render(shown.settings)
    else:
        _chapters(shown)


def _chapters(shown: PageInput) -> None:
    """The chosen chapter with the way to the others."""
    names = options("chapter")
    bar = st.container(horizontal=True, vertical_alignment="bottom")
    bar.selectbox("Chapter", names, format_func=title, **bound("chapter"), width=SELECTOR_WIDTH)
    place = names.index(shown.settings.paper.chapter)
    with bar:
        _turn("Back", place - 1, ":material/arrow_back:", "_back")
        _turn("Next", place + 1, ":material/arrow_forward:", "_next")
    heading, draw = CHAPTERS[names[place]]
    st.header(heading)
    draw(shown)
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
