"""The budget solver: the largest network within limits on parameters, multiply-adds, activations, memory and time.

With α, β and γ given it is the largest φ on a grid of 0.01 whose network keeps every limit, cliffs and all. With them
free, that φ is found for every triple near α·β²·γ² = 2 (the grid of the paper's Section 4, without its training), and
an objective chooses among the networks found.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import product
from math import isfinite

import numpy as np

from explorer import cost
from explorer.baselines import Baseline
from explorer.cost import Cost
from explorer.design_space import Bools, Costs, Designs, of_compound
from explorer.network import Network, scale
from explorer.quantities import decimal, exact, times
from explorer.scaling import PHI, REFERENCE, TARGET_PRODUCT, Compound, Rounding, ScalingError, multipliers

Estimate = Callable[[Network], float]

STEPS = 100
"""Steps of φ to a unit."""

PHIS = np.arange(round(PHI.lowest * STEPS), round(PHI.highest * STEPS) + 1) / STEPS

COEFFICIENT_STEPS = 20
"""Steps of a free coefficient to a unit."""

PRODUCT_TOLERANCE = 0.1
"""How far α·β²·γ² of free coefficients may lie from 2."""

NEARLY = 0.97
"""The share of the most multiply-adds that is nearly as many."""

RANGE = "range"
"""In place of a limit: the explorer scales no further."""


@dataclass(frozen=True)
class Limits:
    """The most that a network may take, None where it does not matter; training memory is in bytes."""

    params: float | None = None
    macs: float | None = None
    activations: float | None = None
    training_memory: float | None = None
    milliseconds: float | None = None


@dataclass(frozen=True)
class Limit:
    """A quantity that can be limited, in words, and how an amount of it is written."""

    words: str
    amount: Callable[[float], str]


LIMITS: Mapping[str, Limit] = {
    "params": Limit("parameters", lambda count: f"{exact(round(count))} parameters"),
    "macs": Limit("multiply-adds", lambda count: f"{exact(round(count))} multiply-adds"),
    "activations": Limit("activations", lambda count: f"{exact(round(count))} activations"),
    "training_memory": Limit("training memory", lambda size: f"{exact(round(size))} bytes of training memory"),
    "milliseconds": Limit("time for an image", lambda time: f"{time:.4g} ms for an image"),
}
"""By the fields of `Limits`. The first three are counted, the others estimated by whoever asks."""

COUNTED = ("params", "macs", "activations")


@dataclass(frozen=True)
class Objective:
    """Which network is best among the largest of each α, β, γ."""

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
class Solution:
    """The best network that keeps all limits.

    `binding` is the limit that the next larger φ breaks (by the largest factor, if several), or `RANGE`; `slack` is
    the share that is left of each limit.
    """

    compound: Compound
    network: Network
    cost: Cost
    binding: str
    slack: Mapping[str, float]
    sentence: str


@dataclass(frozen=True)
class NothingFits:
    """The smallest network already takes `factor` times what `limit` allows (the worst, if it breaks several)."""

    compound: Compound
    network: Network
    cost: Cost
    limit: str
    factor: float
    sentence: str


@dataclass(frozen=True)
class _Budget:
    """The limits that were given, and the estimates of what cannot be counted."""

    limits: Mapping[str, float]
    estimates: Mapping[str, Estimate]

    def counted(self, costs: Costs) -> Bools:
        """Where the limits on what is counted are kept."""
        kept = np.ones(costs.macs.shape, np.bool_)
        for key in self.limits.keys() & set(COUNTED):
            kept &= getattr(costs, key) <= self.limits[key]
        return kept

    def used(self, network: Network) -> dict[str, float]:
        """What a network takes of everything that is limited."""
        counted = asdict(cost.of(network))
        return {key: self.estimates[key](network) if key in self.estimates else counted[key] for key in self.limits}

    def broken(self, used: Mapping[str, float]) -> list[str]:
        """The limits that are broken, the one broken by the largest factor first."""
        over = [key for key, amount in used.items() if not amount <= self.limits[key]]
        return sorted(over, key=lambda key: used[key] / self.limits[key], reverse=True)


@dataclass(frozen=True)
class _Space:
    """All settings that are searched: a row for each triple of coefficients, a column for each φ."""

    baseline: Baseline
    rounding: Rounding
    coefficients: tuple[tuple[float, float, float], ...]
    designs: Designs

    def network(self, row: int, column: int) -> Network:
        d, w, p = (
            values[row, column] for values in (self.designs.depth, self.designs.width, self.designs.input_resolution)
        )
        return scale(self.baseline, float(d), float(w), int(p), self.rounding)

    def compound(self, row: int, column: int) -> Compound:
        return Compound(float(PHIS[column]), *self.coefficients[row])


def solve(
    baseline: Baseline,
    limits: Limits,
    compound: Compound,
    rounding: Rounding = REFERENCE,
    *,
    free: bool = False,
    objective: str = "macs",
    training_memory: Estimate | None = None,
    latency: Estimate | None = None,
) -> Solution | NothingFits:
    """The largest network that keeps `limits`; φ of `compound` is not read.

    Estimates are taken not to fall as a network grows: where no coefficient is below 1 their limits are found by
    bisection, in milliseconds (a second or two if `free`). Where one is, every φ is asked from the largest down.

    Args:
        baseline: the table to scale.
        limits: at least one.
        compound: α, β and γ; not read if `free`.
        rounding: how products become whole channels and layers.
        free: whether to search α, β and γ ≥ 1 as well.
        objective: of `OBJECTIVES`, which network is best if `free`.
        training_memory: bytes that training a network takes; needed for its limit.
        latency: milliseconds that a network takes for an image; needed for their limit.

    Raises:
        ScalingError: there is no limit, or one that makes no sense or lacks its estimate, or a coefficient is outside
            its range.
    """
    budget = _budget(limits, {"training_memory": training_memory, "milliseconds": latency})
    if objective not in OBJECTIVES:
        raise ScalingError(f"There is no objective “{objective}”; choose one of {', '.join(OBJECTIVES)}.")
    if not free:
        multipliers(replace(compound, phi=0.0))
    given = (compound.alpha, compound.beta, compound.gamma)
    space = _space(baseline, rounding, free_coefficients() if free else (given,))
    kept = space.designs.allowed & budget.counted(space.designs.costs)
    largest = [_largest(space, budget, row, np.flatnonzero(columns).tolist()) for row, columns in enumerate(kept)]
    found = [(row, column) for row, column in enumerate(largest) if column is not None]
    if not found:
        return _nothing_fits(space, budget)
    chosen = OBJECTIVES[objective]
    row, column = found[chosen.best(_at(space.designs.costs, found))]
    praise = f"has {chosen.words} that fit" if free else "is the largest that fits"
    return _solution(space, budget, row, column, praise)


@cache
def free_coefficients() -> tuple[tuple[float, float, float], ...]:
    """Every α, β, γ ≥ 1 on the grid with α·β²·γ² near 2, in whole steps so that none on the border is lost."""
    steps = COEFFICIENT_STEPS
    unit = steps**5
    largest = round((TARGET_PRODUCT + PRODUCT_TOLERANCE) * steps)
    return tuple(
        (a / steps, b / steps, c / steps)
        for a, b, c in product(range(steps, largest + 1), repeat=3)
        if abs(a * b**2 * c**2 - round(TARGET_PRODUCT * unit)) <= round(PRODUCT_TOLERANCE * unit)
    )


def _budget(limits: Limits, estimates: Mapping[str, Estimate | None]) -> _Budget:
    """The limits that are given, all of them positive and possible to check."""
    given = {key: value for key, value in asdict(limits).items() if value is not None}
    if not given:
        raise ScalingError(f"Give at least one limit: on {', '.join(limit.words for limit in LIMITS.values())}.")
    for key, value in given.items():
        if not (isfinite(value) and value > 0):
            raise ScalingError(f"The limit on {LIMITS[key].words} is {value:g}; give a number above 0.")
        if key not in COUNTED and estimates[key] is None:
            raise ScalingError(f"The limit on {LIMITS[key].words} cannot be checked: nothing here estimates it.")
    return _Budget(given, {key: estimate for key, estimate in estimates.items() if estimate and key in given})


def _space(baseline: Baseline, rounding: Rounding, coefficients: tuple[tuple[float, float, float], ...]) -> _Space:
    alpha, beta, gamma = np.array(coefficients).T[..., np.newaxis]
    return _Space(baseline, rounding, coefficients, of_compound(baseline, PHIS, alpha, beta, gamma, rounding))


def _at(costs: Costs, places: list[tuple[int, int]]) -> Costs:
    rows, columns = map(list, zip(*places, strict=True))
    return Costs(costs.params[rows, columns], costs.macs[rows, columns], costs.activations[rows, columns])


def _largest(space: _Space, budget: _Budget, row: int, columns: list[int]) -> int | None:
    """Of columns that keep what is counted, that of the largest φ that keeps the estimates too, if any does."""

    def breaks(column: int) -> bool:
        return bool(budget.broken(budget.used(space.network(row, column))))

    if budget.estimates and min(space.coefficients[row]) < 1:
        return next((column for column in reversed(columns) if not breaks(column)), None)
    fitting = bisect_left(columns, True, key=breaks) if budget.estimates else len(columns)
    return columns[fitting - 1] if fitting else None


def _solution(space: _Space, budget: _Budget, row: int, column: int, praise: str) -> Solution:
    network, compound = space.network(row, column), space.compound(row, column)
    slack = {key: 1 - amount / budget.limits[key] for key, amount in budget.used(network).items()}
    binding, reason = _against(space, budget, row, column + 1)
    return Solution(compound, network, cost.of(network), binding, slack, f"{_words(compound)} {praise}: {reason}.")


def _against(space: _Space, budget: _Budget, row: int, column: int) -> tuple[str, str]:
    """Which limit stands against a setting, and what to say of it."""
    if column == len(PHIS) or not space.designs.allowed[row, column]:
        return RANGE, "beyond it the explorer does not scale"
    used = budget.used(space.network(row, column))
    key = budget.broken(used)[0]
    amounts = LIMITS[key].amount(used[key]), LIMITS[key].amount(budget.limits[key])
    return key, f"φ = {decimal(PHIS[column])} would take {amounts[0]}, the limit is {amounts[1]}"


def _nothing_fits(space: _Space, budget: _Budget) -> NothingFits:
    """Why: what the network of the fewest multiply-adds breaks."""
    macs = np.where(space.designs.allowed, space.designs.costs.macs, np.iinfo(np.int64).max)
    row, column = divmod(int(macs.argmin()), len(PHIS))
    network, compound = space.network(row, column), space.compound(row, column)
    used = budget.used(network)
    key = budget.broken(used)[0]
    factor, amount = used[key] / budget.limits[key], LIMITS[key].amount
    sentence = (
        f"Nothing fits: the smallest network ({_words(compound)}) already takes {amount(used[key])}, "
        f"{times(factor)} the limit of {amount(budget.limits[key])}."
    )
    return NothingFits(compound, network, cost.of(network), key, factor, sentence)


def _words(compound: Compound) -> str:
    names = zip("φαβγ", (compound.phi, compound.alpha, compound.beta, compound.gamma), strict=True)
    return ", ".join(f"{name} = {decimal(value)}" for name, value in names)
