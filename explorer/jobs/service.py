"""What the pages talk to: a queue of jobs for worker processes, with limits for every visitor."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from explorer.jobs import tasks
from explorer.jobs.counters import Counters
from explorer.jobs.ended import JobRecord, ignore
from explorer.jobs.limits import WorkerLimits
from explorer.jobs.pool import WorkerPool
from explorer.jobs.queue import JobQueue
from explorer.jobs.ticket import NoAnswerError, Ticket
from explorer.models.lineage import Classifier
from explorer.vision.classification import Classification

P = ParamSpec("P")
T = TypeVar("T")

SERVER = "the server itself"
CLOSE_SECONDS = 5.0


class Service:
    """Worker processes and the jobs that wait for them. Safe to share between sessions and threads."""

    def __init__(self, limits: WorkerLimits | None = None, ended: Callable[[JobRecord], None] = ignore) -> None:
        """No process runs yet; `ended` is told of the end of each job and must be quick."""
        self._limits = limits or WorkerLimits()
        self._board = JobQueue(self._limits, ended)
        self._lock = threading.Lock()
        self._crew: WorkerPool | None = None
        self._warm = False

    def look(self, visitor: str, classifier: Classifier, pixels: NDArray[np.uint8]) -> Ticket[Classification]:
        """Ask `classifier` what it sees in (height, width, 3) RGB bytes."""
        return self.submit(visitor, tasks.look, classifier, pixels)

    def warm_up(self) -> Ticket[None]:
        """Start a worker and load its first network, so that the first visitor waits less; do so after a loss too."""
        self._warm = True
        return self.submit(SERVER, tasks.warm_up)

    def submit(self, visitor: str, job: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> Ticket[T]:
        """Queue `job` for a worker, in the lane of its name; see `enqueue`."""
        return self.enqueue(visitor, job.__name__, partial(job, *arguments, **options))

    def enqueue(self, visitor: str, lane: str, call: Callable[[], T], seconds: float | None = None) -> Ticket[T]:
        """Queue `call` for a worker; an older job of this visitor in this lane makes way for it.

        Args:
            visitor: who asks; nobody has more than one job at work at a time.
            lane: the kind of work.
            call: what to do; it can be pickled, and so can its result. It may report how far it is
                (`explorer.progress`), and can then be stopped between its steps.
            seconds: how long it may run, counted from its start; the service's limit where not given.

        Raises:
            NoAnswerError: the visitor asks too often, too many wait already, or the server is being stopped.
        """
        ticket = self._board.submit(visitor, lane, call, seconds or self._limits.job_seconds)
        with self._lock:
            if self._crew is None:
                self._crew = WorkerPool(self._board, self._limits, self._after_loss)
                self._crew.start()
        return ticket

    def for_visitor(self, visitor: str) -> Visitor:
        """The service as one visitor uses it."""
        return Visitor(self, visitor)

    def forget(self, visitor: str) -> None:
        """End all jobs of a visitor who has left."""
        self._board.forget(visitor)

    @property
    def counters(self) -> Counters:
        """What this service has done so far."""
        return self._board.counters()

    @property
    def closed(self) -> bool:
        """Whether jobs are refused because the server is being stopped."""
        return self._board.closed

    @property
    def processes(self) -> tuple[int, ...]:
        """The process ids of the workers that are there now."""
        with self._lock:
            return () if self._crew is None else self._crew.processes

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Refuse from now on, end what waits, give what runs `seconds` to finish, then end the workers."""
        self._board.close(seconds)
        self.stop()

    def stop(self) -> None:
        """End the workers at once, with all that runs or waits; the next job starts others, unless closed."""
        with self._lock:
            crew, self._crew = self._crew, None
        if crew is not None:
            crew.stop()

    def _after_loss(self) -> None:
        """Put the warm-up on the board; not for a crew that is stopped, so that a loss starts no other."""
        if self._warm:
            with suppress(NoAnswerError):
                self._board.submit(SERVER, tasks.warm_up.__name__, tasks.warm_up, self._limits.job_seconds)


@dataclass(frozen=True)
class Visitor:
    """A service as one visitor uses it."""

    service: Service
    name: str

    def submit(self, job: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> Ticket[T]:
        """See `Service.submit`."""
        return self.service.submit(self.name, job, *arguments, **options)
