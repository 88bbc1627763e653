"""The grid: an exact comparison, networks really counted, and one triple for each network."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from explorer.cost import counting
from explorer.network import description
from explorer.network.baselines import BASELINES, EFFICIENTNET
from explorer.network.scaling import NONE, REFERENCE, ROUNDINGS, ScalingError, input_resolution
from explorer.study.candidates import PAPER, SMALL, candidate, candidates, distinct, original, promised, spread

# Step and tolerance, and how many triples promise about twice the cost; 108 is the paper's grid as people rebuild it.
COUNTS = ((0.05, 0.1, 108), (0.1, 0.1, 20), (0.25, 0.05, 3), (0.5, 0.3, 3))

# Baseline and rounding, how many triples build about twice its cost, and how many networks these are.
BUILT = ((EFFICIENTNET, "reference", 45, 20), (SMALL, "none", 75, 20))

REFUSED = ((0.0, 0.1), (0.001, 0.1), (0.05, 0.0), (0.05, 2.0), (float("nan"), 0.1))


@pytest.mark.parametrize(("step", "tolerance", "count"), COUNTS)
def test_how_many_triples_the_rule_allows(step: float, tolerance: float, count: int) -> None:
    found = promised(step, tolerance)
    assert len(found) == count
    assert list(found) == sorted(set(found))
    assert all(abs(a * b * b * c * c - 2) < tolerance and min(a, b, c) >= 1 for a, b, c in found)


def test_the_papers_triple_is_one_of_them_and_depth_alone_on_the_bound_is_not() -> None:
    assert PAPER in promised()
    assert (1.9, 1.0, 1.0) not in promised()
    assert (2.0, 1.0, 1.0) in promised()


@pytest.mark.parametrize(("baseline", "rounding", "triples", "networks"), BUILT)
def test_triples_matched_on_what_is_built(baseline: object, rounding: str, triples: int, networks: int) -> None:
    assert isinstance(baseline, type(SMALL))
    found = candidates(baseline, ROUNDINGS[rounding])
    assert (len(found), len(distinct(found))) == (triples, networks)
    whole = counting.of(original(baseline)).macs
    assert all(each.built == counting.of(each.network).macs / whole and abs(each.built - 2) < 0.1 for each in found)


def test_no_triple_is_missed() -> None:
    grid = [1 + 0.25 * index for index in range(5)]
    whole = counting.of(description.of_baseline(EFFICIENTNET)).macs
    expected = [
        (alpha, beta, gamma)
        for alpha, beta, gamma in itertools.product(grid, repeat=3)
        if abs(counting.of(description.scale(EFFICIENTNET, alpha, beta, input_resolution(224, gamma))).macs / whole - 2)
        < 0.4
    ]
    assert expected
    assert [each.triple for each in candidates(EFFICIENTNET, REFERENCE, 0.25, 0.4)] == expected


def test_the_papers_way_matches_the_promise_whatever_is_built() -> None:
    found = candidates(EFFICIENTNET, REFERENCE, match="promised")
    assert [each.triple for each in found] == list(promised())
    paper = next(each for each in found if each.triple == PAPER)
    assert paper.promised == pytest.approx(1.92027)  # 1.2 · 1.1² · 1.15²
    assert paper.built == pytest.approx(992_629_472 / 385_814_752)
    assert max(each.built for each in found) > 1.4 * min(each.built for each in found)


def test_distinct_keeps_one_triple_for_each_network_and_the_papers_among_equals() -> None:
    found = candidates(EFFICIENTNET, REFERENCE, match="promised")
    kept = distinct(found)
    shapes = {(each.network.shape, each.network.input_resolution) for each in found}
    assert {(each.network.shape, each.network.input_resolution) for each in kept} == shapes
    assert len(kept) == len(shapes) < len(found)
    assert PAPER in {each.triple for each in kept}


def test_a_spread_starts_with_the_papers_triple_and_never_repeats_one() -> None:
    found = candidates(SMALL, NONE, match="promised")
    assert [each.triple for each in spread(found, 1)] == [PAPER]
    four = [each.triple for each in spread(found, 4)]
    assert PAPER in four
    assert len(set(four)) == 4
    assert {(2.0, 1.0, 1.0), (1.0, 1.4, 1.0)} <= set(four) or (1.0, 1.0, 1.4) in four
    assert len(spread(found, 10_000)) == len(found)


@pytest.mark.parametrize(("step", "tolerance"), REFUSED)
def test_a_grid_that_makes_no_sense_is_refused(step: float, tolerance: float) -> None:
    with pytest.raises(ScalingError, match=r"give a number from .*\.$"):
        promised(step, tolerance)
    with pytest.raises(ScalingError, match=r"give a number from .*\.$"):
        candidates(SMALL, NONE, step, tolerance)


@pytest.mark.parametrize("baseline", BASELINES.values(), ids=lambda baseline: baseline.key)
def test_any_baseline_can_be_the_base(baseline: object) -> None:
    assert isinstance(baseline, type(SMALL))
    for classes in (10, 100):
        found = candidate(replace(baseline, classes=classes), REFERENCE, 1.0, 1.0, 1.3)
        assert found.promised == pytest.approx(1.69)
        assert found.network.baseline.classes == classes
