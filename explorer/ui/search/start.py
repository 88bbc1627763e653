"""Run a study from the page: its estimate, its progress, and how it is paused, resumed and cancelled."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import cast

import streamlit as st

from explorer.formats.quantities import counted, minutes
from explorer.network.scaling import ScalingError
from explorer.study import data, estimate, paths
from explorer.study import plan as planning
from explorer.study.errors import StudyError
from explorer.study.estimate import StudyProgress
from explorer.study.plan import Plan
from explorer.study.protocol import Protocol
from explorer.ui.search import studies
from explorer.ui.search.studies import Study
from explorer.ui.shared import workers
from explorer.ui.shared.escape_markdown import escape_markdown

POLL_SECONDS = 2.0
COMPLAINT = "_study_complaint"
SHOWN = "_study_outcomes_shown"
MOST_IMAGES, FEWEST_IMAGES, IMAGES_STEP = 60_000, 500, 500
MOST_EPOCHS, MOST_SEEDS, FEWEST_SEEDS, MOST_TRIPLES, FEWEST_TRIPLES = 50, 10, 2, 50, 2
ALL_TRIPLES = 20


def render() -> None:
    """The form that starts a study, or the progress of the one that runs."""
    st.subheader("Run it yourself")
    if not paths.may_start():
        st.info(
            "This server does not run studies. On a machine of your own: `python -m explorer study run`.",
            icon=":material/block:",
        )
        return
    try:
        state = studies.desk().state()
    except StudyError as error:  # its folder cannot be written
        st.error(escape_markdown(str(error)), icon=":material/error:")
        return
    if state.running:
        _running()
        return
    _complaint()
    if state.complaint:
        st.error(escape_markdown(state.complaint), icon=":material/error:")
    unfinished = _unfinished()
    if unfinished is not None:
        _paused(unfinished)
    _form(unfinished is not None)


def _unfinished() -> Study | None:
    """The own study, where runs of it are left."""
    try:
        study = studies.own()
    except StudyError as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")
        return None
    return None if study is None or study.done else study


def note_shown(study: Study | None) -> None:
    """Remember what the page has shown of one's own study: when more of it is done the page is drawn again."""
    st.session_state[SHOWN] = 0 if study is None else len(study.outcomes)


def is_stale(study: Study | None, state: Mapping[str, object]) -> bool:
    """Whether the upper part of the page shows one's own study, and less of it than there is by now."""
    if study is None or state["study"] != "own":
        return False
    return len(study.outcomes) != state.get(SHOWN)


@st.fragment(run_every=POLL_SECONDS)
def _running() -> None:
    """Progress while it runs; only this part of the page is drawn again meanwhile."""
    study = _while_it_is_made()
    if not studies.desk().state().running or is_stale(study, cast("Mapping[str, object]", st.session_state)):
        st.rerun()
    _complaint()
    if study is None:
        st.progress(0.0, "Starting: the networks are being prepared.")
    else:
        state = estimate.progress(study.plan, study.outcomes, study.given_up, 1)
        st.progress(state.share, f"{_trained(state)}, {_left(state)}.")
    st.markdown(
        "It runs in a process of its own: this page can be closed and opened again. One study runs at a time on this "
        "server, and its results appear under “Yours” as they come. Who started it can pause or cancel it."
    )
    with st.container(horizontal=True):
        if st.session_state["study"] != "own" and st.button(
            "Show the results so far", key="_study_show", icon=":material/visibility:", on_click=_show_own
        ):
            st.rerun()
        if studies.desk().may_stop(workers.visitor()):
            _button("Pause", "pause", ":material/pause:", studies.desk().pause)
            _cancel()


def _while_it_is_made() -> Study | None:
    """One's own study; None as long as its record is being made."""
    try:
        return studies.own()
    except StudyError:
        return None


def _trained(state: StudyProgress) -> str:
    given_up = f", {state.failed} given up" if state.failed else ""
    return f"{state.done} of {counted(state.total, 'network')} are trained{given_up}"


def _left(state: StudyProgress) -> str:
    if state.seconds_left is None:
        return "the first network is being trained"
    return f"{minutes(state.seconds_left)} left"


def _paused(study: Study) -> None:
    state = estimate.progress(study.plan, study.outcomes, study.given_up, 1)
    left = "" if state.seconds_left is None else f", {_left(state)}"
    st.progress(state.share, f"Paused: {_trained(state)}{left}.")
    with st.container(horizontal=True):
        _button(
            "Resume", "resume", ":material/play_arrow:", lambda: studies.desk().resume(_processes(), workers.visitor())
        )
        _cancel()


