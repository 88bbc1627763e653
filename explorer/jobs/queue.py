"""Who waits, who runs where, and how each job ends: the rules of a pool, without processes, threads or clocks.

Times are seconds on any clock that does not go back; every method is told what time it is. A visitor has at most one
job of each kind, a newer one in place of the older, and at most one job at work. Jobs are taken in the order in which
they came, but for those of a visitor who has one at work already.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from explorer.jobs.limits import Allowances, WorkerLimits
from explorer.jobs.record import Counters, Ending
from explorer.jobs.ticket import CLOSING, RefusedError

START_SECONDS = 60.0
"""How long a worker may take to begin with a job, a new process included, before it counts as dead."""


@dataclass(frozen=True)
class Job:
    """What a visitor asked for. `retried` says that a worker died before it could begin with it."""

    number: int
    visitor: str
    kind: str
    seconds: float
    retried: bool = False


@dataclass(frozen=True)
class Work:
    """A job that a worker has. Once its visitor has been told how it ended, it still holds the worker until it stops.

    `started` is None until the worker has begun. At `deadline` it has taken too long: to start, to run, or to stop.
    """

    job: Job
    deadline: float
    started: float | None = None
    ending: Ending | None = None


@dataclass(frozen=True)
class Accepted:
    """A job taken in, and the number of the one that it replaces."""

    job: Job
    replaced: int | None


@dataclass(frozen=True)
class Inspection:
    """Jobs that have just taken too long, jobs that their workers (by number) are to stop, and workers to be ended."""

    timed_out: tuple[Job, ...]
    stopping: dict[int, int]
    dead: tuple[int, ...]


class JobQueue:
    """The state of a pool. Workers are numbered from 0. When it is `closed` nothing is taken in any more."""

    def __init__(self, limits: WorkerLimits) -> None:
        self._limits = limits
        self._allowances = Allowances(max(1.0, limits.per_minute / 2), limits.per_minute / 60)
        self._numbers = count(1)
        self._waiting: list[Job] = []
        self._at_work: dict[int, Work] = {}
        self._counted: Counter[str] = Counter()
        self._seconds = 0.0
        self.closed = False

    def submit(self, visitor: str, kind: str, seconds: float, now: float) -> Accepted:
        """Take a job in, at most `seconds` long, in place of an older one of the same visitor and kind.

        Raises:
            RefusedError: the visitor asks too often, too many wait, or the queue is closed.
        """
        old = next((job for job in self._live() if (job.visitor, job.kind) == (visitor, kind)), None)
        place = self._waiting.index(old) if old in self._waiting else None
        self._admit(visitor, place is not None, now)
        job = Job(next(self._numbers), visitor, kind, seconds)
        self._counted["submitted"] += 1
        if old is not None:
            self.cancel(old.number, now)
        self._waiting.insert(len(self._waiting) if place is None else place, job)
        return Accepted(job, None if old is None else old.number)

    def take(self, worker: int, now: float) -> Job | None:
        """The next job for an idle worker; None where there is none, or the worker is not idle."""
        busy = {work.job.visitor for work in self._at_work.values()}
        job = next((job for job in self._waiting if job.visitor not in busy), None)
        if job is None or worker in self._at_work:
            return None
        self._waiting.remove(job)
        self._at_work[worker] = Work(job, now + START_SECONDS)
        return job

    def start(self, worker: int, number: int, now: float) -> None:
        """The worker has begun with the job: from now on its time counts."""
        work = self._at_work.get(worker)
        if work is None or work.job.number != number or work.started is not None:
            return
        deadline = now + work.job.seconds if work.ending is None else work.deadline
        self._at_work[worker] = replace(work, started=now, deadline=deadline)

    def finish(self, worker: int, number: int, ending: Ending, now: float) -> bool:
        """The worker is done with the job and idle again; whether its visitor still waits for that."""
        work = self._at_work.get(worker)
        if work is None or work.job.number != number:
            return False
        self._release(worker, now)
        if work.ending is None:
            self._counted[ending.value] += 1
        return work.ending is None

    def cancel(self, number: int, now: float) -> None:
        """End a job for its visitor: out of the queue at once; where it is at work, it is to stop."""
        for job in [job for job in self._waiting if job.number == number]:
            self._waiting.remove(job)
            self._counted[Ending.CANCELLED.value] += 1
        for worker, work in self._at_work.items():
            if work.job.number == number and work.ending is None:
                self._end(worker, Ending.CANCELLED, now)

    def lose(self, worker: int, now: float) -> int | None:
        """The worker's process is gone: the number of the job that crashed with it.

        None where it had none, its visitor has been told before, or it had not begun and waits again, once, in front.
        """
        self._counted["lost"] += 1
        work = self._at_work.get(worker)
        if work is None:
            return None
        self._release(worker, now)
        if work.ending is not None:
            return None
        if work.started is None and not work.job.retried and not self.closed:
            self._waiting.insert(0, replace(work.job, retried=True))
            return None
        self._counted[(Ending.CANCELLED if self.closed else Ending.CRASHED).value] += 1
        return work.job.number

    def inspect(self, now: float) -> Inspection:
        """End for their visitors what has run too long; say what is to stop, and who did not begin or stop in time."""
        late = {worker: work for worker, work in self._at_work.items() if work.deadline <= now}
        running = {worker: work for worker, work in late.items() if work.started is not None and work.ending is None}
        dead = {worker: work for worker, work in late.items() if worker not in running}
        for worker in running:
            self._end(worker, Ending.TIMED_OUT, now)
        for worker, work in dead.items():  # said once
            self._at_work[worker] = replace(work, deadline=math.inf)
        stopping = {worker: work.job.number for worker, work in self._at_work.items() if work.ending is not None}
        return Inspection(tuple(work.job for work in running.values()), stopping, tuple(dead))

    def deadline(self) -> float | None:
        """When something will next be overdue; None while nothing is at work."""
        deadlines = [work.deadline for work in self._at_work.values() if work.deadline < math.inf]
        return min(deadlines, default=None)

    def close(self) -> tuple[int, ...]:
        """Take nothing in any more and end all that waits: their numbers."""
        self.closed = True
        waiting = tuple(job.number for job in self._waiting)
        self._counted[Ending.CANCELLED.value] += len(waiting)
        self._waiting.clear()
        return waiting

    def clear(self, now: float) -> tuple[int, ...]:
        """End all that waits or runs, its workers being gone: their numbers."""
        ended = tuple(job.number for job in self._live())
        for number in ended:
            self.cancel(number, now)
        for worker in tuple(self._at_work):
            self._release(worker, now)
        return ended

    def place(self, number: int) -> int | None:
        """0 for a job at work, from 1 for those that wait, in the order of the queue; None for others."""
        if any(work.job.number == number and work.ending is None for work in self._at_work.values()):
            return 0
        return next((place for place, job in enumerate(self._waiting, start=1) if job.number == number), None)

    def of(self, visitor: str) -> tuple[int, ...]:
        """The numbers of the visitor's jobs."""
        return tuple(job.number for job in self._live() if job.visitor == visitor)

    def started(self, number: int) -> float | None:
        """When the job began; None before that and after its end."""
        return next((work.started for work in self._at_work.values() if work.job.number == number), None)

    def counters(self) -> Counters:
        """What has been counted so far."""
        endings = {ending.name.lower(): self._counted[ending.value] for ending in Ending}
        return Counters(
            submitted=self._counted["submitted"],
            refused=self._counted["refused"],
            workers_lost=self._counted["lost"],
            waiting=len(self._waiting),
            running=sum(work.ending is None for work in self._at_work.values()),
            seconds=self._seconds,
            **endings,
        )

    def _admit(self, visitor: str, in_place: bool, now: float) -> None:
        """Raises RefusedError, and counts it, where the visitor may not ask."""
        sentence = None
        if self.closed:
            sentence = CLOSING
        elif not in_place and len(self._waiting) >= self._limits.waiting:
            sentence = f"{len(self._waiting)} questions are waiting for the networks already: try again in a minute."
        elif not self._allowances.take(visitor, now):
            sentence = "That was a great many questions in a short time: wait a few seconds, then ask again."
        if sentence is not None:
            self._counted["refused"] += 1
            raise RefusedError(sentence)

    def _live(self) -> Iterator[Job]:
        yield from self._waiting
        yield from (work.job for work in self._at_work.values() if work.ending is None)

    def _end(self, worker: int, ending: Ending, now: float) -> None:
        """Count the end of a job for its visitor; its worker has a grace to stop."""
        self._counted[ending.value] += 1
        grace = now + self._limits.grace_seconds
        self._at_work[worker] = replace(self._at_work[worker], ending=ending, deadline=grace)

    def _release(self, worker: int, now: float) -> None:
        work = self._at_work.pop(worker)
        self._seconds += 0.0 if work.started is None else now - work.started
