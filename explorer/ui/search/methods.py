"""Step 2 of a study: depth, width and resolution alone against all three, at equal built cost."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from explorer.charts import search
from explorer.formats.measures import MACS
from explorer.formats.quantities import times
from explorer.study import findings, observations
from explorer.study.findings import NAMES, MeasuredTriple, points
from explorer.ui.search.studies import Study
from explorer.ui.shared import figure
from explorer.ui.shared.escape_markdown import escape_markdown


def render(study: Study) -> None:
    """The chart of the methods, the table of differences, and what both say."""
    st.subheader("Does it pay to scale all three?")
    measured = findings.measured(study.plan, study.outcomes, 2)
    if not any(each.method == "compound" for each in measured):
        st.info(_not_yet(study), icon=":material/hourglass_empty:")
        return
    verdict = observations.verdict(study.plan, study.outcomes)
    if verdict:
        st.markdown(f"**{escape_markdown(verdict)}**")
    left, right = st.columns([3, 2])
    with left:
        told = " ".join(observations.step_2(study.plan, study.outcomes))
        figure.show(search.methods(measured), "search-methods", told, [_row(each) for each in measured])
    with right:
        gains = observations.observation_1(study.plan, study.outcomes)
        st.markdown("\n".join(f"- {escape_markdown(sentence)}" for sentence in gains))
    _table(study, measured)


def _not_yet(study: Study) -> str:
    none = "The methods of scaling have not been compared"
    if not study.plan.step_2:
        return f"{none}: this study was asked for step 1 only."
    return f"{none} yet. Step 2 follows when every triple is trained."


def _table(study: Study, measured: Sequence[MeasuredTriple]) -> None:
    """Every difference at every cost, where there are any."""
    costs = {each.phi: times(each.factor) for each in measured if each.method == "compound"}
    rows: dict[float, dict[str, str]] = {}
    for phi, method, gap in observations.differences(study.plan, study.outcomes):
        words = "the same network" if gap is None else points(gap)
        rows.setdefault(phi, {"Cost": f"φ = {phi:g}: {costs[phi]}"})[NAMES[method].capitalize()] = words
    if rows:
        st.markdown("Compound scaling minus one dimension alone, in points of accuracy, paired by seed:")
        st.table(pd.DataFrame(list(rows.values())).set_index("Cost").fillna("–"))


def _row(one: MeasuredTriple) -> dict[str, object]:
    run = one.outcomes[0].run
    return {
        "method": NAMES[one.method],
        "φ": one.phi,
        "depth ×": round(run.depth, 4),
        "width ×": round(run.width, 4),
        "pixels": run.pixels,
        f"{MACS.label}, × the baseline's": times(one.factor).rstrip("×"),
        "accuracy, %": one.accuracy.mean,
        "± 95 %": one.accuracy.half if one.accuracy.count > 1 else None,
        "seeds": one.accuracy.count,
    }
