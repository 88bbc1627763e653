"""What a network may take, the limits of a budget, and which network is best of those that keep them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from math import isfinite

import numpy as np

from explorer.cost import counting
from explorer.cost.design_space import Costs
from explorer.formats.measures import ACTIVATIONS, COUNTED, MACS, MEMORY, PARAMS, TIME, Measure
from explorer.formats.quantities import exact
from explorer.network.description import Network
from explorer.network.elementwise import Bools
from explorer.network.scaling import ScalingError

Estimate = Callable[[Network], float]
"""What a network takes of something that cannot be counted."""

NEARLY = 0.97
"""The share of the most multiply-adds that is nearly as many."""


@dataclass(frozen=True)
class BudgetLimits:
    """The most that a network may take, None where it does not matter; training memory is in bytes."""

    params: float | None = None
    macs: float | None = None
    activations: float | None = None
    training_memory: float | None = None
    milliseconds: float | None = None


@dataclass(frozen=True)
class Limit:
    """A quantity that can be limited, in words, how an amount of it is written, and the smallest limit of sense."""

    words: str
    amount: Callable[[float], str]
    least: float = 1.0


def _counted(measure: Measure) -> Limit:
    return Limit(measure.label, lambda count: f"{exact(round(count))} {measure.label}")


LIMITS: Mapping[str, Limit] = {
    **{measure.key: _counted(measure) for measure in (PARAMS, MACS, ACTIVATIONS)},
    "training_memory": Limit(MEMORY.label, lambda size: f"{exact(round(size))} bytes of {MEMORY.label}"),
    TIME.key: Limit(TIME.label, lambda time: f"{time:.4g} {TIME.unit}", 0.001),
}
"""By the fields of `BudgetLimits`. The first three are counted, the others estimated by whoever asks."""


@dataclass(frozen=True)
class Objective:
    """Which network is best among all that fit."""

    key: str
    words: str
    best: Callable[[Costs], int]


def _leanest(costs: Costs) -> int:
    near = costs.macs >= NEARLY * costs.macs.max()
    return int(np.where(near, costs.activations, np.iinfo(np.int64).max).argmin())


OBJECTIVES: Mapping[str, Objective] = {
    objective.key: objective
    for objective in (
        Objective("macs", "the most multiply-adds", lambda costs: int(costs.macs.argmax())),
        Objective("params", "the most parameters", lambda costs: int(costs.params.argmax())),
        Objective("lean", "the fewest activations within 3 % of the most multiply-adds", _leanest),
    )
}


@dataclass(frozen=True)
class Budget:
    """The limits that were given, and the estimates of what cannot be counted."""

    limits: Mapping[str, float]
    estimates: Mapping[str, Estimate]

    def counted(self, costs: Costs) -> Bools:
        """Where the limits on what is counted are kept."""
        kept = np.ones(costs.macs.shape, np.bool_)
        for key in self.limits.keys() & COUNTED.keys():
            kept &= getattr(costs, key) <= self.limits[key]
        return kept

    def used(self, network: Network) -> dict[str, float]:
        """What a network takes of everything that is limited."""
        counted = asdict(counting.of(network))
        return {key: self.estimates[key](network) if key in self.estimates else counted[key] for key in self.limits}

    def broken(self, used: Mapping[str, float]) -> list[str]:
        """The limits that are broken, the one broken by the largest factor first."""
        over = [key for key, amount in used.items() if not amount <= self.limits[key]]
        return sorted(over, key=lambda key: used[key] / self.limits[key], reverse=True)


def of_limits(limits: BudgetLimits, estimates: Mapping[str, Estimate | None]) -> Budget:
    """The limits that are given, all of them positive and possible to check.

    Raises:
        ScalingError: there is no limit, or one that makes no sense or lacks its estimate.
    """
    given = {key: value for key, value in asdict(limits).items() if value is not None}
    if not given:
        raise ScalingError(f"Give at least one limit: on {', '.join(limit.words for limit in LIMITS.values())}.")
    for key, value in given.items():
        if not (isfinite(value) and value >= LIMITS[key].least):
            raise ScalingError(
                f"The limit on {LIMITS[key].words} is {value:g}; give a number from {LIMITS[key].least:g} upwards."
            )
        if key not in COUNTED and estimates[key] is None:
            raise ScalingError(f"The limit on {LIMITS[key].words} cannot be checked: nothing here estimates it.")
    return Budget(given, {key: estimate for key, estimate in estimates.items() if estimate and key in given})
