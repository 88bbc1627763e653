"""Locks on open files, by which one driver at a time works on a record that is a file. Linux and macOS have them."""

from __future__ import annotations

from importlib.util import find_spec
from typing import IO

from explorer.study.errors import StudyError


def supported() -> bool:
    """Whether this system has such locks."""
    return find_spec("fcntl") is not None


def wait_for(file: IO[str]) -> None:
    """Take the lock of `file` for this process alone as soon as it is free; it is free again when `file` is closed.

    Raises:
        StudyError: this system has no such locks.
    """
    _require()
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX)


def take(file: IO[str], *, shared: bool = False) -> bool:
    """Whether the lock of `file` was free and is taken now, for this process alone or `shared` with its like.

    Raises:
        StudyError: this system has no such locks.
    """
    _require()
    import fcntl

    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _require() -> None:
    if not supported():
        raise StudyError(
            "A study whose record is a file runs on Linux and macOS only, whose locks keep a second driver away: give "
            "--store the URL of a database server."
        )
