"""A worker process as its server sees it: started, spoken to, listened to, ended, and never left behind.

It is started with its own command, so that it does not import the running script again, which under Streamlit is the
app itself. The two speak over its standard input and output; each notices the other's end by the end of its pipe.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from io import RawIOBase
from pathlib import Path
from typing import cast

from explorer.jobs.channel import Channel
from explorer.jobs.messages import FromWorker, RunJob, Stop, ToWorker
from explorer.models.task_memory import SETTING

ROOT = Path(__file__).resolve().parents[2]
MAIN = "explorer.jobs.worker"


class WorkerProcess:
    """One process. What it says goes to `heard`, its end to `ended`, both called in a thread of its own.

    `worked` is whether it has done a job and may do another, for its owner to note.
    """

    def __init__(
        self,
        megabytes: float,
        heard: Callable[[WorkerProcess, FromWorker], None],
        ended: Callable[[WorkerProcess], None],
    ) -> None:
        """Start it; its memory is bounded by `megabytes`."""
        self._heard, self._ended = heard, ended
        self._sending = threading.Lock()
        self._process = _start(megabytes)
        self._channel: Channel[FromWorker, ToWorker] = _channel(self._process)
        self.worked = False
        self._told = 0
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def run(self, number: int, call: bytes) -> None:
        """Hand it a job. Where it has died nothing happens here: its end is told."""
        self._send(RunJob(number, call), patient=True)

    def stop(self, number: int) -> None:
        """Tell it, once, that nobody waits for the job; one that is being sent something just now is not told."""
        if number != self._told and self._send(Stop(number), patient=False):
            self._told = number

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self._process.kill()

    def end(self) -> None:
        """End it at once and wait until nothing of it is left."""
        self._process.kill()
        self._listener.join()

    def _send(self, message: ToWorker, patient: bool) -> bool:
        """Whether it was sent, or never will be."""
        if not self._sending.acquire(blocking=patient):
            return False
        with suppress(OSError):  # it is dead or dying, which `_listen` notices
            self._channel.send(message)
        self._sending.release()
        return True

    def _listen(self) -> None:
        """Pass on what it says until its pipe ends, then see to it that nothing of it is left."""
        try:
            while True:
                self._heard(self, self._channel.receive())
        except (EOFError, OSError):
            pass
        finally:
            self._process.kill()
            self._process.wait()
            with self._sending:
                self._channel.close()
            self._ended(self)


def _start(megabytes: float) -> subprocess.Popen[bytes]:
    """The process; it finds this package wherever the server was started."""
    found = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(  # noqa: S603 - this program itself
        (sys.executable, "-P", "-m", MAIN, str(megabytes)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env={**os.environ, "PYTHONPATH": found, SETTING: str(megabytes)},
    )


def _channel(process: subprocess.Popen[bytes]) -> Channel[FromWorker, ToWorker]:
    """The server's end of what it speaks with `process` over; without buffers these files are raw."""
    return Channel(cast("RawIOBase", process.stdout), cast("RawIOBase", process.stdin))
