"""The page where a trained network looks at a photograph and shows its evidence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image, ImageDraw

from explorer.charts.evidence import evidence_map
from explorer.colours import YOURS
from explorer.models.checkpoints import Checkpoint, checkpoints
from explorer.narrative import answer_sentence, evidence_sentence
from explorer.ui import photographs
from explorer.ui.looking import look
from explorer.vision.imagenet import labels
from explorer.vision.images import Photograph
from explorer.vision.sight import Sight

TOP = 5
SHOWN_SIDE = 640
FIRST_ANSWER = -1


def render() -> None:
    """Photograph, trained network, answer and evidence."""
    st.title("What does a trained network see?")
    photograph = photographs.choose()
    st.segmented_control(
        "Trained network",
        list(checkpoints()),
        format_func=lambda name: checkpoints()[name].title.removeprefix("EfficientNet-"),
        key="network",
        required=True,
        help="Trained on ImageNet's 1000 classes. The sliders' own network is untrained: it is drawn on Scale.",
    )
    if photograph is None:
        return
    checkpoint = checkpoints()[st.session_state["network"]]
    sight = look(checkpoint.name, photograph)
    if sight is not None:
        _answer(photograph, checkpoint, sight)
        _evidence(sight)


def _answer(photograph: Photograph, checkpoint: Checkpoint, sight: Sight) -> None:
    st.markdown(f"**{answer_sentence(checkpoint, sight)}**")
    original, seen, top = st.columns([3, 3, 4])
    with original:
        st.subheader("Photograph")
        st.image(
            _framed(photograph.image, checkpoint), width="stretch", alt=f"The photograph {photograph.name}, framed"
        )
        size = f"{photograph.image.width} × {photograph.image.height} px. The frame is what the network gets."
        st.caption(" ".join((size, *photograph.notes)))
    with seen:
        st.subheader("What it sees")
        st.image(sight.seen, width="stretch", alt=f"The part of {photograph.name} that {checkpoint.title} gets")
        side, how = checkpoint.preprocessing.input_resolution, checkpoint.preprocessing.interpolation
        st.caption(f"{side} × {side} px, resized ({how}) and cropped as its weights were evaluated.")
    with top:
        st.subheader("What it says")
        _predictions(sight)
        st.caption(
            f"Trained weights: {checkpoint.source}. ImageNet top-1 accuracy {checkpoint.top1:.1f} % "
            f"({checkpoint.top1_source})."
        )


def _predictions(sight: Sight) -> None:
    rows = [
        {"Class": item.label, "Probability": item.probability * 100, "Logit": float(sight.logits[item.class_index])}
        for item in sight.top(TOP)
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            "Probability": st.column_config.ProgressColumn(format="%.1f %%", min_value=0, max_value=100),
            "Logit": st.column_config.NumberColumn(format="%.2f", help="The score before softmax."),
        },
    )


def _evidence(sight: Sight) -> None:
    st.subheader("Where it finds its evidence")
    picture, controls = st.columns([3, 2])
    with controls:
        class_index = _class(sight)
        st.slider("Opacity of the map, %", 0, 100, step=5, key="opacity")
        sentence = evidence_sentence(sight, class_index)
        st.markdown(sentence)
    with picture:
        figure = evidence_map(sight.seen, sight.maps[class_index], st.session_state["opacity"] / 100)
        st.plotly_chart(figure, key="evidence", config={"displayModeBar": False}, alt=sentence.replace("*", ""))


def _class(sight: Sight) -> int:
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


def _framed(image: Image.Image, checkpoint: Checkpoint) -> Image.Image:
    """The photograph, small enough to send, with a frame around what the network gets of it."""
    shown = image.copy()
    shown.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    kept = checkpoint.preprocessing.crop * min(shown.size)
    left, top = (shown.width - kept) / 2, (shown.height - kept) / 2
    ImageDraw.Draw(shown).rectangle((left, top, left + kept - 1, top + kept - 1), outline=YOURS, width=4)
    return shown
