"""The page where a network with trained weights looks at a photograph and shows its evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from explorer.settings.declarations import options
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
from explorer.ui.look.looking import look
from explorer.vision.classification import Classification
from explorer.vision.images import Photograph

VIEWS: Mapping[str, tuple[str, Callable[[Photograph, Classification], None]]] = {
    "evidence": ("Evidence", evidence.render),
    "difference": ("Why A and not B", difference.render),
    "trust": ("Can I trust it?", trust.render),
    "compare": ("Side by side", side_by_side.render),
    "resolution": ("Resolution", resolution.render),
    "family": ("Lineage", lambda _, sight: family.render(sight.classifier)),
    "package": ("Train on", lambda _, sight: package.render(sight.classifier)),
    "catalogue": ("Weights", lambda *_: catalogue.render()),
}


def render() -> None:
    """Photograph, network, answer, and the chosen view of it."""
    st.title("What does it see?")
    photograph = photographs.choose()
    classifier = network.choose()
    if classifier is None:
        catalogue.render()
        return
    if st.session_state["photo"] == photographs.SEVERAL:
        several.render(classifier)
        return
    sight = None if photograph is None else look(classifier, photograph)
    if photograph is None or sight is None:
        return
    answer.render(photograph, sight)
    st.segmented_control("View", options("view"), format_func=lambda name: VIEWS[name][0], key="view", required=True)
    VIEWS[st.session_state["view"]][1](photograph, sight)
