"""Tables 2 and 8."""

from __future__ import annotations

import streamlit as st

from explorer.charts.paper import results as charts
from explorer.settings.declarations import options
from explorer.teaching.paper import results
from explorer.ui.paper.parts import counts, plain_table, says, sheet
from explorer.ui.paper.try_it import direct
from explorer.ui.shared import figure
from explorer.ui.shared.state import bound

VERSIONS = {"v5": "v5, September 2020", "v3": "v3", "v1": "v1, May 2019"}


def render(version: str) -> None:
    """Table 2 in the chosen version of the paper, its ratios recomputed, and Table 8."""
    says("B0 to B7 against networks of their accuracy (Table 2). The paper's versions print different accuracies:")
    version_switch()
    sentence = results.sentence(version)
    figure.show(charts.versions(version), "paper_table2", sentence, results.table_rows(version))
    st.markdown(sentence)
    sheet(results.table_rows(version), "paper_table2_sheet")
    st.caption(
        "Ratios are to the EfficientNet of the same accuracy: as printed, recomputed from the printed numbers, and the "
        "printed number over our exact count. FLOPS are multiply-adds, as everywhere in the paper."
    )
    counts(results.advantage_sentence(version))
    st.subheader("Validation and test")
    says("Table 8 (v5): ImageNet's validation set beside its test set.")
    plain_table(results.split_rows(), "Network")
    direct("B4 as published", 1.8, 1.4, 380)


def version_switch() -> None:
    """The version of the paper whose accuracies are shown."""
    st.segmented_control(
        "Version of the paper", options("version"), format_func=VERSIONS.__getitem__, **bound("version"), required=True
    )
