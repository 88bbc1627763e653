"""The budget solver: the largest network within limits on parameters, multiply-adds, activations, memory and time.

With α, β and γ given it is the largest φ on a grid of 0.01 whose network keeps every limit, cliffs and all. With them
free, that φ is found for every triple near α·β²·γ² = 2 (the grid of the paper's Section 4, without its training), and
an objective chooses among the networks found.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import numpy as np

from explorer.cost import counting
from explorer.cost.counting import Cost
from explorer.cost.design_space import Costs, Designs, of_compound
from explorer.formats.quantities import decimal, times
from explorer.network.baselines import Baseline
from explorer.network.description import Network, scale
from explorer.network.scaling import PHI, REFERENCE, TARGET_PRODUCT, Compound, Rounding, ScalingError, multipliers
from explorer.planning.budget import LIMITS, OBJECTIVES, Budget, BudgetLimits, Estimate, of_limits

STEPS = 100
"""Steps of φ to a unit."""

PHIS = np.arange(round(PHI.lowest * STEPS), round(PHI.highest * STEPS) + 1) / STEPS

COEFFICIENT_STEPS = 20
"""Steps of a free coefficient to a unit."""

PRODUCT_TOLERANCE = 0.1
"""How far α·β²·γ² of free coefficients may lie from 2."""

RANGE = "range"
"""In place of a limit: the explorer scales no further."""


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
    limits: BudgetLimits,
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
    budget = of_limits(limits, {"training_memory": training_memory, "milliseconds": latency})
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


def _space(baseline: Baseline, rounding: Rounding, coefficients: tuple[tuple[float, float, float], ...]) -> _Space:
    alpha, beta, gamma = np.array(coefficients).T[..., np.newaxis]
    return _Space(baseline, rounding, coefficients, of_compound(baseline, PHIS, alpha, beta, gamma, rounding))


def _at(costs: Costs, places: list[tuple[int, int]]) -> Costs:
    rows, columns = map(list, zip(*places, strict=True))
    return Costs(costs.params[rows, columns], costs.macs[rows, columns], costs.activations[rows, columns])


def _largest(space: _Space, budget: Budget, row: int, columns: list[int]) -> int | None:
    """Of columns that keep what is counted, that of the largest φ that keeps the estimates too, if any does."""

    def breaks(column: int) -> bool:
        return bool(budget.broken(budget.used(space.network(row, column))))

    if budget.estimates and min(space.coefficients[row]) < 1:
        return next((column for column in reversed(columns) if not breaks(column)), None)
    fitting = bisect_left(columns, True, key=breaks) if budget.estimates else len(columns)
    return columns[fitting - 1] if fitting else None


def _solution(space: _Space, budget: Budget, row: int, column: int, praise: str) -> Solution:
    network, compound = space.network(row, column), space.compound(row, column)
    slack = {key: 1 - amount / budget.limits[key] for key, amount in budget.used(network).items()}
    binding, reason = _against(space, budget, row, column + 1)
    return Solution(compound, network, counting.of(network), binding, slack, f"{_words(compound)} {praise}: {reason}.")


def _against(space: _Space, budget: Budget, row: int, column: int) -> tuple[str, str]:
    """Which limit stands against a setting, and what to say of it."""
    if column == len(PHIS) or not space.designs.allowed[row, column]:
        return RANGE, "beyond it the explorer does not scale"
    used = budget.used(space.network(row, column))
    key = budget.broken(used)[0]
    amounts = LIMITS[key].amount(used[key]), LIMITS[key].amount(budget.limits[key])
    return key, f"φ = {decimal(PHIS[column])} would take {amounts[0]}, the limit is {amounts[1]}"


def _nothing_fits(space: _Space, budget: Budget) -> NothingFits:
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
    return NothingFits(compound, network, counting.of(network), key, factor, sentence)


def _words(compound: Compound) -> str:
    names = zip("φαβγ", (compound.phi, compound.alpha, compound.beta, compound.gamma), strict=True)
    return ", ".join(f"{name} = {decimal(value)}" for name, value in names)
