"""Messages over two pipes: whole ones arrive, and the other end's end is noticed."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from io import FileIO

import pytest

from explorer.jobs.channel import LENGTH, Channel
from explorer.jobs.limits import WorkerLimits
from explorer.jobs.pool import WorkerPool
from tests.jobs import work

PATIENCE = 300.0

Ends = tuple[Channel[object, object], Channel[object, object]]

# More than a pipe holds, and next to nothing.
MESSAGES = (None, b"", "φ", {"a": [1, 2.5]}, b"x" * 3_000_000)


@pytest.fixture
def ends() -> Iterator[Ends]:
    (first, second), (third, fourth) = os.pipe(), os.pipe()
    ours: Channel[object, object] = Channel(FileIO(third, "r"), FileIO(second, "w"))
    theirs: Channel[object, object] = Channel(FileIO(first, "r"), FileIO(fourth, "w"))
    yield ours, theirs
    ours.close()
    theirs.close()


@pytest.mark.parametrize("message", MESSAGES, ids=["none", "empty", "text", "document", "large"])
def test_a_message_arrives_as_it_was_sent(message: object, ends: Ends) -> None:
    ours, theirs = ends
    sender = threading.Thread(target=ours.send, args=(message,))
    sender.start()
    assert theirs.receive() == message
    sender.join()


def test_messages_keep_their_order(ends: Ends) -> None:
    ours, theirs = ends
    sender = threading.Thread(target=lambda: list(map(ours.send, MESSAGES)))
    sender.start()
    assert [theirs.receive() for _ in MESSAGES] == list(MESSAGES)
    sender.join()


def test_the_end_of_the_other_end_is_noticed(ends: Ends) -> None:
    ours, theirs = ends
    theirs.close()
    with pytest.raises(EOFError):
        ours.receive()
    with pytest.raises(BrokenPipeError):
        ours.send("anybody?")


def test_half_a_message_is_none() -> None:
    reading, writing = os.pipe()
    os.write(writing, LENGTH.pack(100) + b"half of it")
    os.close(writing)
    with FileIO(reading, "r") as file, pytest.raises(EOFError):
        Channel[object, object](file, file).receive()


def test_what_a_job_prints_is_no_message(capfd: pytest.CaptureFixture[str]) -> None:
    """Also what a program prints that the job starts; both go where errors go."""
    service = WorkerPool(WorkerLimits(job_seconds=PATIENCE))
    try:
        assert service.submit("visitor", work.talk).result(PATIENCE) == "said"
    finally:
        service.stop()
    printed = capfd.readouterr()
    assert printed.out == ""
    assert printed.err.count("It is said.") == 2
