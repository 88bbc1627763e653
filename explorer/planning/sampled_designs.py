"""The design space as a cloud: 50,000 networks that nobody has trained, their exact costs and predicted accuracies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import log

import numpy as np
from numpy.typing import NDArray

from explorer.accuracy.predict import predict_many
from explorer.cost import design_space
from explorer.formats.measures import COUNTED
from explorer.network.baselines import EFFICIENTNET
from explorer.published.pareto import front

NETWORKS = 50_000
SEED = 0
DEPTHS, WIDTHS, PIXELS = (0.5, 4.4), (0.5, 5.4), (96, 832)
"""From half of B0 to just beyond L2, the largest published network (4.3, 5.3, 800)."""

COLUMNS, ROWS = 120, 200
"""Cells of the drawing: more of them could not be told apart on a chart."""

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
class Density:
    """How many networks each cell of a drawing holds: rows of accuracy by columns of cost, and the cells' edges."""

    cost: Floats
    top1: Floats
    count: NDArray[np.int64]


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
    costs = {axis: getattr(counted, axis) for axis in COUNTED}
    return Cloud(depth, width, whole, costs, found.top1, found.outside)


def density(cost: NDArray[np.int64], top1: Floats, *, logarithmic: bool) -> Density:
    """Networks gathered in cells that are even on the chart: `ROWS` × `COLUMNS`."""
    across = np.log(cost) if logarithmic else cost.astype(np.float64)
    count, columns, rows = np.histogram2d(across, top1, (COLUMNS, ROWS))
    return Density(np.exp(columns) if logarithmic else columns, rows, count.T.astype(np.int64))
