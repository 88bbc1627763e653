"""The paper's Figure 7 on this photograph: one class, several networks, one scale."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from explorer.cost import counting
from explorer.formats.measures import MACS, PARAMS
from explorer.formats.quantities import duration, engineering, percent
from explorer.jobs import tasks
from explorer.models.checkpoints import at_hand
from explorer.models.lineage import Classifier
from explorer.settings.declarations import FIELDS, LookView, options
from explorer.settings.fields import Text
from explorer.ui.look.evidence import choose_class
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.measurement import measured
from explorer.ui.shared.state import bound
from explorer.vision import side_by_side
from explorer.vision.classification import Classification
from explorer.vision.filmstrip import Frame
from explorer.vision.imagenet import labels
from explorer.vision.overlay import overlay
from explorer.vision.photograph import PhotographFile
from explorer.vision.side_by_side import MOST, ComparedNetwork

OPACITY = 0.85
ROW = 5
WIDTH, WIDE = 150, 250
"""Of a column, in pixels: five stand in one row, six in two."""

PREFIX = "EfficientNet-"

SOURCES = {"paper": "The paper's five", "links": "Links"}


def render(photograph: PhotographFile, sight: Classification, view: LookView) -> None:
    """Choose the networks, run them in one job, and show a column for each."""
    st.subheader("Side by side")
    st.markdown(
        "The paper's Figure 7 shows what networks look at that were scaled in different ways to about the same cost: "
        "four times as deep, twice as wide, twice the resolution, or some of each. Here they look at your photograph."
    )
    st.segmented_control(
        "Networks", options("beside"), format_func=SOURCES.__getitem__, **bound("beside"), required=True
    )
    contenders = _linked() if view.beside == "links" else side_by_side.figure7(sight.classifier, at_hand())
    if contenders:
        compare(photograph, sight, contenders)


def compare(photograph: PhotographFile, sight: Classification, contenders: tuple[ComparedNetwork, ...]) -> None:
    """Choose the class, run all networks in one job, and show a column for each; `sight` offers its classes first."""
    class_index = choose_class(sight)
    classifiers = tuple(each.classifier for each in contenders if each.classifier is not None)
    frames: tuple[Frame, ...] | None = ()
    if classifiers:
        frames = measured(
            "compare",
            (classifiers, photograph.sha256, class_index),
            partial(tasks.compare, classifiers, photograph, class_index),
            f"Compare {len(classifiers)} networks" if len(classifiers) > 1 else "Look",
            "Each is built with its weights and run some times: a few seconds for each.",
        )
    _columns(contenders, frames, class_index)


def _linked() -> tuple[ComparedNetwork, ...]:
    """The networks of the links that the visitor pastes."""
    field = FIELDS["links"]
    text = st.text_area(
        "Links, one a line",
        **bound("links"),
        max_chars=field.longest if isinstance(field, Text) else None,
        placeholder="family=lite&phi=1\nfamily=lite&phi=2",
        help="The address of any page of the explorer, or only what follows its question mark.",
    )
    given = side_by_side.lines(text)
    if not given:
        st.info(f"Paste the links of up to {MOST} networks, a line each.", icon=":material/link:")
    elif len(given) > MOST:
        st.warning(f"These are {len(given)} links: the first {MOST} are compared.", icon=":material/filter_list:")
    return side_by_side.linked(text, at_hand())


def _columns(contenders: tuple[ComparedNetwork, ...], frames: tuple[Frame, ...] | None, class_index: int) -> None:
    """A column for each network; `frames`, of those that can look, is None while they have not."""
    label = labels()[class_index]
    strongest = max((float(np.abs(frame.local_logits).max()) for frame in frames or ()), default=0.0)
    found = iter(frames or ())
    pairs = [(each, None if each.classifier is None else next(found, None)) for each in contenders]
    row = st.container(horizontal=True, gap="small")
    for contender, frame in pairs:
        with row.container(width=WIDTH if len(contenders) <= ROW else WIDE, gap="small"):
            _column(contender, frame, label, strongest)
    if not frames:
        return
    st.caption(
        f"Orange speaks for “{label}”, blue against it; one scale for all: the strongest colour is {strongest:.1f} "
        "logits, if the whole picture were like that cell. So maps of different resolutions can be compared."
    )
    note = side_by_side.growth_note(each.classifier for each in contenders if each.classifier is not None)
    if note:
        st.info(note, icon=":material/school:")
    rows = [
        _row(each, each.classifier, frame) for each, frame in pairs if each.classifier is not None and frame is not None
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _column(contender: ComparedNetwork, frame: Frame | None, label: str, strongest: float) -> None:
    if frame is not None:
        picture = overlay(frame.seen, frame.local_logits, OPACITY, strongest)
        st.image(
            picture.resize((2 * WIDE, 2 * WIDE)),
            width="stretch",
            alt=f"Evidence for {label}: {escape_markdown(contender.title)}",
        )
    st.markdown(f"**{escape_markdown(contender.title)}**")
    if contender.classifier is None:
        st.warning(escape_markdown(contender.refusal), icon=":material/block:")
    elif frame is not None:
        st.markdown(f"{percent(frame.probability)}, {duration(frame.latency.median_ms)}")
    st.caption("  \n".join(_details(contender)))


def _details(contender: ComparedNetwork) -> list[str]:
    network = None if contender.classifier is None else contender.classifier.network
    size = (
        []
        if network is None
        else [f"{network.input_resolution} px", f"{engineering(counting.of(network).macs)} multiply-adds"]
    )
    return [text for text in (contender.scaled, *size, escape_markdown(contender.note)) if text]


def _row(contender: ComparedNetwork, classifier: Classifier, frame: Frame) -> dict[str, object]:
    spent = counting.of(classifier.network)
    return {
        "Network": f"{contender.title}, {contender.scaled}" if contender.scaled else contender.title,
        "Weights": f"{classifier.weights.kind}: {classifier.checkpoint.title.removeprefix(PREFIX)}",
        "Pixels": frame.input_resolution,
        PARAMS.column: engineering(spent.params),
        MACS.column: engineering(spent.macs),
        "Probability": percent(frame.probability),
        "First answer": frame.first.label,
        "Time": duration(frame.latency.median_ms),
        "Runs": frame.latency.runs,
    }
