"""Intervals, paired differences and the F test, against tables and scipy."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from explorer.study import plan as planning
from explorer.study.plan import Plan
from explorer.study.statistics import by_group, chance, interval, paired
from tests.study.samples import QUICK, outcome

# Values and the half of the 95 % interval; t(0.975) is 12.706, 4.303 and 2.776 for 1, 2 and 4 degrees of freedom in
# every table.
INTERVALS = (
    ((1.0, 3.0), 12.7062 * math.sqrt(2) / math.sqrt(2)),
    ((80.0, 81.0, 82.0), 4.30265 / math.sqrt(3)),
    ((5.0, 5.0, 5.0), 0.0),
    ((1.0, 2.0, 3.0, 4.0, 5.0), 2.77645 * math.sqrt(2.5) / math.sqrt(5)),
)
GROUPS = (
    ([80.0, 81.0, 82.0], [83.0, 84.0, 85.0]),
    ([80.0, 81.0, 82.0], [80.5, 81.5, 82.5], [79.0, 83.0, 81.0]),
    ([1.0, 2.0], [1.5, 1.7, 1.9], [4.0, 5.0, 6.0, 7.0]),
)


@pytest.mark.parametrize(("values", "half"), INTERVALS)
def test_the_t_interval(values: tuple[float, ...], half: float) -> None:
    found = interval(values)
    assert found.mean == pytest.approx(sum(values) / len(values))
    assert found.half == pytest.approx(half, rel=1e-5, abs=1e-12)
    assert (found.low, found.high, found.count) == (found.mean - found.half, found.mean + found.half, len(values))


def test_one_value_has_no_interval() -> None:
    found = interval([80.0])
    assert found.mean == 80.0
    assert math.isnan(found.half)
    assert not found.excludes_zero


@pytest.mark.parametrize("groups", GROUPS)
def test_the_f_test_agrees_with_scipys(groups: tuple[list[float], ...]) -> None:
    assert chance(groups) == pytest.approx(stats.f_oneway(*groups).pvalue)


def test_the_f_test_of_what_does_not_vary() -> None:
    assert chance([[1.0, 1.0], [1.0, 1.0]]) == 1.0
    assert chance([[1.0, 1.0], [2.0, 2.0]]) == 0.0
    with pytest.raises(ValueError, match="two groups"):
        chance([[1.0, 2.0]])
    with pytest.raises(ValueError, match="two groups"):
        chance([[1.0], [2.0]])


def test_differences_are_paired_by_seed_and_not_by_place() -> None:
    plan = Plan(most=2, seeds=3, protocol=QUICK)
    groups = list(by_group(outcome(plan, run, 10.0 * run.seed + run.gamma) for run in planning.runs(plan, ())).values())
    first, second = groups[1], groups[2]
    expected = first[0].run.gamma - second[0].run.gamma
    found = paired(first, second[::-1])
    assert found is not None
    assert found.mean == pytest.approx(expected)
    assert found.count == 3
    assert found.half == pytest.approx(0.0, abs=1e-12)
    assert paired(first[:1], second[1:]) is None
    one = paired(first[:1], second)
    assert one is not None
    assert one.count == 1
