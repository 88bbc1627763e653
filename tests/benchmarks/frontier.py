"""The cloud of the design space and its Pareto front, against comparing every network with every other."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import perf_counter

import numpy as np

from explorer.planning import sampled_designs
from explorer.published.pareto import front
from tests.benchmarks.timing import Comparison, compare

ROUNDS, FEW = 5, 4000


def comparisons() -> Iterator[Comparison]:
    """The front of few networks against all pairs; then the time of the whole cloud with its front."""
    costs, top1 = sampled_designs.compute(FEW).costs["macs"], sampled_designs.compute(FEW).top1
    yield compare(
        f"front of {FEW:,} networks",
        lambda: front(costs, top1),
        "all pairs in NumPy",
        lambda: ((costs <= costs[:, None]) & (top1 > top1[:, None])).any(axis=1),
        ROUNDS,
    )
    seconds = []
    for _ in range(ROUNDS):
        started = perf_counter()
        found = sampled_designs.compute()
        np.count_nonzero(found.front("macs"))
        seconds.append(perf_counter() - started)
    print(f"  cloud of {sampled_designs.NETWORKS:,} networks and its front: {median(seconds):.3f} s")
