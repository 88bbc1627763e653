"""The evidence map for one class: exact and in logits at the last stage, or by a gradient at any other."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.charts.evidence import LOGITS, evidence_map
from explorer.jobs import tasks
from explorer.network.baselines import Operator
from explorer.network.description import Network
from explorer.settings.declarations import LookView, options
from explorer.ui.look import region
from explorer.ui.shared.measurement import measured
from explorer.ui.shared.state import bound
from explorer.vision.activation_maps import CamMethod
from explorer.vision.classification import Classification
from explorer.vision.difference_narrative import method_sentence, region_sentence
from explorer.vision.imagenet import labels
from explorer.vision.narrative import evidence_sentence
from explorer.vision.photograph import PhotographFile
from explorer.vision.region import Region

FIRST_ANSWER = -1
EXACT = "exact"
DRAWN = {"smooth": "Smooth", "cells": "True cells"}


def render(photograph: PhotographFile, sight: Classification, view: LookView) -> None:
    """The map over what the network saw, with its class, method, stage, opacity and rectangle."""
    st.subheader("Where it finds its evidence")
    picture, controls = st.columns([3, 2])
    with controls:
        class_index = choose_class(sight)
        evidence, sentence, unit = _chosen(photograph, sight, class_index, view.stage)
        if evidence is not None:
            opacity, cells = choose_drawing()
            inside = region.choose(evidence)
    with picture:
        if evidence is None:
            st.markdown("This map takes a pass of its own, with a gradient: it is drawn here once it is computed.")
            return
        figure = evidence_map(sight.seen, evidence, opacity, unit=unit, cells=cells)
        region.draw(figure, "evidence", inside, sentence.replace("*", ""))
        st.markdown(_inside(evidence, class_index, inside))
        st.markdown(sentence)


def _inside(evidence: NDArray[np.float32], class_index: int, inside: Region) -> str:
    """How much of the evidence lies in the rectangle, or how to draw one."""
    if inside.whole:
        return f"{region.how_to_draw()}, to read how much of the evidence lies in it."
    return region_sentence(evidence, class_index, inside)


def choose_class(sight: Classification, title: str = "Class") -> int:
    """Let the visitor choose one of all classes, the likeliest first; the default is the first answer."""
    first = sight.top(1)[0]
    chosen: int = st.selectbox(
        title,
        [FIRST_ANSWER, *np.argsort(-sight.logits, kind="stable").tolist()],
        format_func=lambda index: (
            f"{first.label}: its first answer" if index == FIRST_ANSWER else f"{labels()[index]} ({index})"
        ),
        **bound("class_index"),
        help="Any of the 1000 classes, the likeliest first: type to search.",
    )
    return first.class_index if chosen == FIRST_ANSWER else chosen


def choose_drawing() -> tuple[float, bool]:
    """How a map is drawn: how strong its colours are, from 0 to 1, and whether cell by cell."""
    drawn = st.segmented_control(
        "Drawn",
        options("drawn"),
        format_func=DRAWN.__getitem__,
        **bound("drawn"),
        required=True,
        help="The map has one number for each cell; smooth colours between the cells' centres are interpolated.",
    )
    opacity: int = st.slider("Opacity of the map, %", 0, 100, step=5, **bound("opacity"))
    return opacity / 100, drawn == "cells"


def stages_with_a_map(network: Network) -> tuple[int, ...]:
    """The numbers of the stages that have a feature map of their own; one that only classifies has none."""
    return tuple(stage.number for stage in network.stages if stage.template.operator is not Operator.CLASSIFIER)


def _chosen(
    photograph: PhotographFile, sight: Classification, class_index: int, asked: int
) -> tuple[NDArray[np.float32] | None, str, str]:
    """The map that the visitor asks for (None before it is computed), what it says, and its unit."""
    name = st.selectbox(
        "Map",
        options("method"),
        format_func=_title,
        **bound("method"),
        help="The exact map comes with the answer. The others follow a gradient down to the stage that you choose.",
    )
    if name == EXACT:
        return sight.maps[class_index], evidence_sentence(sight, class_index), LOGITS
    method, stage = CamMethod[name.upper()], _choose_stage(sight.classifier.network, asked)
    found = measured(
        "stage_maps",
        (sight.classifier, photograph.sha256, stage, class_index),
        partial(tasks.stage_maps, sight.classifier, sight.seen, stage, class_index),
        f"Compute the maps at stage {stage}",
        "One pass and one gradient give the maps of all four methods: a second or a few.",
    )
    if found is None:
        return None, "", ""
    last = stage == stages_with_a_map(sight.classifier.network)[-1]
    sentence = method_sentence(method, stage, class_index, found[method], last=last)
    return found[method], sentence, LOGITS if last and method in (CamMethod.GRAD_CAM, CamMethod.HIRES_CAM) else ""


def _title(name: str) -> str:
    return "Exact, at the last stage" if name == EXACT else f"{CamMethod[name.upper()].value}, at any stage"


def _choose_stage(network: Network, asked: int) -> int:
    """Let the visitor choose a stage; one that the network does not have becomes its last."""
    there = stages_with_a_map(network)
    if asked not in there:
        st.session_state["stage"] = there[-1]
    resolutions = {stage.number: stage.blocks[-1].shape.output_resolution for stage in network.stages}
    chosen: int = st.selectbox(
        "Stage",
        there,
        format_func=lambda number: f"{number}: {resolutions[number]} × {resolutions[number]} cells",
        **bound("stage"),
    )
    return chosen
