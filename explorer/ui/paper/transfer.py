"""Tables 5 and 6 and Figure 6."""

from __future__ import annotations

import streamlit as st

from explorer.charts.paper import results as charts
from explorer.teaching.paper import transfer
from explorer.ui.paper.parts import counts, says, sheet
from explorer.ui.paper.try_it import direct
from explorer.ui.shared import figure

ACROSS = 4


def render() -> None:
    """Eight panels and the two tables behind them."""
    says("EfficientNets trained on ImageNet and fine-tuned on eight other data sets (Figure 6, Tables 5 and 6).")
    st.caption("Accuracy in percent over millions of parameters, log scale. Line: B0 to B7. Diamonds: other networks.")
    panels = list(transfer.panels().items())
    for start in range(0, len(panels), ACROSS):
        for (dataset, dots), column in zip(panels[start : start + ACROSS], st.columns(ACROSS), strict=True):
            with column:
                st.markdown(f"**{dataset}**")
                rows = [row for row in transfer.rows() if row["data set"] == dataset]
                name = f"paper_transfer_{dataset.lower().replace(' ', '_').replace('-', '_')}"
                figure.show(charts.transfer(dots), name, transfer.panel_sentence(dataset, dots), rows)
    counts(transfer.sentence())
    sheet(transfer.table_rows(), "paper_table5_sheet")
    st.caption(
        "Tables 5 and 6 joined; “Training” and “Test”: images; “public”: available networks, “best”: the best reported."
    )
    direct("B5, level with Inception-v4 on Birdsnap", 2.2, 1.6, 456)
