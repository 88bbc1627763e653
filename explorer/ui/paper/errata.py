"""Where published numbers contradict each other."""

from __future__ import annotations

import streamlit as st

from explorer.charts.paper import errata as charts
from explorer.published.discrepancies import STATUSES
from explorer.teaching.paper import errata, results
from explorer.ui.paper.parts import plain_table
from explorer.ui.paper.results import version_switch
from explorer.ui.shared import figure

EVERY = "all"


def render(version: str) -> None:
    """Every known discrepancy with its two numbers, our recount and its status; and Table 2 by version."""
    chosen = st.segmented_control(
        "Status",
        (EVERY, *STATUSES),
        default=EVERY,
        format_func=str.capitalize,
        required=True,
        key="_errata_status",
        persist_state="session",
    )
    given = errata.of_status("" if chosen == EVERY else chosen)
    st.markdown(f"**{errata.sentence(given)}**")
    found = errata.deviations(given)
    if found:
        figure.show(charts.deviations(found), "paper_errata", errata.deviation_sentence(given), errata.rows(given))
    else:
        figure.save("paper_errata_data", errata.rows(given))
    for status in STATUSES if chosen == EVERY else (chosen,):
        st.subheader(status.capitalize())
        st.caption(f"{STATUSES[status].capitalize()}.")
        st.markdown(errata.items(errata.of_status(status)))
    st.caption("None of these numbers is corrected anywhere in the explorer: each stands as its source prints it.")
    st.subheader("One table, three versions")
    version_switch()
    st.markdown(results.sentence(version))
    plain_table(results.version_rows(version), "Network")
