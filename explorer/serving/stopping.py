"""A server that is told to stop answers first what it is at."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)

Handler = Callable[[int, FrameType | None], object]


@contextmanager
def graceful_shutdown(finish: Callable[[], None]) -> Iterator[None]:
    """Within, a signal to stop calls `finish`, in a thread, and only then who handled the signal before.

    A second signal does not wait. To be entered in the main thread.
    """
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number, handler in before.items():
        if callable(handler):
            signal.signal(number, _delayed(handler, finish))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _delayed(handler: Handler, finish: Callable[[], None]) -> Handler:
    begun = Event()

    def finished(number: int) -> None:
        finish()
        handler(number, None)

    def stop(number: int, frame: FrameType | None) -> None:
        if begun.is_set():
            handler(number, frame)
        else:
            begun.set()
            Thread(target=finished, args=(number,), daemon=True).start()

    return stop
