"""What the queue and its process cost beside the work: round trips, replacements, cancelling."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from statistics import median
from typing import Any

import numpy as np

from explorer.jobs import tasks
from explorer.jobs.limits import WorkerLimits
from explorer.jobs.pool import WorkerPool
from explorer.jobs.ticket import Ticket
from explorer.models.checkpoints import bundled
from explorer.models.lineage import of_checkpoint
from tests.benchmarks.timing import ROUNDS, Comparison, compare, seconds
from tests.jobs import work
from tests.support.samples import as_png

TRIPS, VISITORS = 200, 30
LONG_SECONDS = 60.0
WARM = "the answer of a warm worker"


def comparisons() -> Iterator[Comparison]:
    """An empty job against the standard library's pool; then what a killed or cancelled job costs the next answer."""
    service = WorkerPool(WorkerLimits(per_minute=10**9))
    stepping, sleeping = partial(work.steps, 10**6), partial(time.sleep, LONG_SECONDS)
    interruptions: tuple[tuple[str, Callable[[], Any], Callable[[Ticket[Any]], None]], ...] = (
        ("SIGKILL at work", sleeping, lambda _: os.kill(service.processes[0], signal.SIGKILL)),
        ("cancelled, job reports", stepping, Ticket.cancel),
        ("cancelled, job does not report", sleeping, Ticket.cancel),
    )
    try:
        yield _round_trips(service)
        _answer(service)
        yield _a_class(service)
        warm = median(seconds(lambda: _answer(service)) for _ in range(ROUNDS))
        for what, job, interrupt in interruptions:
            while service.counters.waiting or service.counters.running:
                _answer(service)
            yield Comparison(f"{what}: until the next", _interrupted(service, job, interrupt), WARM, warm)
    finally:
        service.stop()


def _round_trips(service: WorkerPool) -> Comparison:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return compare(
            f"{TRIPS} empty jobs in turn",
            lambda: [service.submit("visitor", os.getpid).result() for _ in range(TRIPS)],
            "ProcessPoolExecutor",
            lambda: [pool.submit(os.getpid).result() for _ in range(TRIPS)],
        )


def _a_class(service: WorkerPool) -> Comparison:
    """Thirty visitors who ask at once, against thirty answers one after the other."""
    classifier = of_checkpoint(next(iter(bundled().values())))
    file = as_png(np.random.default_rng(0).integers(0, 256, (400, 600, 3), np.uint8))

    def at_once() -> None:
        for ticket in [service.submit(f"visitor {number}", tasks.look, classifier, file) for number in range(VISITORS)]:
            ticket.result()

    def in_turn() -> None:
        for number in range(VISITORS):
            service.submit(f"visitor {number}", tasks.look, classifier, file).result()

    return compare(f"{VISITORS} visitors classify at once", at_once, f"{VISITORS} single answers", in_turn)


def _interrupted(service: WorkerPool, job: Callable[[], Any], interrupt: Callable[[Ticket[Any]], None]) -> float:
    """Seconds from the interruption of a running job to the answer to another visitor."""
    ticket = service.enqueue("visitor", "long", job)
    while ticket.running_seconds is None:
        ticket.wait(0.001)
    return seconds(lambda: _answer_after(service, partial(interrupt, ticket)))


def _answer_after(service: WorkerPool, interrupt: Callable[[], None]) -> None:
    interrupt()
    _answer(service)


def _answer(service: WorkerPool) -> None:
    """The smallest network looks once, and is loaded first where it is not."""
    service.submit("another visitor", tasks.warm_up).result()
