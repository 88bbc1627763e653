"""Means over seeds with 95 % intervals, differences paired by seed, and whether the candidates differ at all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import fmean, stdev

from explorer.study.results import Outcome

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean of `count` measurements and its 95 % interval, mean ± half; half is NaN for a single measurement."""

    mean: float
    half: float
    count: int

    @property
    def low(self) -> float:
        """The lower end."""
        return self.mean - self.half

    @property
    def high(self) -> float:
        """The upper end."""
        return self.mean + self.half

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of 0."""
        return self.low > 0 or self.high < 0


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean."""
    return fmean(values)


def interval(values: Sequence[float]) -> Interval:
    """Student's t interval of the mean: mean ± t(0.975, n − 1)·s/√n."""
    if len(values) < 2:  # noqa: PLR2004 - one value has no spread
        return Interval(fmean(values), math.nan, len(values))
    half = _t(len(values) - 1) * stdev(values) / math.sqrt(len(values))
    return Interval(fmean(values), half, len(values))


def by_group(outcomes: Iterable[Outcome]) -> Mapping[str, list[Outcome]]:
    """The outcomes of each network, over its seeds."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.run.group, []).append(outcome)
    return groups


def paired(ours: Sequence[Outcome], others: Sequence[Outcome]) -> Interval | None:
    """The mean difference in accuracy, in points, over the seeds that both have; None where there is none.

    Networks of one seed share the order of the images and which are mirrored, and all share the held-out images.
    """
    theirs = {outcome.run.seed: outcome.result.accuracy for outcome in others}
    differences = [outcome.result.accuracy - theirs[outcome.run.seed] for outcome in ours if outcome.run.seed in theirs]
    return interval(differences) if differences else None


def chance(groups: Sequence[Sequence[float]]) -> float:
    """How often groups of one and the same mean would differ as much as these: the p-value of a one-way F test.

    Raises:
        ValueError: there are fewer than two groups, or no group has two values.
    """
    values = [value for group in groups for value in group]
    if len(groups) < 2 or len(values) == len(groups):  # noqa: PLR2004 - one group differs from nothing
        raise ValueError("An F test needs two groups, and two values in one of them.")
    if all(len(set(group)) == 1 for group in groups):  # nothing varies within them, where the F statistic is x/0
        return float(len(set(values)) == 1)
    from scipy.stats import f_oneway

    return float(f_oneway(*groups).pvalue)


@cache
def _t(degrees: int) -> float:
    """The two-sided 95 % quantile of Student's t distribution: 4.30 for 2 degrees of freedom."""
    from scipy.stats import t

    return float(t.ppf((1 + CONFIDENCE) / 2, degrees))
