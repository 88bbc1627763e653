"""How far a long piece of work is: what does the work says so here, and who waits for it listens.

Nobody needs to listen. Work that reports can be stopped between its steps: `report` raises `WorkStopped` when asked to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


class WorkStopped(BaseException):
    """Raised by `report` within work that nobody waits for any more; the work lets it pass."""


@dataclass(frozen=True)
class Progress:
    """The share of the work that is done, 0 to 1, and a few words on what happens now."""

    share: float
    words: str


NOTHING_YET = Progress(0.0, "")

Listener = Callable[[Progress], None]

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def report(share: float, words: str) -> None:
    """Say that `share` of the work (0 to 1) is done and what comes next; cheap enough for every step.

    Raises:
        WorkStopped: whoever listens wants the work to end here.
    """
    listener = _listener.get()
    if listener is not None:
        listener(Progress(min(max(share, 0.0), 1.0), words))


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Give all that is reported within to `listener`, which may raise `WorkStopped`."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def remaining(progress: Progress, seconds: float) -> float | None:
    """Seconds still to go after `seconds` of work, were it to go on at the same pace; None before anything is done."""
    return seconds * (1 - progress.share) / progress.share if progress.share > 0 else None
