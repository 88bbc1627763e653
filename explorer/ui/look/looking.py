"""Waiting for the worker without freezing the page, and saying so when there is no answer."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.jobs import tasks
from explorer.jobs.ticket import NoAnswerError, Ticket
from explorer.models.lineage import Classifier
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.waiting import bar
from explorer.ui.shared.workers import service, visitor
from explorer.vision.classification import Classification
from explorer.vision.images import Photograph

_SIGHT, _PENDING = "_sight", "_pending"
POLL_SECONDS = 0.1


def look(classifier: Classifier, photograph: Photograph) -> Classification | None:
    """What `classifier` says of `photograph`; None where there was no answer, which the page then says.

    The last answer is kept for the session and shown again only for the same network and photograph.
    """
    key = (classifier, photograph.sha256)
    kept = st.session_state.get(_SIGHT)
    if kept is not None and kept[0] == key:
        sight: Classification = kept[1]
        return sight
    try:
        sight = _wait(_pending(key, photograph), classifier.title)
    except NoAnswerError as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")
        st.button("Look again", icon=":material/refresh:")
        return None
    st.session_state[_SIGHT] = (key, sight)
    return sight


def _pending(key: tuple[Classifier, str], photograph: Photograph) -> Ticket[Classification]:
    """The question that waits already, so that it keeps its place when a control changes that it does not need."""
    pending = st.session_state.get(_PENDING)
    if pending is None or pending[0] != key:
        ticket = service().submit(visitor(), tasks.look, key[0], np.asarray(photograph.image))
        pending = st.session_state[_PENDING] = (key, ticket)
    found: Ticket[Classification] = pending[1]
    return found


def _wait(ticket: Ticket[Classification], title: str) -> Classification:
    """Wait for the answer, with a bar that moves; any change of a control ends the waiting, not the work."""
    place = st.empty()
    while not ticket.wait(POLL_SECONDS):
        with place:
            bar(ticket, f"{title} is looking", "The first answer takes longest, while torch is loaded.")
    place.empty()
    del st.session_state[_PENDING]
    return ticket.result(0)
