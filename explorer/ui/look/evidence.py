"""The evidence map for one class, in logits."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.charts.evidence import evidence_map
from explorer.vision.imagenet import labels
from explorer.vision.narrative import evidence_sentence
from explorer.vision.sight import Sight

FIRST_ANSWER = -1


def render(sight: Sight) -> None:
    """The map over what the network saw, with its class and opacity."""
    st.subheader("Where it finds its evidence")
    picture, controls = st.columns([3, 2])
    with controls:
        class_index = choose_class(sight)
        st.slider("Opacity of the map, %", 0, 100, step=5, key="opacity")
        sentence = evidence_sentence(sight, class_index)
        st.markdown(sentence)
    with picture:
        figure = evidence_map(sight.seen, sight.maps[class_index], st.session_state["opacity"] / 100)
        st.plotly_chart(figure, key="evidence", config={"displayModeBar": False}, alt=sentence.replace("*", ""))


def choose_class(sight: Sight) -> int:
    """Let the visitor choose one of all classes, the likeliest first; the default is the first answer."""
    first = sight.top(1)[0]
    chosen: int = st.selectbox(
        "Class",
        [FIRST_ANSWER, *np.argsort(-sight.logits, kind="stable").tolist()],
        format_func=lambda index: (
            f"{first.label}: its first answer" if index == FIRST_ANSWER else f"{labels()[index]} ({index})"
        ),
        key="class_index",
        help="Any of the 1000 classes, the likeliest first: type to search.",
    )
    return first.class_index if chosen == FIRST_ANSWER else chosen
