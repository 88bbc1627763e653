"""Predicting the accuracy of many networks at once, against building and predicting them one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from explorer.accuracy.predict import predict, predict_many
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import scale
from tests.benchmarks.timing import Comparison, compare

NETWORKS, ONE_BY_ONE = 50_000, 200
"""How many networks ours predicts, and how many the peer's time allows; its time is scaled up."""

RANDOM = np.random.default_rng(0)
DEPTH, WIDTH = RANDOM.uniform(0.5, 4, NETWORKS), RANDOM.uniform(0.5, 4, NETWORKS)
PIXELS = RANDOM.integers(100, 601, NETWORKS)


def comparisons() -> Iterator[Comparison]:
    """Random settings of B0, with intervals."""
    settings = list(zip(DEPTH.tolist(), WIDTH.tolist(), PIXELS.tolist(), strict=True))[:ONE_BY_ONE]
    measured = compare(
        f"predict {NETWORKS:,} × {EFFICIENTNET.name}",
        lambda: predict_many(DEPTH, WIDTH, PIXELS),
        "one by one (scaled up)",
        lambda: [predict(scale(EFFICIENTNET, depth, width, pixels)) for depth, width, pixels in settings],
    )
    yield replace(measured, theirs=measured.theirs * NETWORKS / ONE_BY_ONE)
