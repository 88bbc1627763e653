"""The worker services of this server, who asks them, and the account that is kept of it."""

from __future__ import annotations

import atexit
import logging
import os
from dataclasses import replace
from uuid import uuid4

import streamlit as st

from explorer.jobs.limits import WorkerLimits, from_environment
from explorer.jobs.pool import WorkerPool
from explorer.jobs.record import JobRecord
from explorer.serving.metrics import Metrics
from explorer.ui.search import studies
from explorer.ui.shared.once import once

LONGER = 5
"""A measurement may take so many times as long as an answer."""

_VISITOR = "_visitor"

log = logging.getLogger(__name__)


@once
def metrics() -> Metrics:
    """What this server has done so far."""
    return Metrics()


@once
def service() -> WorkerPool:
    """The service that looks; its worker starts loading torch at once."""
    started = _service("looks", _limits())
    started.warm_up()
    return started


@once
def bench() -> WorkerPool:
    """The service that measures: not the one that looks, so that no photograph waits for it, with one worker only."""
    limits = _limits()
    return _service("measurements", replace(limits, workers=1, job_seconds=LONGER * limits.job_seconds))


def services() -> dict[str, WorkerPool]:
    """Both, by the names that the log, the metrics and the health call them."""
    return {"looks": service(), "measurements": bench()}


def visitor() -> str:
    """Who asks: a name that nobody can guess, the same as long as the session lasts; its jobs end with it."""
    name: str = st.session_state.setdefault(_VISITOR, uuid4().hex)
    _presence(name)
    return name


def _limits() -> WorkerLimits:
    return from_environment(os.environ)


def _service(name: str, limits: WorkerLimits) -> WorkerPool:
    account = metrics()

    def ended(job: JobRecord) -> None:
        account.job(name, job)
        log.info(
            "Job %s of %s %s after %.2f s of waiting and %.2f s of work.",
            *(job.kind, name, job.ending.value, job.waited, job.worked),
            extra={"job": job.kind, "service": name, "ending": job.ending.value}
            | {"waited": round(job.waited, 4), "worked": round(job.worked, 4)},
        )

    started = WorkerPool(limits, ended)
    account.watch(name, started)
    atexit.register(started.close)
    return started


def _leave(name: str) -> None:
    for each in services().values():
        each.forget(name)
    studies.desk().leave(name)


@st.cache_resource(scope="session", show_spinner=False, on_release=_leave)
def _presence(name: str) -> str:
    """What Streamlit lets go of when the visitor's session ends."""
    return name
