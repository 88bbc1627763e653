"""The worker services of this server, and who asks them."""

from __future__ import annotations

import atexit
import os
from dataclasses import replace
from uuid import uuid4

import streamlit as st

from explorer.workers.limits import Limits, from_environment
from explorer.workers.service import Service

LONGER = 5
"""A measurement may take so many times as long as an answer."""

_VISITOR = "_visitor"


@st.cache_resource(show_spinner=False)
def service() -> Service:
    """The service that looks; its worker starts loading torch at once."""
    started = _service(_limits())
    started.warm_up()
    return started


@st.cache_resource(show_spinner=False)
def bench() -> Service:
    """The service that measures: not the one that looks, so that no photograph waits for it, with one worker only."""
    limits = _limits()
    return _service(replace(limits, workers=1, job_seconds=LONGER * limits.job_seconds))


def visitor() -> str:
    """Who asks: a name that nobody can guess, the same as long as the session lasts; its jobs end with it."""
    name: str = st.session_state.setdefault(_VISITOR, uuid4().hex)
    _presence(name)
    return name


def _limits() -> Limits:
    return from_environment(os.environ)


def _service(limits: Limits) -> Service:
    started = Service(limits)
    atexit.register(started.close)
    return started


def _leave(name: str) -> None:
    for each in (service(), bench()):
        each.forget(name)


@st.cache_resource(scope="session", show_spinner=False, on_release=_leave)
def _presence(name: str) -> str:
    """What Streamlit lets go of when the visitor's session ends."""
    return name
