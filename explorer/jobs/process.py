"""A worker process as its server sees it: started, handed jobs, listened to, replaced, and never left behind.

The two speak over the process's standard input and output; each notices the other's end by the end of its pipe.
"""

from __future__ import annotations

import logging
import pickle
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from explorer.jobs.channel import Finished, FromWorker, Reported, RunJob, Started, Stop, ToWorker, start_worker
from explorer.jobs.limits import PREFIX, WorkerLimits
from explorer.jobs.resident import is_suspended

if TYPE_CHECKING:
    from explorer.jobs.pool import PendingJob, WorkerPool

IDLE_SECONDS = 0.5
"""How often a process that has no job is looked at, whether it is still there."""

SUSPENDED_SECONDS = 1.0
"""How long a process may be suspended while there is work. It is not ended at once, because a whole server that was
suspended and goes on (Ctrl-Z, fg) may be ahead of its workers."""

TOO_SMALL = (
    "%sWORKER_MEGABYTES is %g, less than a worker takes with its first job: none is kept warm, and each question "
    "starts one anew. Raise it."
)

log = logging.getLogger(__name__)


class WorkerProcess:
    """One process. One thread runs jobs in it and ends it; any other may stop a job or kill it.

    `worked` is whether it has done a job and may do another, for its owner to note.
    """

    def __init__(self, megabytes: float) -> None:
        """Start it; its memory is bounded by `megabytes`.

        Raises:
            OSError: it cannot be started.
        """
        self._process, self._channel = start_worker(megabytes)
        self._sending = threading.Lock()
        self._told = 0
        self.worked = False

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended, killed or of itself."""
        return self._process.poll() is None

    def run(self, number: int, call: bytes) -> Iterator[FromWorker]:
        """Hand it a job and give what it says, `Finished` last; where it dies no more comes."""
        self._send(RunJob(number, call), patient=True)
        with suppress(EOFError, OSError):
            while True:
                message = self._channel.receive()
                yield message
                if isinstance(message, Finished):
                    return

    def stop(self, number: int) -> None:
        """Tell it, once, that nobody waits for the job; one that is being sent something just now is not told."""
        if number != self._told and self._send(Stop(number), patient=False):
            self._told = number

    def kill(self) -> None:
        """End it at once, whatever it does; whoever runs a job in it notices."""
        self._process.kill()

    def end(self) -> None:
        """End it at once and wait until nothing of it is left."""
        self._process.kill()
        self._process.wait()
        with self._sending:
            self._channel.close()

    def _send(self, message: ToWorker, patient: bool) -> bool:
        """Whether it was sent, or never will be."""
        if not self._sending.acquire(blocking=patient):
            return False
        with suppress(OSError, ValueError):  # it is dead or dying, or ended and its pipe closed
            self._channel.send(message)
        self._sending.release()
        return True


class WorkerThread:
    """A thread that works off the queue of a pool in one process after another, from `start` until the pool stops."""

    def __init__(self, number: int, pool: WorkerPool, limits: WorkerLimits) -> None:
        """The worker called `number` in the queue; no process is started before there is a job."""
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.start, self.join = self._thread.start, self._thread.join
        self.number, self._pool, self._limits = number, pool, limits
        self.process: WorkerProcess | None = None
        self._suspended: float | None = None  # since when its process is
        self._too_small = False

    def _work(self) -> None:
        """Hand over one job after the other, then see to it that no process is left."""
        while (given := self._next()) is not None:
            self._do(*given)
        if self.process is not None:
            self.process.end()

    def kill(self) -> None:
        """End what runs now, if anything does."""
        if self.process is not None:
            self.process.kill()

    def inspect(self, unwanted: int | None, late: bool, now: float) -> None:
        """Tell the process which job nobody waits for any more, end it where it is late or was suspended for long."""
        process = self.process
        if process is None:
            return
        if unwanted is not None:
            process.stop(unwanted)
        self._suspended = (self._suspended or now) if is_suspended(process.pid) else None
        if late or (self._suspended is not None and now - self._suspended >= SUSPENDED_SECONDS):
            log.warning("Process %d %s and is ended.", process.pid, "did not stop in time" if late else "is suspended")
            process.kill()

    def _next(self) -> tuple[WorkerProcess, PendingJob] | None:
        """Wait for a job, and start a process for it if need be; None when the pool stops."""
        pool = self._pool
        with pool.changed:
            while not pool.stopping:
                if self.process is not None and not self.process.alive:
                    self._lose(self.process)
                job = pool.take(self.number)
                process = self.process or (None if job is None else self._new_process())
                if job is not None and process is not None:
                    return process, job
                if job is None:
                    pool.changed.wait(None if process is None else IDLE_SECONDS)
        return None

    def _new_process(self) -> WorkerProcess | None:
        """A new process; None where none could be started, which is a loss like any other."""
        try:
            self.process, self._suspended = WorkerProcess(self._limits.worker_megabytes), None
        except OSError:
            log.exception("Worker %d could not be started.", self.number)
            self._pool.lose(self.number)
            return None
        log.info("Worker %d is process %d.", self.number, self.process.pid)
        return self.process

    def _do(self, process: WorkerProcess, job: PendingJob) -> None:
        """Have a job done by the process, or lose the process."""
        try:
            call = pickle.dumps(job.call, protocol=pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # whatever a class of the arguments does when it is pickled
            self._pool.finish(self.number, job.ticket.number, error, failed=True)
            return
        for message in process.run(job.ticket.number, call):
            match message:
                case Started():
                    self._pool.begin(self.number, job.ticket)
                case Reported(_, progress):
                    job.ticket.reported = progress
                case Finished():
                    self._finish(process, message)
                    return
        self._lose(process)

    def _finish(self, process: WorkerProcess, message: Finished) -> None:
        """Pass an answer on; a process that has outgrown its memory makes room for another first."""
        answer, failed = _read(message)
        with self._pool.changed:
            if message.outgrown:
                self.process = None
            self._pool.finish(self.number, message.number, answer, failed=failed)
        if message.outgrown:
            log.warning("Worker %d holds more memory than it may and is replaced.", self.number)
            process.end()
            self._check_limit(process)
            self._warm_again(process)
        else:
            process.worked = True

    def _check_limit(self, process: WorkerProcess) -> None:
        """Say once that the limit is too small, where a process has outgrown it with its first job.

        Another would fare no better, so that it is not replaced before there is a job for it.
        """
        if not process.worked and not self._too_small:
            self._too_small = True
            log.warning(TOO_SMALL, PREFIX, self._limits.worker_megabytes)

    def _lose(self, process: WorkerProcess) -> None:
        """The process is gone: so is its job, unless it had not begun."""
        process.end()
        with self._pool.changed:
            self.process = None
            if not self._pool.stopping:
                log.warning("Worker %d, process %d, is gone.", self.number, process.pid)
                self._pool.lose(self.number)
        self._warm_again(process)

    def _warm_again(self, process: WorkerProcess) -> None:
        """Another is to be warm where a process was that had worked."""
        if process.worked:
            self._pool.warm_again()


def _read(message: Finished) -> tuple[Any, bool]:
    """The answer or exception in a message, and whether it is an exception: also where it cannot be read."""
    try:
        return pickle.loads(message.result), message.failed  # noqa: S301 - written by a process started here
    except Exception as error:  # whatever a class does when it is read
        return error, True
