"""Counting many networks at once, against building and counting them one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median
from time import process_time

import numpy as np

from explorer.cost import counting, design_space
from explorer.cost.design_space import Costs
from explorer.network.baselines import BASELINES, EFFICIENTNET, Baseline
from explorer.network.description import scale
from tests.benchmarks.timing import Comparison, compare

NETWORKS, ONE_BY_ONE = 100_000, 200
"""How many networks ours counts, and how many the peer's time allows; its time is scaled up."""

ROUNDS = 5

RANDOM = np.random.default_rng(0)
DEPTH, WIDTH = RANDOM.uniform(0.1, 8, NETWORKS), RANDOM.uniform(0.1, 8, NETWORKS)
PIXELS = RANDOM.integers(32, 1025, NETWORKS)

GRID = (np.linspace(0.1, 8, 100)[:, None, None], np.linspace(0.1, 8, 100)[:, None], np.arange(32, 1025, 10))
PHI, ALPHA = RANDOM.uniform(-3, 8, NETWORKS), RANDOM.uniform(1, 1.2, NETWORKS)


def comparisons() -> Iterator[Comparison]:
    """Random settings of every family; then how many networks a second one core counts."""
    for baseline in BASELINES.values():
        yield _against_one_by_one(baseline)
    _print_rate("random d, w, pixels", lambda: design_space.costs(EFFICIENTNET, DEPTH, WIDTH, PIXELS))
    _print_rate("a grid of d × w × pixels", lambda: design_space.costs(EFFICIENTNET, *GRID))
    _print_rate("random φ, α", lambda: design_space.of_compound(EFFICIENTNET, PHI, ALPHA, 1.1, 1.15).costs)


def _against_one_by_one(baseline: Baseline) -> Comparison:
    settings = list(zip(DEPTH.tolist(), WIDTH.tolist(), PIXELS.tolist(), strict=True))[:ONE_BY_ONE]
    measured = compare(
        f"count {NETWORKS:,} × {baseline.name}",
        lambda: design_space.costs(baseline, DEPTH, WIDTH, PIXELS),
        "one by one (scaled up)",
        lambda: [counting.of(scale(baseline, depth, width, pixels)) for depth, width, pixels in settings],
        ROUNDS,
    )
    return replace(measured, theirs=measured.theirs * NETWORKS / ONE_BY_ONE)


def _print_rate(what: str, count: Callable[[], Costs]) -> None:
    """Networks for each second of processor time, so that a machine that others share does not blur it."""
    rates = []
    for _ in range(ROUNDS):
        started = process_time()
        networks = count().macs.size
        rates.append(networks / (process_time() - started))
    print(f"  {EFFICIENTNET.name}, {what}: {median(rates):,.0f} networks a second on one core")
