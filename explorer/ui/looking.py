"""Waiting for the worker without freezing the page, and saying so when there is no answer."""

from __future__ import annotations

from concurrent.futures import Future, wait
from time import monotonic

import numpy as np
import streamlit as st

from explorer.models.lineage import Classifier
from explorer.models.service import TIME_LIMIT_SECONDS, NoAnswerError, Service, answer
from explorer.ui.plain import plain
from explorer.vision.images import Photograph
from explorer.vision.sight import Sight

_SIGHT, _PENDING = "_sight", "_pending"
LOOK_AGAIN_SECONDS = 0.1
SLOW_SECONDS = 1.0


@st.cache_resource(show_spinner=False)
def service() -> Service:
    """The one service of this server; its worker starts loading torch at once."""
    started = Service()
    started.warm_up()
    return started


def look(classifier: Classifier, photograph: Photograph) -> Sight | None:
    """What `classifier` says of `photograph`; None where there was no answer, which the page then says.

    The last answer is kept for the session and shown again only for the same network and photograph.
    """
    key = (classifier, photograph.sha256)
    kept = st.session_state.get(_SIGHT)
    if kept is not None and kept[0] == key:
        sight: Sight = kept[1]
        return sight
    try:
        sight = _ask(classifier, photograph)
    except NoAnswerError as error:
        st.error(plain(str(error)), icon=":material/error:")
        st.button("Look again", icon=":material/refresh:")
        return None
    st.session_state[_SIGHT] = (key, sight)
    return sight


def _ask(classifier: Classifier, photograph: Photograph) -> Sight:
    """Wait for the worker's answer, with a bar that moves; any change of a control ends the waiting."""
    pending: Future[Sight] | None = st.session_state.get(_PENDING)
    if pending is not None:
        pending.cancel()
    future = service().look(classifier, np.asarray(photograph.image))
    st.session_state[_PENDING] = future
    place, started = st.empty(), monotonic()
    title = classifier.title
    while not wait([future], timeout=LOOK_AGAIN_SECONDS).done:
        waited = monotonic() - started
        if waited > TIME_LIMIT_SECONDS:
            service().stop()
            raise NoAnswerError(f"{title} gave no answer within {TIME_LIMIT_SECONDS:.0f} s. Look again, or later.")
        place.progress(waited / TIME_LIMIT_SECONDS, _progress(title, waited))
    place.empty()
    return answer(future)


def _progress(title: str, waited: float) -> str:
    if waited < SLOW_SECONDS:
        return f"{title} is looking…"
    limit = f"{waited:.0f} s of at most {TIME_LIMIT_SECONDS:.0f} s"
    return f"{title} is looking: {limit}. The first answer takes longest, while torch is loaded."
