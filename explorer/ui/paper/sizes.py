"""Figures 1 and 5."""

from __future__ import annotations

import streamlit as st

from explorer.charts.paper import results as charts
from explorer.formats.measures import MACS, PARAMS
from explorer.teaching.paper import sizes
from explorer.ui.paper.parts import counts, says
from explorer.ui.paper.try_it import direct
from explorer.ui.shared import figure


def render() -> None:
    """Accuracy against parameters and against multiply-adds."""
    says("EfficientNets are smaller (Figure 1) and cheaper (Figure 5) than other networks of their accuracy.")
    for heading, name, unit, given in (
        ("Figure 1: parameters", "paper_figure1", PARAMS.label, sizes.by_size()),
        ("Figure 5: multiply-adds", "paper_figure5", MACS.label, sizes.by_cost()),
    ):
        st.subheader(heading)
        sentence = sizes.sentence(given, unit)
        figure.show(charts.size(given), name, sentence, sizes.rows(given, unit))
        counts(sentence)
    st.caption(
        "Read from the drawings, which show the accuracies of v3. The dot at 10.9 million parameters has no label in "
        "Figure 1; it is NASNet-A (5@1538) by its numbers."
    )
    direct("B3, far left of ResNeXt-101", 1.4, 1.2, 300)
