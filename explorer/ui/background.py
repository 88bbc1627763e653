"""A long measurement that the page starts, shows, can cancel, and keeps as long as its inputs stay the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

import streamlit as st

from explorer.models.service import NoAnswerError, Service, answer
from explorer.ui.plain import plain

T = TypeVar("T")

POLL_SECONDS = 0.5
TIME_LIMIT_SECONDS = 300.0


@dataclass(frozen=True)
class Job:
    """A running or finished measurement, and the inputs that it belongs to."""

    inputs: Hashable
    future: Future[Any]
    started: float


@st.cache_resource(show_spinner=False)
def bench() -> Service:
    """The worker that measures: not the one that looks, so that no visitor's photograph waits for it."""
    return Service()


def measured(name: str, inputs: Hashable, start: Callable[[Service], Future[T]], label: str, expected: str) -> T | None:
    """The result of the measurement called `name` for `inputs`, or a button that starts it and shows how it goes.

    A result belongs to its inputs: where they have changed it is not shown, and the button is there again.
    """
    key = f"_job_{name}"
    job: Job | None = st.session_state.get(key)
    if job is not None and job.inputs != inputs:
        job.future.cancel()
        job = None
    if job is None:
        if st.button(label, key=f"{key}_start", icon=":material/play_arrow:", help=expected):
            st.session_state[key] = Job(inputs, start(bench()), monotonic())
            st.rerun()
        return None
    if not job.future.done():
        _waiting(key, expected)
        return None
    try:
        result: T = answer(job.future)
    except (NoAnswerError, CancelledError) as error:
        del st.session_state[key]
        st.error(plain(str(error) or "The measurement was cancelled."), icon=":material/error:")
        st.button("Measure again", key=f"{key}_again", icon=":material/refresh:")
        return None
    return result


@st.fragment(run_every=POLL_SECONDS)
def _waiting(key: str, expected: str) -> None:
    """Show how long it has taken until it is done; only this part of the page runs meanwhile."""
    job: Job | None = st.session_state.get(key)
    if job is None or job.future.done():
        st.rerun()
    waited = monotonic() - job.started
    if waited > TIME_LIMIT_SECONDS:
        bench().cancel(job.future)
    st.progress(min(waited / TIME_LIMIT_SECONDS, 1.0), f"Measuring: {waited:.0f} s. {expected}")
    if st.button("Cancel", key=f"{key}_cancel", icon=":material/close:"):
        bench().cancel(job.future)
        del st.session_state[key]
        st.rerun()
