"""The budget solver: the largest network within limits on parameters, multiply-adds, activations, memory and time.

With α, β and γ given it is the largest φ on a grid of 0.01 whose network keeps every limit, although its cost jumps
where rounding changes a layer, a channel or a pixel. With them free, an objective chooses among the networks
that keep every limit at any φ of any triple near α·β²·γ² = 2 (the grid of the paper's Section 4, without its training).
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
from explorer.network.elementwise import Bools
from explorer.network.scaling import PHI, REFERENCE, TARGET_PRODUCT, Compound, Rounding, ScalingError, multipliers
from explorer.planning.budget import LIMITS, OBJECTIVES, Budget, BudgetLimits, Estimate, Objective, of_limits

STEPS = 100
"""Steps of φ to a unit."""

PHIS = np.arange(round(PHI.lowest * STEPS), round(PHI.highest * STEPS) + 1) / STEPS

COEFFICIENT_STEPS = 20
"""Steps of a free coefficient to a unit."""

PRODUCT_TOLERANCE = 0.1
"""How far α·β²·γ² of free coefficients may lie from 2."""

RANGE = "range"
"""In place of a limit: the explorer scales no further."""

OBJECTIVE = "objective"
"""In place of a limit: a larger φ fits, but has more of what there is to be little of."""

NONE_FITS = -1
"""In place of a column."""


@dataclass(frozen=True)
class Solution:
    """The best network that keeps all limits.

    `binding` is the limit that the next larger φ breaks (by the largest factor, if several), or `RANGE`, or
    `OBJECTIVE`; `slack` is the share that is left of each limit.
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
    if max(largest) == NONE_FITS:
        return _nothing_fits(space, budget)
    if not free:
        return _solution(space, budget, 0, largest[0], "is the largest that fits")
    fits = kept & (np.arange(len(PHIS)) <= np.array(largest)[:, np.newaxis])
    row, column = _best(space.designs.costs, fits, OBJECTIVES[objective])
    return _solution(space, budget, row, column, f"has {OBJECTIVES[objective].words} that fit")


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


def _best(costs: Costs, fits: Bools, objective: Objective) -> tuple[int, int]:
    """Row and column of the best network of those that fit; of settings that are equally good, the largest φ."""
    rows, from_the_end = np.nonzero(fits[:, ::-1])
    columns = len(PHIS) - 1 - from_the_end
    fitting = Costs(costs.params[rows, columns], costs.macs[rows, columns], costs.activations[rows, columns])
    chosen = objective.best(fitting)
    return int(rows[chosen]), int(columns[chosen])


def _largest(space: _Space, budget: Budget, row: int, columns: list[int]) -> int:
    """Of columns that keep what is counted, that of the largest φ that keeps the estimates too; else `NONE_FITS`."""

    def breaks(column: int) -> bool:
        return bool(budget.broken(budget.used(space.network(row, column))))

    if budget.estimates and min(space.coefficients[row]) < 1:
        return next((column for column in reversed(columns) if not breaks(column)), NONE_FITS)
    fitting = bisect_left(columns, True, key=breaks) if budget.estimates else len(columns)
    return columns[fitting - 1] if fitting else NONE_FITS


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
    broken = budget.broken(used)
    if not broken:
        return OBJECTIVE, f"φ = {decimal(PHIS[column])} fits too, with more activations"
    key = broken[0]
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
