"""The page where a network with trained weights looks at a photograph and shows its evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from explorer.settings.declarations import LookView, options
from explorer.ui.look import (
    answer,
    catalogue,
    difference,
    evidence,
    family,
    network,
    package,
    photographs,
    resolution,
    several,
    side_by_side,
    trust,
)
from explorer.ui.shared.page_input import PageInput
from explorer.ui.shared.state import bound
from explorer.vision.classification import Classification
from explorer.vision.photograph import PhotographFile

VIEWS: Mapping[str, tuple[str, Callable[[PhotographFile, Classification, LookView], None]]] = {
    "evidence": ("Evidence", evidence.render),
    "difference": ("Why A and not B", lambda photograph, sight, _: difference.render(photograph, sight)),
    "trust": ("Can I trust it?", lambda photograph, sight, _: trust.render(photograph, sight)),
    "compare": ("Side by side", side_by_side.render),
    "resolution": ("Resolution", lambda photograph, sight, _: resolution.render(photograph, sight)),
    "family": ("Lineage", lambda _, sight, __: family.render(sight.classifier)),
    "package": ("Train on", lambda _, sight, __: package.render(sight.classifier)),
    "catalogue": ("Weights", lambda *_: catalogue.render()),
}


def render(shown: PageInput) -> None:
    """Photograph, network, answer, and the chosen view of it."""
    st.title("What does it see?")
    view = shown.settings.look
    photograph = photographs.choose(view.photo)
    classifier = network.choose(view, shown.settings.architecture)
    if classifier is None:
        catalogue.render()
        return
    if view.photo == photographs.SEVERAL:
        several.render(classifier)
        return
    found = None if photograph is None else answer.look(classifier, photograph)
    if photograph is None or found is None:
        return
    sight, preview = found
    answer.render(preview, sight)
    st.segmented_control(
        "View", options("view"), format_func=lambda name: VIEWS[name][0], **bound("view"), required=True
    )
    VIEWS[view.view][1](photograph, sight, view)
