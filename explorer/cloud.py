"""The design space as a cloud: 50,000 networks that nobody has trained, their exact costs and predicted accuracies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import log

import numpy as np
from numpy.typing import NDArray

from explorer import design_space
from explorer.accuracy.predict import predict_many
from explorer.baselines import EFFICIENTNET
from explorer.frontier import front

NETWORKS = 50_000
SEED = 0
DEPTHS, WIDTHS, PIXELS = (0.5, 4.4), (0.5, 5.4), (96, 832)
"""From half of B0 to just beyond L2, the largest published network (4.3, 5.3, 800)."""

COLUMNS, ROWS = 120, 200
"""Cells of the drawing: more of them could not be told apart on a chart."""

AXES = ("macs", "params", "activations")
"""The costs that are counted for arrays of networks."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cloud:
    """Settings of the networks, their costs by axis, and predicted top-1 in percent; arrays of one length."""

    depth: Floats
    width: Floats
    input_resolution: NDArray[np.int64]
    costs: dict[str, NDArray[np.int64]]
    top1: Floats
    outside: NDArray[np.bool_]

    def front(self, axis: str) -> NDArray[np.int64]:
        """The networks that no other one dominates, the cheapest first."""
        kept = np.flatnonzero(front(self.costs[axis], self.top1))
        return np.asarray(kept[np.argsort(self.costs[axis][kept])])


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a drawing that hold networks: their middle in cost and accuracy, and how many each holds."""

    cost: NDArray[np.float32]
    top1: NDArray[np.float32]
    count: NDArray[np.int32]


@cache
def cloud() -> Cloud:
    """The cloud, computed once in a process."""
    return compute()


def compute(networks: int = NETWORKS) -> Cloud:
    """Networks drawn evenly from the logarithms of the multipliers, always the same ones."""
    random = np.random.default_rng(SEED)
    depth, width, pixels = (
        np.exp(random.uniform(log(limits[0]), log(limits[1]), networks)) for limits in (DEPTHS, WIDTHS, PIXELS)
    )
    whole = np.rint(pixels).astype(np.int64)
    counted = design_space.costs(EFFICIENTNET, depth, width, whole)
    found = predict_many(depth, width, whole)
    costs = {axis: getattr(counted, axis) for axis in AXES}
    return Cloud(depth, width, whole, costs, found.top1, found.outside)


def cells(cost: NDArray[np.int64], top1: Floats, *, logarithmic: bool) -> Cells:
    """Networks gathered in cells that are even on the chart."""
    across = np.log(cost) if logarithmic else cost.astype(np.float64)
    column, left, wide = _binned(across, COLUMNS)
    row, low, high = _binned(top1, ROWS)
    numbers, count = np.unique(column * ROWS + row, return_counts=True)
    middle = left + (numbers // ROWS + 0.5) * wide
    return Cells(
        (np.exp(middle) if logarithmic else middle).astype(np.float32),
        (low + (numbers % ROWS + 0.5) * high).astype(np.float32),
        count.astype(np.int32),
    )


def _binned(values: Floats, bins: int) -> tuple[NDArray[np.int64], float, float]:
    """The bin of each value, where the first bin begins, and how wide a bin is."""
    lowest, highest = float(values.min()), float(values.max())
    width = (highest - lowest) / bins or 1.0
    return np.minimum(((values - lowest) / width).astype(np.int64), bins - 1), lowest, width