def _cancel() -> None:
    with st.popover("Cancel", icon=":material/close:"):
        st.markdown("Stop for good? What is trained already is set aside in the data folder, not deleted.")
        _button("Stop for good", "cancel", ":material/delete:", studies.desk().cancel)


def _form(paused: bool) -> None:
    label = "Start another study" if paused else "Start a study"
    with st.container(border=True):
        st.markdown(f"**{label}** on Fashion-MNIST with a small MBConv network.")
        plan, processes = _asked()
        if plan is None:
            return
        st.markdown(escape_markdown(_estimated(plan, processes)))
        if paused:
            st.markdown("The paused study is set aside in the data folder.")
        _button(label, "start", ":material/play_arrow:", lambda: _start(plan, processes))


def _asked() -> tuple[Plan | None, int]:
    """The plan that the form asks for; none where it cannot be made, and then its sentence."""
    usual = Plan()
    with st.container(horizontal=True):
        triples = st.slider(
            "Triples",
            FEWEST_TRIPLES,
            ALL_TRIPLES,
            ALL_TRIPLES,
            help="Spread out over the grid.",
            key="_study_triples",
            persist_state="session",
        )
        seeds = st.slider(
            "Seeds for each",
            FEWEST_SEEDS,
            MOST_SEEDS,
            usual.seeds,
            help="More seeds, shorter intervals.",
            key="_study_seeds",
            persist_state="session",
        )
        images = st.slider(
            "Training images",
            FEWEST_IMAGES,
            MOST_IMAGES,
            usual.protocol.images,
            IMAGES_STEP,
            key="_study_images",
            persist_state="session",
        )
        epochs = st.slider(
            "Epochs", 1, MOST_EPOCHS, usual.protocol.epochs, key="_study_epochs", persist_state="session"
        )
    processes = _processes()
    try:
        data.class_count(data.FASHION_MNIST, paths.images())
        protocol = Protocol(images=images, epochs=epochs)
        return Plan(most=0 if triples == ALL_TRIPLES else triples, seeds=seeds, protocol=protocol), processes
    except (StudyError, ScalingError) as error:
        st.warning(escape_markdown(str(error)), icon=":material/image_not_supported:")
        return None, processes


def _processes() -> int:
    """One process fewer than there are processors: the pages want one too."""
    return max(1, (os.cpu_count() or 1) - 1)


def _estimated(plan: Plan, processes: int) -> str:
    """How much is trained, and about how long that takes, where that is known."""
    runs = f"{counted(planning.total(plan), 'network')} are trained"
    try:
        rate, whose = _rate(plan)
    except StudyError:
        return f"{runs}."
    return f"{runs}, {minutes(estimate.seconds_before(plan, rate, processes))} in all, as fast as {whose}."


def _rate(plan: Plan) -> tuple[float, str]:
    """Seconds of a unit of work, and whose measurement that is.

    Raises:
        StudyError: the shipped study cannot be read.
    """
    try:
        own = studies.own()
    except StudyError:
        own = None
    if own is not None and own.plan.family == plan.family:
        rate = estimate.seconds_for_weight(own.plan, own.outcomes)
        if rate is not None:
            return rate, "your last study on this machine"
    shipped = studies.shipped()
    rate = estimate.seconds_for_weight(shipped.plan, shipped.outcomes)
    if rate is None:
        raise StudyError("The study that comes with the explorer is empty: install the explorer again.")
    return rate, f"the shipped study's machine ({shipped.outcomes[0].result.machine})"


def _start(plan: Plan, processes: int) -> None:
    studies.desk().start(plan, processes, workers.visitor())
    _show_own()


def _show_own() -> None:
    st.session_state["study"] = "own"


def _button(label: str, name: str, icon: str, action: Callable[[], None]) -> None:
    """A button whose action may fail with a sentence, which is shown in the next run."""
    st.button(label, key=f"_study_{name}", icon=icon, on_click=_attempt, args=(action,))


def _complaint() -> None:
    """What a button could not do."""
    complaint = st.session_state.pop(COMPLAINT, "")
    if complaint:
        st.warning(escape_markdown(complaint), icon=":material/info:")


def _attempt(action: Callable[[], None]) -> None:
    try:
        action()
    except StudyError as error:
        st.session_state[COMPLAINT] = str(error)
