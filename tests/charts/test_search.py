"""The charts of a study: every triple a dot, every interval a bar, and no colour alone."""

from __future__ import annotations

from itertools import pairwise

import pytest

from explorer.charts import search
from explorer.study import findings
from explorer.study.candidates import PAPER, candidates
from explorer.study.plan import Plan
from tests.study.samples import QUICK, finished

PLAN = Plan(most=4, seeds=3, protocol=QUICK)
DONE = finished(PLAN, lambda run: 80.0 + run.gamma + 0.1 * (run.seed % 100))
TRIPLES = findings.measured(PLAN, DONE, 1)
METHODS = findings.measured(PLAN, DONE, 2)


def test_the_surface_has_a_dot_for_each_triple_and_marks_the_papers() -> None:
    grid = (*candidates(PLAN.baseline, PLAN.rounding_rule), PLAN.paper)
    untrained, trained, paper = search.surface(grid, TRIPLES, PLAN.tolerance).data
    assert len(untrained.x) + len(trained.x) == len({each.triple for each in grid})
    assert len(trained.x) == len(TRIPLES)
    assert (paper.x[0], paper.y[0]) == (PLAN.paper.promised, PLAN.paper.built)
    by_place = {(each.promised, each.built): each.triple for each in grid}
    means = {each.triple: each.accuracy.mean for each in TRIPLES}
    for place, colour in zip(zip(trained.x, trained.y, strict=True), trained.marker.color, strict=True):
        assert colour == means[by_place[place]]


def test_the_accuracies_are_in_order_with_their_intervals() -> None:
    chosen = TRIPLES[0].triple
    (dots,) = search.accuracies(TRIPLES, chosen).data
    assert all(low <= high for low, high in pairwise(dots.x))
    assert sorted(dots.error_x.array) == pytest.approx(sorted(each.accuracy.half for each in TRIPLES))
    assert sum("paper" in name for name in dots.y) == 1
    assert sum("chosen" in name for name in dots.y) == 1
    assert len(set(dots.y)) == len(TRIPLES)
    assert search.accuracies(TRIPLES, PAPER).data[0].y[0]


def test_a_single_seed_has_no_bar() -> None:
    one = findings.measured(PLAN, [each for each in DONE if each.run.seed == 0], 1)
    (dots,) = search.accuracies(one, None).data
    assert set(dots.error_x.array) == {0.0}


def test_the_methods_start_at_the_baseline_and_differ_in_more_than_colour() -> None:
    lines = search.methods(METHODS).data
    assert [line.name for line in lines] == ["depth alone", "width alone", "resolution alone", "compound scaling"]
    assert {line.x[0] for line in lines} == {1.0}
    assert len({line.marker.symbol for line in lines}) == len({line.line.dash for line in lines}) == 4
    assert all(list(line.x) == sorted(line.x) and len(line.x) == 4 for line in lines)


def test_the_losses_have_a_line_for_each_seed() -> None:
    lines = search.losses(TRIPLES[0]).data
    assert [list(line.y) for line in lines] == [list(each.result.curve) for each in TRIPLES[0].outcomes]
    assert len({line.line.dash for line in lines}) == len(lines) == 3
