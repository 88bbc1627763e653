"""The photograph, what the network sees of it, and what it says."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from PIL import Image, ImageDraw

from explorer.formats.colours import YOURS
from explorer.models.preprocess import Preprocessing
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.vision.classification import Classification
from explorer.vision.images import Photograph
from explorer.vision.narrative import answer_sentence, lineage_sentence

TOP = 5
SHOWN_SIDE = 640


def render(photograph: Photograph, sight: Classification) -> None:
    """Three columns: the photograph, the network's own input, its five most probable classes."""
    preprocessing = sight.classifier.preprocessing
    st.markdown(f"**{answer_sentence(sight)}** {escape_markdown(lineage_sentence(sight.classifier))}")
    original, seen, top = st.columns([3, 3, 4])
    with original:
        st.subheader("Photograph")
        framed = _framed(photograph.image, preprocessing)
        st.image(framed, width="stretch", alt=f"The photograph {photograph.name}, framed")
        size = f"{photograph.image.width} × {photograph.image.height} px. The frame is what the network gets."
        st.caption(" ".join((size, *photograph.notes)))
    with seen:
        st.subheader("What it sees")
        st.image(sight.seen, width="stretch", alt=f"The part of {photograph.name} that the network gets")
        side, how = preprocessing.input_resolution, preprocessing.interpolation
        st.caption(f"{side} × {side} px, resized ({how}) and cropped as its weights were evaluated.")
    with top:
        st.subheader("What it says")
        _predictions(sight)


def _predictions(sight: Classification) -> None:
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


def _framed(image: Image.Image, preprocessing: Preprocessing) -> Image.Image:
    """The photograph, small enough to send, with a frame around what the network gets of it."""
    shown = image.copy()
    shown.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    kept = preprocessing.crop * min(shown.size)
    left, top = (shown.width - kept) / 2, (shown.height - kept) / 2
    ImageDraw.Draw(shown).rectangle((left, top, left + kept - 1, top + kept - 1), outline=YOURS, width=4)
    return shown
