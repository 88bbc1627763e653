"""The workers of a service: processes that are started when there is work and replaced when they die.

For each worker one thread hands out jobs and one listens to its process; one more watches the time.
"""

from __future__ import annotations

import logging
import pickle
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from explorer.jobs.limits import PREFIX, WorkerLimits
from explorer.jobs.messages import Finished, FromWorker, Reported, Started
from explorer.jobs.process import WorkerProcess
from explorer.jobs.queue import JobQueue, PendingJob
from explorer.jobs.resident import is_suspended

SHORTEST_WATCH_SECONDS = 0.02

SUSPENDED_SECONDS = 1.0
"""How long a process may be suspended while there is work. It is not ended at once, because a whole server that was
suspended and goes on (Ctrl-Z, fg) may be ahead of its workers."""

log = logging.getLogger(__name__)


class WorkerPool:
    """Threads and processes that work off a board, from `start` to `stop`. After that another crew is needed."""

    def __init__(self, board: JobQueue, limits: WorkerLimits, lost: Callable[[], None]) -> None:
        """Nothing runs yet; `lost` is called, in a thread, after a process that had done work is gone."""
        self._board, self._limits, self._lost = board, limits, lost
        self._processes: dict[int, WorkerProcess] = {}
        self._suspended: dict[int, float] = {}  # since when, by process id
        self._stopped = False
        self._too_small = False
        keepers = [threading.Thread(target=self._keep, args=(worker,), daemon=True) for worker in range(limits.workers)]
        self._threads = [*keepers, threading.Thread(target=self._watch, daemon=True)]

    def start(self) -> None:
        """Begin to work; processes are started when there is a job for them."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End at once with all that the board holds, and wait until no process is left."""
        with self._board.changed:
            self._stopped = True
            processes = tuple(self._processes.values())
            self._processes.clear()
            self._board.clear()
            self._board.changed.notify_all()
        for process in processes:
            process.end()
        for thread in self._threads:
            thread.join()

    @property
    def processes(self) -> tuple[int, ...]:
        """The process ids of the workers that are there now."""
        with self._board.changed:
            return tuple(process.pid for process in self._processes.values())

    def _keep(self, worker: int) -> None:
        """Hand jobs to one worker."""
        while (given := self._next(worker)) is not None:
            process, asked = given
            try:
                call = pickle.dumps(asked.call, protocol=pickle.HIGHEST_PROTOCOL)
            except Exception as error:  # whatever a class of the arguments does when it is pickled
                self._board.finish(worker, asked.number, error, failed=True)
            else:
                process.run(asked.number, call)

    def _next(self, worker: int) -> tuple[WorkerProcess, PendingJob] | None:
        """Wait for a job for a worker, whose process is started if need be; None when the crew is stopped."""
        with self._board.changed:
            while not self._stopped:
                asked = self._board.take(worker)
                process = None if asked is None else self._process(worker)
                if asked is not None and process is not None:
                    return process, asked
                if asked is None:
                    self._board.changed.wait()
        return None

    def _process(self, worker: int) -> WorkerProcess | None:
        """The worker's process; None where none could be started, which is a loss like any other."""
        try:
            if worker not in self._processes:
                self._processes[worker] = WorkerProcess(self._limits.worker_megabytes, self._heard, self._ended)
                log.info("Worker %d is process %d.", worker, self._processes[worker].pid)
        except OSError:
            log.exception("Worker %d could not be started.", worker)
            self._board.lose(worker)
        return self._processes.get(worker)

    def _watch(self) -> None:
        """Tell workers what to stop, and end those that take too long or are suspended."""
        with self._board.changed:
            while not self._stopped:
                orders = self._board.orders()
                for worker, number in orders.stopping.items():
                    self._processes[worker].stop(number)
                for worker in orders.dead:
                    log.warning("Worker %d did not stop in time and is ended.", worker)
                    self._processes[worker].kill()
                self._end_suspended()
                seconds = None if orders.seconds is None else min(SUSPENDED_SECONDS, orders.seconds)
                self._board.changed.wait(None if seconds is None else max(SHORTEST_WATCH_SECONDS, seconds))

    def _end_suspended(self) -> None:
        """End the processes that have been suspended for too long; what they had not begun, others do."""
        now = monotonic()
        suspended = {process.pid: process for process in self._processes.values() if is_suspended(process.pid)}
        self._suspended = {pid: self._suspended.get(pid, now) for pid in suspended}
        for pid, process in suspended.items():
            if now - self._suspended[pid] >= SUSPENDED_SECONDS:
                log.warning("Process %d is suspended and is ended.", pid)
                process.kill()

    def _heard(self, process: WorkerProcess, message: FromWorker) -> None:
        """A process says something; one that is no longer a worker is not listened to."""
        worker = self._worker(process)
        if worker is None:
            return
        match message:
            case Started(number):
                self._board.start(worker, number)
            case Reported(number, progress):
                self._board.report(number, progress)
            case Finished():
                self._finish(process, worker, message)

    def _finish(self, process: WorkerProcess, worker: int, message: Finished) -> None:
        """Pass an answer on; a process that has outgrown its memory makes room for another first."""
        answer, failed = _read(message)
        with self._board.changed:
            if message.outgrown:
                log.warning("Worker %d holds more memory than it may and is replaced.", worker)
                self._processes.pop(worker, None)
                self._check_limit(first=not process.worked)
            process.worked = process.worked or not message.outgrown
            self._board.finish(worker, message.number, answer, failed)

    def _check_limit(self, first: bool) -> None:
        """Say once that the limit is too small, where a process has outgrown it with its first job.

        Another would fare no better, so that it is not replaced before there is a job for it.
        """
        if first and not self._too_small:
            self._too_small = True
            log.warning(
                "%sWORKER_MEGABYTES is %g, less than a worker takes with its first job: none is kept warm, and each "
                "question starts one anew. Raise it.",
                *(PREFIX, self._limits.worker_megabytes),
            )

    def _ended(self, process: WorkerProcess) -> None:
        """A process is gone, killed or of itself."""
        with self._board.changed:
            worker = self._worker(process)
            if worker is not None:
                log.warning("Worker %d, process %d, is gone.", worker, process.pid)
                del self._processes[worker]
                self._board.lose(worker)
        if process.worked and not self._stopped:
            self._lost()

    def _worker(self, process: WorkerProcess) -> int | None:
        with self._board.changed:
            return next((worker for worker, known in self._processes.items() if known is process), None)


def _read(message: Finished) -> tuple[Any, bool]:
    """The answer or exception in a message, and whether it is an exception: also where it cannot be read."""
    try:
        return pickle.loads(message.result), message.failed  # noqa: S301 - written by a process started here
    except Exception as error:  # whatever a class does when it is read
        return error, True
