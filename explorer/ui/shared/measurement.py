"""A long measurement that the page starts, shows, can cancel, and keeps as long as its inputs stay the same."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from explorer.jobs.ticket import NoAnswerError, Ticket
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.waiting import bar
from explorer.ui.shared.workers import bench, visitor

T = TypeVar("T")

POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Measurement:
    """A waiting, running or finished measurement, and the inputs that it belongs to."""

    inputs: Hashable
    ticket: Ticket[Any]


def measured(
    name: str,
    inputs: Hashable,
    task: partial[T],
    label: str,
    expected: str,
    doing: str = "Measuring",
) -> T | None:
    """What `task` measures for `inputs`, in the session under `name`; or a button that starts it and shows how it goes.

    A result belongs to its inputs: where they have changed it is not shown, and the button is there again. `label` is
    the button's, `expected` says what to expect of it, and `doing` what happens meanwhile.
    """
    key = f"_job_{name}"
    job: Measurement | None = st.session_state.get(key)
    if job is not None and job.inputs != inputs:
        job.ticket.cancel()
        job = st.session_state[key] = None
    try:
        if job is None:
            _offer(key, inputs, task, label, expected)
            return None
        if not job.ticket.done():
            _waiting(key, expected, doing)
            return None
        result: T = job.ticket.result(0)
    except NoAnswerError as error:
        st.session_state[key] = None
        st.error(escape_markdown(str(error)), icon=":material/error:")
        st.button("Try again", key=f"{key}_again", icon=":material/refresh:")
        return None
    return result


def _offer(key: str, inputs: Hashable, task: partial[Any], label: str, expected: str) -> None:
    """The button that starts the measurement."""
    if st.button(label, key=f"{key}_start", icon=":material/play_arrow:", help=expected):
        st.session_state[key] = Measurement(inputs, bench().submit(visitor(), task.func, *task.args))
        st.rerun()


@st.fragment(run_every=POLL_SECONDS)
def _waiting(key: str, expected: str, doing: str) -> None:
    """Show where it is until it is done; only this part of the page runs meanwhile."""
    job: Measurement | None = st.session_state.get(key)
    if job is None or job.ticket.done():
        st.rerun()
    bar(job.ticket, doing, expected)
    if st.button("Cancel", key=f"{key}_cancel", icon=":material/close:"):
        job.ticket.cancel()
        st.session_state[key] = None
        st.rerun()
