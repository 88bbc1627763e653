"""The filmstrip: the same weights at many resolutions."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from explorer.charts.filmstrip import by_resolution
from explorer.formats.quantities import duration, percent
from explorer.jobs import tasks
from explorer.ui.look.evidence import choose_class
from explorer.ui.shared.figure import show
from explorer.ui.shared.measurement import measured
from explorer.vision.classification import Classification
from explorer.vision.filmstrip import Frame, resolutions
from explorer.vision.imagenet import labels
from explorer.vision.narrative import resolution_sentence
from explorer.vision.overlay import overlay
from explorer.vision.photograph import PhotographFile

OPACITY = 0.85
PICTURE_WIDTH = 150


def render(photograph: PhotographFile, sight: Classification) -> None:
    """Run the network at many resolutions, and show probability, map and time of each."""
    st.subheader("The same weights at other resolutions")
    st.markdown(
        "Depth and width need new weights, resolution does not: the same weights can look at a larger or a smaller "
        "picture. They were trained on pictures of one size, so how sure they are changes with it: the train–test "
        "resolution effect."
    )
    class_index = choose_class(sight)
    classifier = sight.classifier
    inputs = (classifier, photograph.sha256, class_index)
    count = len(resolutions(classifier))
    frames = measured(
        "filmstrip",
        inputs,
        partial(tasks.filmstrip, classifier, photograph, class_index),
        f"Look at {count} resolutions",
        f"One answer at each of {count} resolutions, from 128 to 600 pixels: a few seconds.",
    )
    if frames is not None:
        _frames(frames, class_index, sight)


def _frames(frames: tuple[Frame, ...], class_index: int, sight: Classification) -> None:
    label = labels()[class_index]
    evaluated = sight.classifier.checkpoint.network.input_resolution
    sentence = resolution_sentence(frames, class_index, evaluated)
    st.markdown(f"**{sentence}**")
    figure = by_resolution(frames, label, evaluated, sight.classifier.network.input_resolution)
    rows = [
        {
            "pixels": frame.input_resolution,
            "probability": frame.probability,
            "milliseconds": frame.latency.median_ms,
            "runs": frame.latency.runs,
        }
        for frame in frames
    ]
    show(figure, "filmstrip", sentence, rows)
    strongest = max(float(np.abs(frame.local_logits).max()) for frame in frames)
    row = st.container(horizontal=True, gap="small")
    for frame in frames:
        picture = overlay(frame.seen, frame.local_logits, OPACITY, strongest)
        side = frame.input_resolution
        picture.thumbnail((2 * PICTURE_WIDTH, 2 * PICTURE_WIDTH))
        row.image(
            picture,
            caption=f"{side} px · {percent(frame.probability)} · {duration(frame.latency.median_ms)}",
            width=PICTURE_WIDTH,
            alt=f"Evidence for {label} at {side} px",
        )
    st.caption(
        f"Orange speaks for “{label}”, blue against it; one scale for all pictures: the strongest colour is "
        f"{strongest:.1f} logits, if the whole picture were like that cell."
    )
    st.dataframe(pd.DataFrame([_row(frame) for frame in frames]), hide_index=True)


def _row(frame: Frame) -> dict[str, object]:
    rows, columns = frame.local_logits.shape
    return {
        "Pixels": frame.input_resolution,
        "Probability": percent(frame.probability),
        "First answer": f"{frame.first.label} ({percent(frame.first.probability)})",
        "Cells": f"{rows} × {columns}",
        "Time": f"{frame.latency.median_ms:.1f} ms",
        "Runs": frame.latency.runs,
    }
