"""Which sources of weights answer from here: asked in threads, so that no page waits for them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from threading import Lock, Thread
from time import monotonic

import streamlit as st

from explorer.models.weight_sources import Hub, NpmPackage, Place
from explorer.ui.shared.once import once

BELIEVED_SECONDS = 60.0
POLL_SECONDS = 0.5


class Sources:
    """The answers so far; each is believed for a minute, and meanwhile the last one holds."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: dict[Hashable, float] = {}
        self._answers: dict[Hashable, bool] = {}

    def answers(self, place: Place) -> bool | None:
        """Whether weights at `place` can be downloaded; None while that is asked for the first time."""
        if not isinstance(place, Hub | NpmPackage):
            return False
        source: Hashable = Hub if isinstance(place, Hub) else place
        with self._lock:
            if monotonic() - self._asked.get(source, -BELIEVED_SECONDS) >= BELIEVED_SECONDS:
                self._asked[source] = monotonic()
                Thread(target=self._ask, args=(source, place), daemon=True).start()
            return self._answers.get(source)

    def _ask(self, source: Hashable, place: Hub | NpmPackage) -> None:
        found = place.reachable()
        with self._lock:
            self._answers[source] = found


@once
def sources() -> Sources:
    """What this server knows of the sources."""
    return Sources()


@st.fragment(run_every=POLL_SECONDS)
def wait_for(places: Iterable[Place]) -> None:
    """Draw the page again as soon as all of `places` have answered."""
    if all(sources().answers(place) is not None for place in places):
        st.rerun()
    st.caption("Asking where weights can be downloaded…")
