"""Figure 7: where networks scaled in different ways look."""

from __future__ import annotations

import streamlit as st

from explorer.formats.measures import BILLION
from explorer.models.checkpoints import at_hand, bundled
from explorer.models.lineage import Classifier, Untrained, of_checkpoint, weights_for
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import of_baseline
from explorer.teaching.paper import balance
from explorer.ui.look import answer, photographs
from explorer.ui.look.side_by_side import compare
from explorer.ui.paper.parts import counts, says
from explorer.vision.side_by_side import figure7

TWIN = "lite0"
"""Trained weights of B0, the paper's baseline, may not be at hand; those of its twin are."""


def render(photo: str) -> None:
    """The maps of the paper's five networks, scaled from a trained baseline, for a photograph of the reader's."""
    says(
        "Class activation maps (Figure 7): the network scaled by all dimensions attends to more relevant regions with "
        "more detail, where those scaled by one lack detail or miss objects. The four networks are those of Table 7."
    )
    listed = ", ".join(
        f"{each.row.method} {each.row.top1:g} % with {each.macs / BILLION:.2f} billion multiply-adds"
        for each in balance.recounted()
    )
    baseline = _baseline()
    counts(
        f"Table 7's networks, as counted: {listed}. Here {baseline.title} is scaled in the same ways. A map is a sum "
        "of evidence in logits; maps can be compared only on one scale, so all have the same."
    )
    photograph = photographs.choose(photo)
    if photo == photographs.SEVERAL:
        st.info("The figure takes one photograph: page Look takes several.", icon=":material/photo_library:")
    found = None if photograph is None else answer.look(baseline, photograph)
    if photograph is not None and found is not None:
        compare(photograph, found[0], figure7(baseline, at_hand()))


def _baseline() -> Classifier:
    """B0 where its weights are at hand, else its twin."""
    b0 = of_baseline(EFFICIENTNET)
    weights = weights_for(b0, at_hand())
    return of_checkpoint(bundled()[TWIN]) if isinstance(weights, Untrained) else Classifier(b0, weights)
