"""Figure 7: where networks scaled in different ways look."""

from __future__ import annotations

import streamlit as st

from explorer.paper import balance
from explorer.ui import look_page
from explorer.ui.paper.parts import counts, says


def render() -> None:
    """Why compound scaling is better, in pictures that page Look draws for a photograph of your own."""
    says(
        "Class activation maps (Figure 7): the network scaled by all dimensions attends to more relevant regions with "
        "more detail, where those scaled by one lack detail or miss objects. The four networks are those of Table 7."
    )
    listed = ", ".join(
        f"{each.row.method} {each.row.top1:g} % with {each.macs / balance.BILLION:.2f} billion multiply-adds"
        for each in balance.recounted()
    )
    counts(
        f"Table 7's networks, as counted: {listed}. A map is a sum of evidence in logits; maps can be compared only on "
        "one scale, which is how page Look draws them."
    )
    page = st.Page(look_page.render, title="Look", url_path="look")
    st.page_link(page, label="See it on a photograph", icon=":material/visibility:")
