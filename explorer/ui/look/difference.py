"""Why one class and not another: where the difference of their logits comes from, and what it loses with a part."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from explorer.charts.evidence import evidence_map
from explorer.formats.quantities import fixed, percent, signed
from explorer.jobs import tasks
from explorer.ui.look import region
from explorer.ui.look.evidence import choose_class, choose_drawing
from explorer.ui.shared.measurement import measured
from explorer.ui.shared.state import bound
from explorer.vision.classification import Classification
from explorer.vision.difference import Difference
from explorer.vision.difference_narrative import covered_sentence, difference_sentence
from explorer.vision.imagenet import labels
from explorer.vision.photograph import PhotographFile
from explorer.vision.region import Region, covered

NEXT_ANSWER = -1
PICTURE_WIDTH = 300


def render(photograph: PhotographFile, sight: Classification) -> None:
    """The difference map of two classes, and both logits with a rectangle covered."""
    st.subheader("Why A and not B")
    picture, controls = st.columns([3, 2])
    with controls:
        difference = _choose(sight)
        if difference is None:
            st.info("A and B are the same class: choose two that differ.", icon=":material/compare_arrows:")
            return
        opacity, cells = choose_drawing()
        drawn = region.choose(difference.map)
    with picture:
        sentence = difference_sentence(difference)
        figure = evidence_map(sight.seen, difference.map, opacity, cells=cells)
        region.draw(figure, "difference", drawn, sentence.replace("*", ""))
        st.markdown(sentence)
    st.subheader("What is the rectangle worth?")
    _without(photograph, difference, drawn)


def _choose(sight: Classification) -> Difference | None:
    """Let the visitor choose both classes, or swap them; None where they are the same."""
    one = choose_class(sight, "Class A")
    order = np.argsort(-sight.logits, kind="stable").tolist()
    likeliest = next(index for index in order if index != one)
    chosen: int = st.selectbox(
        "Class B",
        [NEXT_ANSWER, *order],
        format_func=lambda index: (
            f"{labels()[likeliest]}: the likeliest other" if index == NEXT_ANSWER else f"{labels()[index]} ({index})"
        ),
        **bound("versus"),
    )
    other = likeliest if chosen == NEXT_ANSWER else chosen
    st.button("Swap A and B", icon=":material/swap_vert:", on_click=_swap, args=(one, other))
    return None if one == other else Difference(sight, one, other)


def _swap(one: int, other: int) -> None:
    st.session_state["class_index"], st.session_state["versus"] = other, one


def _without(photograph: PhotographFile, difference: Difference, drawn: Region) -> None:
    """Run the network on its input with the rectangle in its mean colour, and compare."""
    sight = difference.sight
    if drawn.whole:
        st.markdown(
            f"{region.how_to_draw()}: then the network can look again with that part covered, and both logits show "
            "what it is worth."
        )
        return
    rest = measured(
        "without",
        (sight.classifier, photograph.sha256, drawn),
        partial(tasks.without, sight.classifier, sight.seen, drawn),
        "Cover the rectangle",
        "The network looks again, at its input with the rectangle in its own mean colour: a second or a few.",
    )
    if rest is not None:
        _compared(difference, Difference(rest, difference.one, difference.other), drawn)


def _compared(before: Difference, after: Difference, drawn: Region) -> None:
    picture, words = st.columns([2, 3])
    with picture:
        st.image(
            covered(before.sight.seen, drawn), width=PICTURE_WIDTH, alt="The network's input with the rectangle covered"
        )
        st.caption("What it saw this time: the rectangle has its mean colour.")
    with words:
        st.markdown(covered_sentence(before, after, drawn))
        rows = [_row(index, before.sight, after.sight) for index in (before.one, before.other)]
        st.dataframe(pd.DataFrame(rows), hide_index=True)


def _row(class_index: int, before: Classification, after: Classification) -> dict[str, object]:
    logits = [float(sight.logits[class_index]) for sight in (before, after)]
    chances = [float(sight.probabilities[class_index]) for sight in (before, after)]
    return {
        "Class": labels()[class_index],
        "Logit, then covered": " → ".join(map(fixed, logits)),
        "Change": signed(logits[1] - logits[0], 2),
        "Probability, then covered": " → ".join(map(percent, chances)),
    }
