"""Step 2 of a study: depth, width and resolution alone against all three, at equal built cost."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from explorer.charts import search
from explorer.quantities import times
from explorer.study import findings
from explorer.study.findings import NAMES, SINGLE, Measured, points
from explorer.ui import figure
from explorer.ui.plain import plain
from explorer.ui.studies import Study


def render(study: Study) -> None:
    """The chart of the methods, the table of differences, and what both say."""
    st.subheader("Does it pay to scale all three?")
    sentences = findings.step_2(study.plan, study.outcomes)
    measured = findings.measured(study.plan, study.outcomes, 2)
    if not any(each.method == "compound" for each in measured):
        st.info(f"{sentences[0]} Step 2 follows when every triple is trained.", icon=":material/hourglass_empty:")
        return
    st.markdown(f"**{plain(sentences[-1])}**")
    left, right = st.columns([3, 2])
    with left:
        figure.show(search.methods(measured), "search-methods", " ".join(sentences), [_row(each) for each in measured])
    with right:
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences[: len(SINGLE)]))
    st.markdown("Compound scaling minus one dimension alone, in points of accuracy, paired by seed:")
    costs = {each.phi: times(each.factor) for each in measured if each.method == "compound"}
    rows: dict[float, dict[str, str]] = {}
    for phi, method, difference in findings.differences(study.plan, study.outcomes):
        rows.setdefault(phi, {"Cost": f"φ = {phi:g}: {costs[phi]}"})[NAMES[method].capitalize()] = points(difference)
    st.table(pd.DataFrame(list(rows.values())).set_index("Cost"))


def _row(one: Measured) -> dict[str, object]:
    run = one.outcomes[0].run
    return {
        "method": NAMES[one.method],
        "φ": one.phi,
        "depth ×": round(run.depth, 4),
        "width ×": round(run.width, 4),
        "pixels": run.pixels,
        "multiply-adds, × the baseline's": times(one.factor).rstrip("×"),
        "accuracy, %": one.accuracy.mean,
        "± 95 %": one.accuracy.half if one.accuracy.count > 1 else None,
        "seeds": one.accuracy.count,
    }
