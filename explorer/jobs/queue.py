"""The jobs of a service as visitors and workers see them: the schedule, with what to call and who waits for it.

Safe to share between threads. Nothing here knows processes; `explorer.jobs.pool` works off what stands here.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

from explorer.jobs.counters import Counters
from explorer.jobs.ended import JobRecord, ignore
from explorer.jobs.limits import WorkerLimits
from explorer.jobs.schedule import Ending, Schedule
from explorer.jobs.ticket import CANCELLED, CLOSING, CRASHED, TIMED_OUT, NoAnswerError, Ticket
from explorer.models.errors import JobError
from explorer.progress import NOTHING_YET, Progress

T = TypeVar("T")

log = logging.getLogger(__name__)

OVER = Progress(1.0, "")


@dataclass
class PendingJob:
    """A job that has not ended: what to call, what its ticket waits for, how far it is, and when it came and began."""

    number: int
    lane: str
    call: Callable[[], Any]
    outcome: Future[Any]
    came: float
    began: float | None = None
    progress: Progress = NOTHING_YET


@dataclass(frozen=True)
class WorkerActions:
    """What is to be done about workers: jobs to stop, workers to end, and seconds until there may be more."""

    stopping: dict[int, int]
    dead: tuple[int, ...]
    seconds: float | None


class JobQueue:
    """A schedule and what its numbers stand for. Whoever waits for news waits on `changed`.

    `ended` is told of the end of each job, in the thread that brings it about: it must be quick.
    """

    def __init__(self, limits: WorkerLimits, ended: Callable[[JobRecord], None] = ignore) -> None:
        self.changed = threading.Condition()
        self._ended = ended
        self._limits = limits
        self._schedule = Schedule(limits)
        self._asked: dict[int, PendingJob] = {}

    # ---- for visitors

    def submit(self, visitor: str, lane: str, call: Callable[[], T], seconds: float) -> Ticket[T]:
        """See `Service.enqueue`."""
        outcome: Future[T] = Future()
        with self.changed:
            now = monotonic()
            accepted = self._schedule.submit(visitor, lane, seconds, now)
            number = accepted.job.number
            self._asked[number] = PendingJob(number, lane, call, outcome, now)
            self._settle(accepted.replaced, Ending.CANCELLED, NoAnswerError(CANCELLED))
        return Ticket(number, self, outcome)

    def cancel(self, number: int) -> None:
        """End a job for its visitor now; its work is to stop."""
        with self.changed:
            self._schedule.cancel(number, monotonic())
            self._settle(number, Ending.CANCELLED, NoAnswerError(CANCELLED))

    def forget(self, visitor: str) -> None:
        """End all jobs of a visitor."""
        with self.changed:
            for number in self._schedule.of(visitor):
                self.cancel(number)

    def place(self, number: int) -> int | None:
        """Where a job is: 0 at work, from 1 in the queue, None when it is over."""
        with self.changed:
            return self._schedule.place(number)

    def running_seconds(self, number: int) -> float | None:
        """How long a job has been at work; None before and after."""
        with self.changed:
            started = self._schedule.started(number)
        return None if started is None else monotonic() - started

    def progress(self, number: int) -> Progress:
        """What a job last reported."""
        with self.changed:
            asked = self._asked.get(number)
        return OVER if asked is None else asked.progress

    def counters(self) -> Counters:
        """What has been counted so far."""
        with self.changed:
            return self._schedule.counters()

    @property
    def closed(self) -> bool:
        """Whether nothing is taken in any more."""
        with self.changed:
            return self._schedule.closed

    def close(self, seconds: float) -> None:
        """Refuse from now on, end what waits, and give what runs `seconds` to finish."""
        with self.changed:
            for number in self._schedule.close():
                self._settle(number, Ending.CANCELLED, NoAnswerError(CLOSING))
            self.changed.wait_for(lambda: not self._asked, timeout=seconds)

    # ---- for workers

    def take(self, worker: int) -> PendingJob | None:
        """The next job for an idle worker, if there is one."""
        with self.changed:
            job = self._schedule.take(worker, monotonic())
            if job is None:
                return None
            self.changed.notify_all()
            return self._asked[job.number]

    def start(self, worker: int, number: int) -> None:
        """A worker has begun with a job."""
        with self.changed:
            now = monotonic()
            self._schedule.start(worker, number, now)
            if number in self._asked:
                self._asked[number].began = now
            self.changed.notify_all()

    def report(self, number: int, progress: Progress) -> None:
        """A worker says how far a job is."""
        with self.changed:
            if number in self._asked:
                self._asked[number].progress = progress

    def finish(self, worker: int, number: int, answer: object, failed: bool) -> None:
        """A worker is done with a job and idle again."""
        ending = Ending.FAILED if failed else Ending.ANSWERED
        with self.changed:
            if self._schedule.finish(worker, number, ending, monotonic()):
                self._settle(number, ending, answer)
            self.changed.notify_all()

    def lose(self, worker: int) -> None:
        """A worker's process is gone."""
        with self.changed:
            self._settle(self._schedule.lose(worker, monotonic()), *self._broken_off())

    def clear(self) -> None:
        """All that waits or runs ends without an answer; the processes are gone."""
        with self.changed:
            for number in self._schedule.clear(monotonic()):
                self._settle(number, *self._broken_off())

    def _broken_off(self) -> tuple[Ending, NoAnswerError]:
        """How a job ends whose process is gone, and its sentence: a server that stops has ended it itself."""
        if self._schedule.closed:
            return Ending.CANCELLED, NoAnswerError(CLOSING)
        return Ending.CRASHED, NoAnswerError(CRASHED)

    def orders(self) -> WorkerActions:
        """End for their visitors what has taken too long; what is to be done about workers now."""
        with self.changed:
            now = monotonic()
            found = self._schedule.inspect(now)
            for job in found.timed_out:
                self._settle(job.number, Ending.TIMED_OUT, NoAnswerError(TIMED_OUT.format(seconds=job.seconds)))
            deadline = self._schedule.deadline()
        return WorkerActions(found.stopping, found.dead, None if deadline is None else max(0.0, deadline - now))

    def _settle(self, number: int | None, ending: Ending, answer: object) -> None:
        """Tell whoever waits for a job how it ended, and everybody else that something did."""
        asked = None if number is None else self._asked.pop(number, None)
        if asked is not None:
            if ending is not Ending.ANSWERED and isinstance(answer, BaseException):
                if not isinstance(answer, NoAnswerError | JobError):
                    log.error("Job %s failed by a fault of this program.", asked.lane, exc_info=answer)
                asked.outcome.set_exception(answer)
            else:
                asked.outcome.set_result(answer)
            self._tell(asked, ending)
        self.changed.notify_all()

    def _tell(self, asked: PendingJob, ending: Ending) -> None:
        now = monotonic()
        began = now if asked.began is None else asked.began
        self._ended(JobRecord(asked.lane, ending, began - asked.came, now - began))
