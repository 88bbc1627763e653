"""What pages ask: jobs wait in a queue for worker processes, which are started when there is work and replaced.

Whoever waits for news waits on `changed`. One thread for each worker works off the queue (`explorer.jobs.process`),
one more watches the time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any, NamedTuple, ParamSpec, TypeVar

from explorer.jobs import tasks
from explorer.jobs.limits import WorkerLimits
from explorer.jobs.process import SUSPENDED_SECONDS, WorkerThread
from explorer.jobs.queue import JobQueue
from explorer.jobs.record import Counters, Ending, JobRecord, ignore
from explorer.jobs.ticket import CANCELLED, CLOSING, CRASHED, TIMED_OUT, NoAnswerError, Ticket
from explorer.models.errors import JobError

P = ParamSpec("P")
T = TypeVar("T")

SERVER = "the server itself"
CLOSE_SECONDS = 5.0

SHORTEST_WATCH_SECONDS = 0.02

log = logging.getLogger(__name__)


class PendingJob(NamedTuple):
    """A job that has not ended: what to call, and what its visitor holds."""

    call: Callable[[], Any]
    ticket: Ticket[Any]


class WorkerPool:
    """Worker processes and the jobs that wait for them. Safe to share between sessions and threads."""

    def __init__(self, limits: WorkerLimits | None = None, ended: Callable[[JobRecord], None] = ignore) -> None:
        """No process runs yet; `ended` is told of the end of each job, in the thread that brings it about: quickly."""
        self._limits = limits or WorkerLimits()
        self._ended = ended
        self.changed = threading.Condition()
        self.stopping = False
        self._queue = JobQueue(self._limits)
        self._pending: dict[int, PendingJob] = {}
        self._workers: list[WorkerThread] = []
        self._threads: list[threading.Thread | WorkerThread] = []
        self._starting = threading.Lock()  # of threads, or stopping them
        self._warm = False

    # ---- for visitors

    def submit(self, visitor: str, task: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> Ticket[T]:
        """Queue a task for a worker, its name being the kind of work; otherwise like `enqueue`."""
        return self.enqueue(visitor, task.__name__, partial(task, *arguments, **options))

    def enqueue(self, visitor: str, kind: str, call: Callable[[], T], seconds: float | None = None) -> Ticket[T]:
        """Queue `call` for a worker; an older job of this visitor and kind makes way for it.

        Args:
            visitor: who asks; nobody has more than one job at work at a time.
            kind: the kind of work.
            call: what to do; it can be pickled, and so can its result. It may report how far it is
                (`explorer.progress`), and can then be stopped between its steps.
            seconds: how long it may run, counted from its start; the pool's limit where not given.

        Raises:
            NoAnswerError: the visitor asks too often, too many wait already, or the server is being stopped.
        """
        with self._starting:
            ticket = self._take_in(visitor, kind, call, seconds)
            if not self._threads:
                self._start()
        return ticket

    def warm_up(self) -> Ticket[None]:
        """Start a worker and load its first network, so that the first visitor waits less; do so after a loss too."""
        self._warm = True
        return self.submit(SERVER, tasks.warm_up)

    def cancel(self, number: int) -> None:
        """End a job for its visitor now; its work is to stop."""
        with self.changed:
            self._queue.cancel(number, monotonic())
            self._settle(number, Ending.CANCELLED, NoAnswerError(CANCELLED))

    def forget(self, visitor: str) -> None:
        """End all jobs of a visitor who has left."""
        with self.changed:
            for number in self._queue.of(visitor):
                self.cancel(number)

    def place(self, number: int) -> int | None:
        """Where a job is: 0 at work, from 1 in the queue, None when it is over."""
        with self.changed:
            return self._queue.place(number)

    # ---- for whoever keeps the server

    @property
    def counters(self) -> Counters:
        """What this pool has done so far."""
        with self.changed:
            return self._queue.counters()

    @property
    def closed(self) -> bool:
        """Whether jobs are refused because the server is being stopped."""
        return self._queue.closed

    @property
    def processes(self) -> tuple[int, ...]:
        """The process ids of the workers that are there now."""
        with self.changed:
            return tuple(worker.process.pid for worker in self._workers if worker.process is not None)

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Refuse from now on, end what waits, give what runs `seconds` to finish, then end the workers."""
        with self.changed:
            for number in self._queue.close():
                self._settle(number, Ending.CANCELLED, NoAnswerError(CLOSING))
            self.changed.wait_for(lambda: not self._pending, timeout=seconds)
        self.stop()

    def stop(self) -> None:
        """End the workers at once, with all that runs or waits; the next job starts others, unless closed."""
        with self._starting:
            with self.changed:
                self.stopping = True
                for number in self._queue.clear(monotonic()):
                    self._settle(number, *self._broken_off())
                for worker in self._workers:
                    worker.kill()
                self.changed.notify_all()
            for thread in self._threads:
                thread.join()
            self._workers, self._threads, self.stopping = [], [], False

    # ---- the jobs

    def _take_in(self, visitor: str, kind: str, call: Callable[[], T], seconds: float | None) -> Ticket[T]:
        with self.changed:
            now = monotonic()
            accepted = self._queue.submit(visitor, kind, seconds or self._limits.job_seconds, now)
            ticket: Ticket[T] = Ticket(accepted.job.number, kind, self, now)
            self._pending[ticket.number] = PendingJob(call, ticket)
            self._settle(accepted.replaced, Ending.CANCELLED, NoAnswerError(CANCELLED))
        return ticket

    def _settle(self, number: int | None, ending: Ending, answer: object) -> None:
        """Tell whoever waits for a job how it ended, and everybody else that something did."""
        job = None if number is None else self._pending.pop(number, None)
        if job is not None:
            ticket, now = job.ticket, monotonic()
            if ending is not Ending.ANSWERED and isinstance(answer, BaseException):
                if not isinstance(answer, NoAnswerError | JobError):
                    log.error("Job %s failed by a fault of this program.", ticket.kind, exc_info=answer)
                ticket.outcome.set_exception(answer)
            else:
                ticket.outcome.set_result(answer)
            began = now if ticket.began is None else ticket.began
            self._ended(JobRecord(ticket.kind, ending, began - ticket.came, now - began))
        self.changed.notify_all()

    def _broken_off(self) -> tuple[Ending, NoAnswerError]:
        """How a job ends whose process is gone, and its sentence: a server that stops has ended it itself."""
        if self._queue.closed:
            return Ending.CANCELLED, NoAnswerError(CLOSING)
        return Ending.CRASHED, NoAnswerError(CRASHED)

    # ---- for workers

    def take(self, worker: int) -> PendingJob | None:
        """The next job for an idle worker, if there is one."""
        with self.changed:
            job = self._queue.take(worker, monotonic())
            if job is None:
                return None
            self.changed.notify_all()  # it must have begun in time
            return self._pending[job.number]

    def begin(self, worker: int, ticket: Ticket[Any]) -> None:
        """A worker has begun with a job."""
        with self.changed:
            ticket.began = monotonic()
            self._queue.start(worker, ticket.number, ticket.began)
            self.changed.notify_all()  # it must be done in time

    def finish(self, worker: int, number: int, answer: object, *, failed: bool) -> None:
        """A worker is idle again, and its job over unless it has been before."""
        ending = Ending.FAILED if failed else Ending.ANSWERED
        with self.changed:
            waited_for = self._queue.finish(worker, number, ending, monotonic())
            self._settle(number if waited_for else None, ending, answer)

    def lose(self, worker: int) -> None:
        """A worker's process is gone, and with it its job, unless it had not begun."""
        with self.changed:
            self._settle(self._queue.lose(worker, monotonic()), *self._broken_off())

    def warm_again(self) -> None:
        """A process that had worked is gone: load a first network in another, if this pool is to be warm."""
        if self._warm and not self.stopping:
            with suppress(NoAnswerError):
                self._take_in(SERVER, tasks.warm_up.__name__, tasks.warm_up, None)

    def _start(self) -> None:
        self._workers = [WorkerThread(number, self, self._limits) for number in range(self._limits.workers)]
        self._threads = [*self._workers, threading.Thread(target=self._watch, daemon=True)]
        for thread in self._threads:
            thread.start()

    def _watch(self) -> None:
        """Tell workers what to stop, and end those that take too long or are suspended."""
        with self.changed:
            while not self.stopping:
                now = monotonic()
                found = self._queue.inspect(now)
                for late in found.timed_out:
                    self._settle(late.number, Ending.TIMED_OUT, NoAnswerError(TIMED_OUT.format(seconds=late.seconds)))
                for worker in self._workers:
                    worker.inspect(found.stopping.get(worker.number), worker.number in found.dead, now)
                deadline = self._queue.deadline()
                seconds = None if deadline is None else min(SUSPENDED_SECONDS, deadline - now)
                self.changed.wait(None if seconds is None else max(SHORTEST_WATCH_SECONDS, seconds))
