"""The page that finds α, β, γ: what a study has measured, and a study of one's own."""

from __future__ import annotations

import streamlit as st

from explorer.formats.quantities import counted
from explorer.settings.declarations import options
from explorer.study import findings
from explorer.study.errors import StudyError
from explorer.ui.search import methods, start, studies, triples
from explorer.ui.search.studies import Study
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.page_input import PageInput
from explorer.ui.shared.state import bound

TITLE = "Find α, β, γ yourself"
NAMES = {"shipped": "Shipped with the explorer", "own": "Yours"}


def render(shown: PageInput) -> None:
    """The chosen study's findings, its triples and its methods, and the way to run one's own."""
    st.title(TITLE)
    st.markdown(
        "The paper calls it “a small grid search” and publishes nothing of it. Here it is done for real: every triple "
        "that doubles the cost at φ = 1 is trained (step 1), then the best one is scaled up and compared with depth, "
        "width and resolution alone at equal cost (step 2)."
    )
    st.segmented_control("Study", options("study"), format_func=NAMES.__getitem__, **bound("study"), required=True)
    view = shown.settings.search
    study = _chosen(view.study)
    if study is not None:
        _show(study, view.triple)
    start.render()


def _chosen(name: str) -> Study | None:
    """The study that the link asks for, or a sentence in its place."""
    try:
        if name == "shipped":
            return studies.shipped()
        own = studies.own()
        running = studies.desk().state().running
    except StudyError as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")
        return None
    start.note_shown(own)
    if own is not None and own.outcomes:
        return own
    if running:
        text = "The first networks of your study are being trained; what they reach appears here by itself."
    elif own is None:
        text = "You have no study yet: start one below."
    else:
        text = "No network of your own study is trained yet: resume it below, or start another."
    st.info(text, icon=":material/hourglass_empty:")
    return None


def _show(study: Study, triple: str) -> None:
    plan, protocol = study.plan, study.plan.protocol
    first, *rest = findings.step_1(plan, study.outcomes)
    st.markdown(f"**{escape_markdown(first)}**")
    st.markdown(escape_markdown(" ".join(rest)))
    st.caption(
        escape_markdown(
            f"{plan.baseline.name}, {counted(protocol.images, 'image')} of {protocol.data}, "
            f"{counted(protocol.epochs, 'epoch')}, {counted(plan.seeds, 'seed')}; accuracy on "
            f"{counted(protocol.held_out, 'held-out image')}; intervals are 95 % over seeds."
        )
    )
    if study.unreadable:
        st.warning(findings.unreadable_words(study.unreadable), icon=":material/rule:")
    triples.render(study, triple)
    methods.render(study)
