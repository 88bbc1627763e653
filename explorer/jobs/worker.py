"""What runs in a worker process: one job after the other in its main thread, until its server is gone.

The main thread, because torch is slower in threads that come and go. A second thread listens to the server meanwhile.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from queue import SimpleQueue
from time import monotonic

from explorer.jobs.channel import Channel, Finished, FromWorker, Reported, RunJob, Started, Stop, ToWorker, of_worker
from explorer.jobs.resident import give_way, release_freed, release_kept, resident_bytes
from explorer.progress import Progress, WorkStopped, listening

REPORT_SECONDS = 0.05
"""Reports that follow each other faster are not passed on."""

MEGABYTE = 2**20


class Worker:
    """The jobs of one process."""

    def __init__(self, channel: Channel[ToWorker, FromWorker], most_bytes: float) -> None:
        self._channel = channel
        self._most_bytes = most_bytes
        self._jobs: SimpleQueue[RunJob] = SimpleQueue()
        self._stopped = 0

    def listen(self) -> None:
        """Take in what the server says; when it is gone this process ends, whatever it is doing."""
        try:
            while True:
                match self._channel.receive():
                    case RunJob() as job:
                        self._jobs.put(job)
                    case Stop(number):
                        self._stopped = number
        except (EOFError, OSError):
            os._exit(0)

    def work(self) -> None:
        """Do the jobs as they come, until the memory is outgrown."""
        while not self._do(self._jobs.get()):
            pass

    def _do(self, job: RunJob) -> bool:
        """Do one job and say how it ended; whether the memory is outgrown."""
        self._channel.send(Started(job.number))
        failed, result = self._outcome(job)
        outgrown = self._outgrown()
        self._channel.send(Finished(job.number, failed, result, outgrown))
        return outgrown

    def _outcome(self, job: RunJob) -> tuple[bool, bytes]:
        """Whether the job failed, and its pickled result or exception."""
        try:
            with listening(self._reporter(job.number)):
                call = pickle.loads(job.call)  # noqa: S301 - written by the server that started this process
                return False, pickle.dumps(call(), protocol=pickle.HIGHEST_PROTOCOL)
        except BaseException as error:
            return True, _pickled(error)

    def _reporter(self, number: int) -> Callable[[Progress], None]:
        last = -REPORT_SECONDS

        def reported(progress: Progress) -> None:
            nonlocal last
            if number == self._stopped:
                raise WorkStopped
            now = monotonic()
            if now - last >= REPORT_SECONDS:
                last = now
                self._channel.send(Reported(number, progress))

        return reported

    def _outgrown(self) -> bool:
        """Whether more memory is resident than may be, after all that could be let go of has been."""
        excess = resident_bytes() - self._most_bytes
        if excess <= 0:
            return False
        release_kept(int(excess))
        gc.collect()
        release_freed()
        return resident_bytes() > self._most_bytes


def _pickled(error: BaseException) -> bytes:
    """The exception with its traceback as a note; where it cannot be pickled, one that says the same."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        data = pickle.dumps(error)
        pickle.loads(data)  # noqa: S301 - just written; some exceptions can be pickled but not read again
    except Exception:
        data = pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return data


def main(megabytes: float) -> None:
    """Work for the server that started this process, with at most `megabytes` resident between jobs."""
    channel: Channel[ToWorker, FromWorker] = of_worker()
    give_way()
    # Ctrl-C in a terminal, or an end for all that belongs to a service, is for the server, whose end ends this.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_IGN)
    worker = Worker(channel, megabytes * MEGABYTE)
    threading.Thread(target=worker.listen, daemon=True).start()
    worker.work()


if __name__ == "__main__":
    main(float(sys.argv[1]))
