"""Run a study from the page: its estimate, its progress, and how it is paused, resumed and cancelled."""

from __future__ import annotations

import os
from collections.abc import Callable

import streamlit as st

from explorer.quantities import exact, minutes
from explorer.scaling import ScalingError
from explorer.study import data, estimate, places
from explorer.study import plan as planning
from explorer.study.errors import StudyError
from explorer.study.plan import Plan
from explorer.study.protocol import Protocol
from explorer.ui import studies, workers
from explorer.ui.plain import plain
from explorer.ui.studies import Study

POLL_SECONDS = 2.0
COMPLAINT = "_study_complaint"
MOST_IMAGES, FEWEST_IMAGES, IMAGES_STEP = 60_000, 500, 500
MOST_EPOCHS, MOST_SEEDS, FEWEST_SEEDS, MOST_TRIPLES, FEWEST_TRIPLES = 50, 10, 2, 50, 2
ALL_TRIPLES = 20


def render() -> None:
    """The form that starts a study, or the progress of the one that runs."""
    st.subheader("Run it yourself")
    if not places.may_start():
        st.info(
            "This server does not run studies. On a machine of your own: `python -m explorer study run`.",
            icon=":material/block:",
        )
        return
    state = studies.desk().state()
    if state.running:
        _running()
        return
    _complaint()
    if state.complaint:
        st.error(plain(state.complaint), icon=":material/error:")
    unfinished = _unfinished()
    if unfinished is not None:
        _paused(unfinished)
    _form(unfinished is not None)


def _unfinished() -> Study | None:
    """The own study, where runs of it are left."""
    try:
        study = studies.own()
    except StudyError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None
    done = study is not None and len(study.outcomes) + len(study.given_up) >= planning.total(study.plan)
    return None if done else study


@st.fragment(run_every=POLL_SECONDS)
def _running() -> None:
    """Progress while it runs; only this part of the page is drawn again meanwhile."""
    if not studies.desk().state().running:
        st.rerun()
    _complaint()
    try:
        study = studies.own()
    except StudyError:  # it is being made
        study = None
    if study is None:
        st.progress(0.0, "Starting: the networks are being prepared.")
    else:
        state = estimate.progress(study.plan, study.outcomes, study.given_up, 1)
        left = (
            "the first network is being trained"
            if state.seconds_left is None
            else f"{minutes(state.seconds_left)} left"
        )
        st.progress(state.share, f"{state.done} of {state.total} networks are trained, {left}.")
    st.markdown(
        "It runs in a process of its own: this page can be closed and opened again. One study runs at a time on this "
        "server, and its results appear under “Yours” as they come. Who started it can pause or cancel it."
    )
    with st.container(horizontal=True):
        if st.button("Show the results so far", key="_study_show", icon=":material/visibility:", on_click=_show_own):
            st.rerun()
        if studies.desk().may_stop(workers.visitor()):
            _button("Pause", "pause", ":material/pause:", studies.desk().pause)
            _cancel()


def _paused(study: Study) -> None:
    state = estimate.progress(study.plan, study.outcomes, study.given_up, 1)
    left = "" if state.seconds_left is None else f", {minutes(state.seconds_left)} left"
    st.progress(state.share, f"Paused: {state.done} of {state.total} networks are trained{left}.")
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
        rate, whose = _rate(plan)
        seconds = estimate.seconds_before(plan, rate, processes)
        runs = exact(planning.total(plan))
        st.markdown(plain(f"{runs} networks are trained, {minutes(seconds)} in all, as fast as {whose}."))
        if paused:
            st.markdown("The paused study is set aside in the data folder.")
        _button(label, "start", ":material/play_arrow:", lambda: _start(plan, processes))


def _asked() -> tuple[Plan | None, int]:
    """The plan that the form asks for; none where it cannot be made, and then its sentence."""
    usual = Plan()
    with st.container(horizontal=True):
        triples = st.slider(
            "Triples", FEWEST_TRIPLES, ALL_TRIPLES, ALL_TRIPLES, help="Spread out over the grid.", key="_study_triples"
        )
        seeds = st.slider(
            "Seeds for each",
            FEWEST_SEEDS,
            MOST_SEEDS,
            usual.seeds,
            help="More seeds, shorter intervals.",
            key="_study_seeds",
        )
        images = st.slider(
            "Training images", FEWEST_IMAGES, MOST_IMAGES, usual.protocol.images, IMAGES_STEP, key="_study_images"
        )
        epochs = st.slider("Epochs", 1, MOST_EPOCHS, usual.protocol.epochs, key="_study_epochs")
    processes = _processes()
    try:
        data.class_count(data.FASHION_MNIST, places.images())
        protocol = Protocol(images=images, epochs=epochs)
        return Plan(most=0 if triples == ALL_TRIPLES else triples, seeds=seeds, protocol=protocol), processes
    except (StudyError, ScalingError) as error:
        st.warning(plain(str(error)), icon=":material/image_not_supported:")
        return None, processes


def _processes() -> int:
    """One process fewer than there are processors: the pages want one too."""
    return max(1, (os.cpu_count() or 1) - 1)


def _rate(plan: Plan) -> tuple[float, str]:
    """Seconds of a unit of work, and whose measurement that is."""
    try:
        own = studies.own()
    except StudyError:
        own = None
    if own is not None and own.plan.family == plan.family:
        rate = estimate.seconds_for_weight(own.plan, own.outcomes)
        if rate is not None:
            return rate, "your last study on this machine"
    shipped = studies.shipped()
    machine = shipped.outcomes[0].result.machine
    return estimate.seconds_for_weight(
        shipped.plan, shipped.outcomes
    ) or 0.0, f"the shipped study's machine ({machine})"


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
        st.warning(plain(complaint), icon=":material/info:")


def _attempt(action: Callable[[], None]) -> None:
    try:
        action()
    except StudyError as error:
        st.session_state[COMPLAINT] = str(error)
