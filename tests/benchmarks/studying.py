"""A study: how training scales with worker processes, and what the record costs beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

from explorer.network.description import Network
from explorer.study import plan as planning
from explorer.study.candidates import SMALL, original
from explorer.study.plan import Plan
from explorer.study.pools import LocalPool
from explorer.study.protocol import Protocol
from explorer.study.results import TrainingResult
from explorer.study.run import Driver
from explorer.study.store import create
from explorer.study.training import train
from tests.benchmarks.timing import Comparison, compare, seconds

TRAININGS = 4
PROTOCOL = Protocol(images=2500, held_out=500, epochs=2)
NETWORK = original(SMALL)
ROUNDS = 3


class Instant:
    """A pool that has every answer already: what is left is the driver and its record."""

    slots = 1

    def __init__(self, answer: TrainingResult) -> None:
        self.answer = answer

    def submit(self, network: Network, seed: int, protocol: Protocol) -> Future[TrainingResult]:
        """A future that is done."""
        del network, seed, protocol
        future: Future[TrainingResult] = Future()
        future.set_result(self.answer)
        return future

    def close(self) -> None:
        """Nothing to end."""


def comparisons() -> Iterator[Comparison]:
    """Four trainings with two processes against one; then a study's runs in the record against one training."""
    pools = [LocalPool(1), LocalPool(2)]
    try:
        for pool in pools:
            _train_all(pool)  # the processes start and import torch
        one, two = pools
        scaled = compare(
            f"{TRAININGS} trainings, 2 processes", lambda: _train_all(two), "1 process", lambda: _train_all(one), ROUNDS
        )
    finally:
        for pool in pools:
            pool.close()
    images = TRAININGS * PROTOCOL.steps * PROTOCOL.batch
    print(f"  {images / scaled.theirs:,.0f} images a second with 1 process, {images / scaled.ours:,.0f} with 2")
    yield scaled
    yield _record()


def _train_all(pool: LocalPool) -> None:
    for future in [pool.submit(NETWORK, seed, PROTOCOL) for seed in range(TRAININGS)]:
        future.result()


def _record() -> Comparison:
    """Claim, complete and look, for each run of the usual study."""
    study = Plan()
    answer = train(NETWORK, 0, PROTOCOL)
    with tempfile.TemporaryDirectory() as folder:
        store = create(str(Path(folder) / "study.db"), study)
        driver = Driver(store, Instant(answer), lambda _progress: None, exclusive=True)
        whole = seconds(lambda: driver.run(lambda: False))
        store.close()
    return Comparison("the record, for each run", whole / planning.total(study), "a training as short", answer.seconds)
