"""What a server and its worker process tell each other, over the worker's standard input and output.

An inherited socket would do the same with less code, but a process on Windows cannot be handed one.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
from dataclasses import dataclass
from io import FileIO, RawIOBase
from pathlib import Path
from typing import Generic, TypeVar, cast

from explorer.models.task_memory import SETTING
from explorer.progress import Progress

Received = TypeVar("Received")
Sent = TypeVar("Sent")

ROOT = Path(__file__).resolve().parents[2]
MAIN = "explorer.jobs.worker"

LENGTH = struct.Struct("!Q")
"""What goes before each message: its number of bytes."""


@dataclass(frozen=True)
class RunJob:
    """To the worker: do this job. `call` is a pickled function without arguments."""

    number: int
    call: bytes


@dataclass(frozen=True)
class Stop:
    """To the worker: nobody waits for this job any more."""

    number: int


@dataclass(frozen=True)
class Started:
    """From the worker: this job has begun."""

    number: int


@dataclass(frozen=True)
class Reported:
    """From the worker: how far this job is."""

    number: int
    progress: Progress


@dataclass(frozen=True)
class Finished:
    """From the worker: this job has ended, with a pickled result, or a pickled exception where it has `failed`.

    A worker that has `outgrown` its memory ends itself after this message.
    """

    number: int
    failed: bool
    result: bytes
    outgrown: bool


ToWorker = RunJob | Stop
FromWorker = Started | Reported | Finished


class Channel(Generic[Received, Sent]):
    """One end: whole messages go out, whole messages come in.

    Sending is for one thread at a time, and so is receiving; both may happen at once.
    """

    def __init__(self, reading: RawIOBase, writing: RawIOBase) -> None:
        self._reading, self._writing = reading, writing

    def send(self, message: Sent) -> None:
        """Send `message`; waits while the other end has much to read.

        Raises:
            OSError: the other end is gone.
        """
        data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
        self._write(LENGTH.pack(len(data)))
        self._write(data)

    def receive(self) -> Received:
        """Wait for a message.

        Raises:
            EOFError, OSError: the other end is gone.
        """
        (length,) = LENGTH.unpack(self._read(LENGTH.size))
        return cast("Received", pickle.loads(self._read(length)))  # noqa: S301 - from the process that belongs to this one

    def close(self) -> None:
        """Close this end."""
        self._reading.close()
        self._writing.close()

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[self._writing.write(left) or 0 :]

    def _read(self, length: int) -> bytearray:
        data = bytearray(length)
        left = memoryview(data)
        while left:
            count = self._reading.readinto(left)
            if not count:
                raise EOFError
            left = left[count:]
        return data


def of_worker() -> Channel[Received, Sent]:
    """The worker's end. From now on what is printed goes to standard error and nothing comes from standard input."""
    reading, writing = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    os.dup2(2, 1)
    return Channel(FileIO(reading, "r"), FileIO(writing, "w"))


def start_worker(megabytes: float) -> tuple[subprocess.Popen[bytes], Channel[FromWorker, ToWorker]]:
    """A worker process, its memory bounded by `megabytes`, and the server's end.

    It has a command of its own, so that it does not import the running script again, which under Streamlit is the app
    itself; and it finds this package wherever the server was started.

    Raises:
        OSError: it cannot be started.
    """
    found = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(  # noqa: S603 - this program itself
        (sys.executable, "-P", "-m", MAIN, str(megabytes)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env={**os.environ, "PYTHONPATH": found, SETTING: str(megabytes)},
    )
    # Without buffers these files are raw.
    return process, Channel(cast("RawIOBase", process.stdout), cast("RawIOBase", process.stdin))
