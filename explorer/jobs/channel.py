"""Messages between a server and its worker process, over the worker's standard input and output.

An inherited socket would do the same with less code, but a process on Windows cannot be handed one.
"""

from __future__ import annotations

import os
import pickle
import struct
from io import FileIO, RawIOBase
from typing import Generic, TypeVar, cast

Received = TypeVar("Received")
Sent = TypeVar("Sent")

LENGTH = struct.Struct("!Q")
"""What goes before each message: its number of bytes."""


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
