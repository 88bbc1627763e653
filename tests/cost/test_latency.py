"""Pairs of networks in which fewer multiply-adds run slower."""

from __future__ import annotations

import pytest

from explorer.cost.latency import Latency, Timing, estimator, inversions, machine

SLOW_SMALL = Timing("small", 100, Latency(20.0, 19.0, 21.0, 2, 9))
FAST_LARGE = Timing("large", 200, Latency(10.0, 9.0, 11.0, 2, 9))
NOISY_LARGE = Timing("noisy", 200, Latency(15.0, 9.0, 19.5, 2, 9))
SAME_COST = Timing("same", 100, Latency(5.0, 4.0, 6.0, 2, 9))


def test_the_cheaper_that_is_slower_is_found_in_any_order() -> None:
    assert inversions([SLOW_SMALL, FAST_LARGE]) == ((SLOW_SMALL, FAST_LARGE),)
    assert inversions([FAST_LARGE, SLOW_SMALL]) == ((SLOW_SMALL, FAST_LARGE),)


def test_overlapping_quartiles_prove_nothing() -> None:
    assert inversions([SLOW_SMALL, NOISY_LARGE]) == ()


def test_equal_costs_are_no_inversion() -> None:
    assert inversions([SLOW_SMALL, SAME_COST]) == ()


def test_this_machine_has_a_name() -> None:
    assert "cores" in machine()


def test_the_estimate_meets_what_was_timed_and_grows_in_proportion_outside() -> None:
    estimate = estimator([SAME_COST, FAST_LARGE])
    assert estimate(100) == pytest.approx(5.0)
    assert estimate(200) == pytest.approx(10.0)
    assert estimate(400) == pytest.approx(20.0)
    assert estimate(50) == pytest.approx(2.5)
    assert 5.0 < estimate(150) < 10.0


def test_there_is_no_estimate_without_timings() -> None:
    with pytest.raises(ValueError, match="timed"):
        estimator([])
