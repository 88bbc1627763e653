"""Table 1: the network that is scaled."""

from __future__ import annotations

import streamlit as st

from explorer.charts.paper import rule as charts
from explorer.teaching.paper import baseline
from explorer.ui.paper.parts import counts, says, sheet
from explorer.ui.paper.try_it import formula
from explorer.ui.shared import figure


def render() -> None:
    """B0 as printed, and where its cost lies."""
    says(
        "Scaling cannot make a poor network good, so the baseline matters. EfficientNet-B0 was found by a search "
        "(chapter “The search”); its building block is MBConv, the inverted bottleneck of MobileNetV2, with "
        "squeeze-and-excitation."
    )
    rows = baseline.rows()
    columns = ("Stage", "Operator", "Resolution, pixels", "Channels", "Layers", "Built alike")
    sheet([{column: row[column] for column in columns} for row in rows], "paper_table1_sheet")
    st.caption("Table 1 as printed; the resolution is that of the stage's input. “Built alike”: our network agrees.")
    sentence = baseline.sentence()
    figure.show(charts.shares(rows), "paper_stages", f"Bars by stage. {sentence}", rows)
    counts(sentence)
    formula("B0 itself", 0.0)
