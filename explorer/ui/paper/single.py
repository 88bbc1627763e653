"""Observation 1: Figure 3."""

from __future__ import annotations

import streamlit as st

from explorer.accuracy.predict import report
from explorer.charts.paper import scaling as charts
from explorer.teaching.paper import single
from explorer.ui.paper.parts import counts, predicts, says
from explorer.ui.paper.try_it import direct
from explorer.ui.shared import figure


def render() -> None:
    """One dimension at a time, three lines on one axis."""
    says(
        "**Observation 1.** Scaling up any dimension of width, depth or resolution improves accuracy, but the gain "
        "diminishes for bigger models (Figure 3). The paper draws three cost axes; here there is one."
    )
    sentence = single.sentence()
    model = single.model_sentence(report())
    figure.show(charts.figure3(), "paper_figure3", f"{sentence} {model}", single.rows())
    st.markdown(sentence)
    counts(single.recount_sentence())
    predicts(model)
    left, middle, right = st.columns(3)
    with left:
        direct("d = 8", 8.0, 1.0, 224)
    with middle:
        direct("w = 5", 1.0, 5.0, 224)
    with right:
        direct("r = 2.5", 1.0, 1.0, 560)
