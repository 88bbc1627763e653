"""The page that finds α, β, γ: what a study has measured, and a study of one's own."""

from __future__ import annotations

import streamlit as st

from explorer.settings import options
from explorer.study import findings
from explorer.study.errors import StudyError
from explorer.ui import studies
from explorer.ui.panels import search_methods, search_start, search_triples
from explorer.ui.plain import plain
from explorer.ui.studies import Study

TITLE = "Find α, β, γ yourself"
NAMES = {"shipped": "Shipped with the explorer", "own": "Yours"}


def render() -> None:
    """The chosen study's findings, its triples and its methods, and the way to run one's own."""
    st.title(TITLE)
    st.markdown(
        "The paper calls it “a small grid search” and publishes nothing of it. Here it is done for real: every triple "
        "that doubles the cost at φ = 1 is trained (step 1), then the best one is scaled up and compared with depth, "
        "width and resolution alone at equal cost (step 2)."
    )
    st.segmented_control("Study", options("study"), format_func=NAMES.__getitem__, key="study", required=True)
    study = _chosen()
    if study is not None:
        _show(study)
    search_start.render()


def _chosen() -> Study | None:
    """The study that the link asks for, or a sentence in its place."""
    try:
        if st.session_state["study"] == "shipped":
            return studies.shipped()
        own = studies.own()
    except StudyError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None
    if own is None or not own.outcomes:
        st.info("No network of your own study is trained yet: start one below.", icon=":material/hourglass_empty:")
        return None
    return own


def _show(study: Study) -> None:
    plan, protocol = study.plan, study.plan.protocol
    first, *rest = findings.step_1(plan, study.outcomes)
    st.markdown(f"**{plain(first)}**")
    st.markdown(plain(" ".join(rest)))
    seeds = f"{plan.seeds} seeds"
    st.caption(
        plain(
            f"{plan.baseline.name}, {protocol.images:,} images of {protocol.data}, {protocol.epochs} epochs, {seeds}; "
            f"accuracy on {protocol.held_out:,} held-out images; intervals are 95 % over seeds."
        )
    )
    search_triples.render(study)
    search_methods.render(study)
