"""Observation 2: Figure 4, Table 7 and Figure 8."""

from __future__ import annotations

import streamlit as st

from explorer.charts.paper import scaling as charts
from explorer.teaching.paper import balance
from explorer.ui.paper.parts import counts, says, sheet
from explorer.ui.paper.try_it import direct
from explorer.ui.shared import figure


def render() -> None:
    """Width on four baselines, and B0 scaled in four ways to one cost."""
    says(
        "**Observation 2.** To pursue accuracy and efficiency it is critical to balance width, depth and resolution. "
        "Figure 4 widens four baselines; the colour says which dimension was raised before the width."
    )
    sentence = balance.figure4_sentence()
    figure.show(charts.figure4(), "paper_figure4", sentence, balance.figure4_rows())
    st.markdown(sentence)
    st.subheader("Four ways to one cost")
    says("Table 7 and Figure 8 scale B0 in four ways to about the same cost.")
    told = balance.table7_sentence()
    figure.show(charts.figure8_chart(), "paper_figure8", told, balance.figure8_rows())
    sheet(balance.recount_rows(balance.recounted()), "paper_table7_sheet")
    counts(told)
    left, right = st.columns(2)
    with left:
        direct("wider from d = 2, r = 1.3", 2.0, 2.0, 291)
    with right:
        direct("Table 7's compound network", 1.4, 1.2, 300)
