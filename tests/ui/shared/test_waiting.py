"""What is said while a job waits and runs, and cancelling it on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import pytest
from streamlit.testing.v1 import AppTest

from explorer.jobs.limits import WorkerLimits
from explorer.jobs.pool import WorkerPool
from explorer.jobs.ticket import FAULT, Ticket
from explorer.progress import Progress
from explorer.ui.shared import measurement
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.waiting import words
from tests.jobs import work
from tests.ui.driving import PATIENCE_SECONDS, open_count, press

# Place, seconds at work, progress → the words.
STATES = (
    (1, None, Progress(0, ""), "Number 1 in the queue: it starts by itself."),
    (12, None, Progress(0, ""), "Number 12 in the queue: it starts by itself."),
    (0, None, Progress(0, ""), "Measuring…"),
    (0, 0.2, Progress(0, ""), "Measuring…"),
    (0, 0.2, Progress(0.1, "counting"), "Measuring, counting…"),
    (0, 7.2, Progress(0, ""), "Measuring: 7 s so far. It takes a while."),
    (0, 10.0, Progress(0.25, ""), "Measuring: 25 %, about 30 s to go."),
    (0, 10.0, Progress(0.25, "timing network 2 of 5"), "Measuring, timing network 2 of 5: 25 %, about 30 s to go."),
    (0, 10.0, Progress(1.0, ""), "Measuring: 100 %, about 1 s to go."),
)


@dataclass(frozen=True)
class Desk:
    """Where a job stands that is in a given place."""

    at: int | None

    def place(self, number: int) -> int | None:  # noqa: ARG002 - one job only
        return self.at

    def cancel(self, number: int) -> None:
        """Nothing to end."""


@pytest.mark.parametrize(("place", "seconds", "progress", "said"), STATES)
def test_the_state_of_a_job_in_words(place: int, seconds: float | None, progress: Progress, said: str) -> None:
    now = monotonic()
    ticket: Ticket[int] = Ticket(1, "look", Desk(place), now, None if seconds is None else now - seconds, progress)
    assert words(ticket, "Measuring", "It takes a while.") == said


def shown(app: AppTest) -> str:
    """The text of the bar on the page."""
    return str(next(iter(app.get("progress"))).proto.text)


def _page() -> None:
    """A page that waits for whatever job the test has put there."""
    from functools import partial

    import streamlit as st

    from explorer.ui.shared.measurement import measured

    job = st.session_state["job"]
    measured("broken", 1, partial(job), "Start", "")
    st.markdown("the rest of the page")


@pytest.mark.parametrize(
    ("job", "said"),
    [(work.refuse, work.REFUSAL), (work.fail, FAULT), (work.leave, FAULT), (work.unsendable, FAULT)],
)
def test_whatever_a_job_raises_is_a_sentence_and_the_page_goes_on(
    job: Callable[[], object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = WorkerPool()
    monkeypatch.setattr(measurement, "bench", lambda: service)
    try:
        app = AppTest.from_function(_page, default_timeout=PATIENCE_SECONDS)
        app.session_state["job"] = job
        press(app.run(), "Start")
        finished = app.session_state["_job_broken"].ticket
        assert finished.wait(PATIENCE_SECONDS)
        app.run()
        assert not app.exception
        assert [error.value for error in app.error] == [escape_markdown(said)]
        assert app.markdown[-1].value == "the rest of the page"
        app.run()
        assert [button.label for button in app.button] == ["Start"], "it can be asked again"
    finally:
        service.stop()


def test_a_visitor_sees_the_place_in_the_queue_and_cancels_only_the_own_job(monkeypatch: pytest.MonkeyPatch) -> None:
    service = WorkerPool(WorkerLimits(grace_seconds=0.2))
    monkeypatch.setattr(measurement, "bench", lambda: service)
    try:
        others = service.submit("somebody else", work.steps, 10**6)
        while others.running_seconds is None:
            assert not others.wait(0.001)
        app = open_count({"phi": "0"})
        press(app, "Measure the real module")
        assert shown(app) == "Number 1 in the queue: it starts by itself."
        assert service.counters.waiting == 1
        press(app, "Cancel")
        assert not app.get("progress")
        assert (service.counters.waiting, service.counters.cancelled) == (0, 1)
        assert not others.done()
        assert not app.error
    finally:
        service.stop()
