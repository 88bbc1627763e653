"""What `study run` and `study resume` share: the driver, its progress bar, and how it is stopped."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType

from explorer.cli.streams import INTERRUPTED
from explorer.formats.quantities import counted, minutes
from explorer.network.scaling import Range
from explorer.study import findings, observations, paths
from explorer.study.database import is_url, only_driver
from explorer.study.estimate import StudyProgress
from explorer.study.store import Store

BAR = 30
JOBS = Range(1, 1024)
MINUTES = Range(0.0, 1e6)
SECONDS_OF_A_MINUTE = 60.0


def place_of(arguments: argparse.Namespace) -> str:
    """Where the record is: a file, or a database URL."""
    return arguments.store or str(paths.record())


def drive(arguments: argparse.Namespace, open_store: Callable[[str], Store]) -> int:
    """Work on the study that `open_store` opens until it is done or stopped; the exit code.

    Raises:
        ScalingError, StudyError: the arguments are out of range, or the study cannot go on.
    """
    from explorer.study.pools import open_pool
    from explorer.study.run import Driver

    JOBS.require(arguments.jobs, "The number of processes (--jobs)")
    if arguments.max_minutes is not None:
        MINUTES.require(arguments.max_minutes, "The time limit (--max-minutes)")
    place = place_of(arguments)
    with _requests() as asked, only_driver(place):
        store = open_store(place)
        shown, late = Shown(), _deadline(arguments.max_minutes)
        pool = open_pool(arguments.jobs, arguments.ray, store.plan.protocol.threads)
        driver = Driver(store, pool, shown, exclusive=not is_url(place))
        finished = driver.run(lambda: bool(asked) or late())
        shown.end()
        if asked and not finished:
            print(f"Stopped. {shown.words} Go on with “study resume”.", file=sys.stderr)
            return INTERRUPTED
        if not finished:
            print(f"Stopped after {arguments.max_minutes:g} min. {shown.words} Go on with “study resume”.")
            return 0
        outcomes = store.outcomes()
        for key, reason in store.given_up().items():
            print(f"Given up: {key} ({reason}).")
        print(*findings.step_1(store.plan, outcomes), *observations.step_2(store.plan, outcomes), sep="\n")
        return 0


def _deadline(limit: float | None) -> Callable[[], bool]:
    started = monotonic()
    return lambda: limit is not None and monotonic() - started >= limit * SECONDS_OF_A_MINUTE


@contextmanager
def _requests() -> Iterator[list[int]]:
    """The requests to end (Ctrl-C, SIGTERM) so far: the driver looks at them between two steps, never within one."""
    asked: list[int] = []

    def note(request: int, _frame: FrameType | None) -> None:
        asked.append(request)

    before = {request: signal.signal(request, note) for request in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for request, handler in before.items():
            signal.signal(request, handler)


class Shown:
    """The progress bar on stderr: redrawn on a terminal, else a line whenever a run has ended."""

    def __init__(self) -> None:
        self.words = "No run is done."
        self._drawn = False

    def __call__(self, state: StudyProgress) -> None:
        """Show a progress."""
        words = line(state)
        if words == self.words:
            return
        self.words = words
        if sys.stderr.isatty():
            filled = round(BAR * state.share)
            print(f"\r{'█' * filled}{'░' * (BAR - filled)} {words}\x1b[K", end="", file=sys.stderr, flush=True)
            self._drawn = True
        else:
            print(words, file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the bar's line."""
        if self._drawn:
            print(file=sys.stderr)


def line(state: StudyProgress) -> str:
    """How far a study is, in words."""
    failed = f", {state.failed} given up" if state.failed else ""
    left = "" if state.seconds_left is None or state.share == 1 else f", {minutes(state.seconds_left)} left"
    return f"{state.done} of {counted(state.total, 'run')} are done{failed}{left}."
