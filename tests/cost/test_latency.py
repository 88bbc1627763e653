"""Pairs of networks in which fewer multiply-adds run slower."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from explorer.cost import counting
from explorer.cost.latency import (
    Latency,
    Timing,
    alike,
    basis_sentence,
    estimator,
    inversions,
    machine,
    medians,
    of_runs,
)
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import Network, scale
from explorer.network.scaling import NONE

SMALL = scale(EFFICIENTNET, 1.0, 1.0, 128)
SAME = scale(EFFICIENTNET, 1.0, 1.0, 128, NONE)
LARGE = scale(EFFICIENTNET, 1.0, 1.0, 224)
RELU = scale(replace(EFFICIENTNET, name="of one's own", activation="relu"), 1.0, 1.0, 224)

SLOW_SMALL = Timing("small", SMALL, Latency(20.0, 19.0, 21.0, 2, 9))
FAST_LARGE = Timing("large", LARGE, Latency(10.0, 9.0, 11.0, 2, 9))
NOISY_LARGE = Timing("noisy", LARGE, Latency(15.0, 9.0, 19.5, 2, 9))
SAME_COST = Timing("same", SAME, Latency(5.0, 4.0, 6.0, 2, 9))
FAST_RELU = Timing("relu", RELU, Latency(1.0, 0.9, 1.1, 2, 9))


def test_the_cheaper_that_is_slower_is_found_in_any_order() -> None:
    assert inversions([SLOW_SMALL, FAST_LARGE]) == ((SLOW_SMALL, FAST_LARGE),)
    assert inversions([FAST_LARGE, SLOW_SMALL]) == ((SLOW_SMALL, FAST_LARGE),)


def test_overlapping_quartiles_prove_nothing() -> None:
    assert inversions([SLOW_SMALL, NOISY_LARGE]) == ()


def test_equal_costs_are_no_inversion() -> None:
    assert inversions([SLOW_SMALL, SAME_COST]) == ()


def test_this_machine_has_a_name() -> None:
    assert "cores" in machine()


def at(pixels: int) -> Network:
    return scale(EFFICIENTNET, 1.0, 1.0, pixels)


def test_the_estimate_meets_what_was_timed_and_grows_in_proportion_outside() -> None:
    estimate = estimator([SAME_COST, FAST_LARGE])
    assert estimate(SMALL) == 5.0
    assert estimate(LARGE) == 10.0
    larger, smaller = at(600), at(64)
    assert estimate(larger) == pytest.approx(10.0 * counting.of(larger).macs / FAST_LARGE.macs)
    assert estimate(smaller) == pytest.approx(5.0 * counting.of(smaller).macs / SAME_COST.macs)
    assert 5.0 < estimate(at(180)) < 10.0


def test_the_estimate_never_falls_where_a_smaller_network_was_slower() -> None:
    estimate = estimator([SLOW_SMALL, FAST_LARGE])
    assert estimate(LARGE) == 10.0, "what was timed is what it took"
    assert estimate(at(130)) == estimate(at(220)) == pytest.approx(20.0)


def test_a_time_is_of_the_network_itself_and_not_of_its_multiply_adds() -> None:
    assert FAST_RELU.macs == FAST_LARGE.macs
    assert medians([FAST_RELU]).get(LARGE.identity) is None
    assert medians([FAST_RELU, FAST_LARGE]) == {RELU.identity: 1.0, LARGE.identity: 10.0}
    assert math.isinf(estimator([FAST_RELU])(LARGE)), "another activation says nothing of it"
    assert estimator([FAST_RELU, FAST_LARGE])(LARGE) == 10.0
    assert alike([FAST_RELU, FAST_LARGE], SMALL) == (FAST_LARGE,)


def test_one_network_is_the_same_whatever_its_table_is_called() -> None:
    renamed = scale(replace(EFFICIENTNET, key="own", name="mine"), 1.0, 1.0, 224)
    assert medians([FAST_LARGE])[renamed.identity] == 10.0


# A network that costs as many multiply-adds as the published one, or is nearly it, and must not share its time.
@pytest.mark.parametrize(
    "other",
    [
        RELU,
        at(225),
        scale(EFFICIENTNET, 1.1, 1.0, 224),
        scale(EFFICIENTNET, 1.0, 1.1, 224),
        scale(replace(EFFICIENTNET, classes=10), 1.0, 1.0, 224),
        scale(
            replace(
                EFFICIENTNET,
                stages=(*EFFICIENTNET.stages[:2], replace(EFFICIENTNET.stages[2], kernel=5), *EFFICIENTNET.stages[3:]),
            ),
            1.0,
            1.0,
            224,
        ),
    ],
)
def test_other_networks_have_another_identity(other: Network) -> None:
    assert other.identity != LARGE.identity


def test_a_latency_is_the_median_of_its_runs() -> None:
    assert of_runs([0.001, 0.005, 0.002], 2) == Latency(2.0, 1.5, 3.5, 2, 3)


def test_where_times_come_from_is_said() -> None:
    assert basis_sentence([FAST_LARGE]) == (
        "Times are measured or estimated between these, of the same kind: large 10 ms (median of 9 runs after a "
        "warm-up)."
    )


def test_there_is_no_estimate_without_timings() -> None:
    assert math.isinf(estimator([])(LARGE))
