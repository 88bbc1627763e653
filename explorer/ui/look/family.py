"""Where the weights come from: the ancestor, what was widened and what was added."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from explorer.charts.lineage import family_tree
from explorer.models.lineage import Classifier, Trained
from explorer.network.description import Stage
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.figure import show
from explorer.vision.narrative import growth_sentence, lineage_sentence

EXACT = (
    "Growing changes no answer. A copied channel is one that repeats another; the layers that read both share the "
    "old weight between them, in random parts that add up to one. An added layer begins as the identity: it adds "
    "nothing to its input. So the grown network computes its ancestor's function to the last few bits, and training "
    "can start where the ancestor's ended."
)


def render(classifier: Classifier) -> None:
    """The family tree on the drawing, and the same as a table."""
    st.subheader("Where its weights come from")
    st.markdown(escape_markdown(lineage_sentence(classifier)))
    if isinstance(classifier.weights, Trained):
        st.caption("Nothing had to be grown: every channel and every layer has trained weights of its own.")
        return
    ancestor = classifier.checkpoint.network.at(classifier.network.input_resolution)
    sentence = growth_sentence(classifier)
    st.markdown(f"**{sentence}**")
    pairs = zip(classifier.network.stages, ancestor.stages, strict=True)
    rows = [_row(stage, before) for stage, before in pairs]
    figure = family_tree((classifier.checkpoint.title, ancestor), ("Grown", classifier.network))
    show(figure, "family_tree", sentence, rows)
    st.caption(EXACT)
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _row(stage: Stage, before: Stage) -> dict[str, object]:
    return {
        "Stage": stage.number,
        "Operator": stage.operator,
        "Channels": f"{before.channels} → {stage.channels}",
        "Copied": stage.channels - before.channels,
        "Layers": f"{before.depth} → {stage.depth}",
        "Added": stage.depth - before.depth,
    }
