"""Which runs a study has, and which triple it calls the best."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from explorer.cost import counting
from explorer.network.baselines import EFFICIENTNET
from explorer.network.scaling import ScalingError
from explorer.settings import stage_table
from explorer.study import plan as planning
from explorer.study.candidates import PAPER
from explorer.study.plan import Plan, from_json
from explorer.study.protocol import Protocol
from explorer.study.results import Run
from tests.study.samples import QUICK, finished, outcome

PLAN = Plan(most=3, seeds=2, protocol=QUICK)

REFUSED = (
    ({"seeds": 1}, "The number of seeds is 1"),
    ({"most": 1}, "The number of triples is 1"),
    ({"match": "hoped"}, "not known"),
    ({"rounding": "up"}, "not known"),
    ({"family": stage_table.KEY, "own": stage_table.to_json(replace(EFFICIENTNET, in_channels=1))}, "3 channels"),
    ({"family": stage_table.KEY, "own": stage_table.to_json(replace(EFFICIENTNET, classifier=False))}, "classifiers"),
    ({"family": stage_table.KEY}, "is empty"),
)
PROTOCOLS = (
    ({"images": 0}, "The number of training images is 0"),
    ({"batch": 512, "images": 500}, "larger than the 500 training images"),
    ({"epochs": 0}, "The number of epochs is 0"),
    ({"images": 256, "epochs": 1}, "the learning rate's cycle needs 8"),
    ({"learning_rate": float("nan")}, "The learning rate is nan"),
    ({"threads": 0}, "The number of threads is 0"),
)


def test_the_default_study_is_as_large_as_it_says() -> None:
    plan = Plan()
    done = finished(plan, lambda run: 80.0 + run.gamma)
    assert len(plan.triples) >= 20
    assert len(done) == planning.total(plan) == 3 * (1 + 21) + 3 * (1 + 4 * 3)
    assert len({each.run.key for each in done}) == len(done)


def test_step_2_waits_for_the_whole_of_step_1() -> None:
    first = planning.runs(PLAN, ())
    assert {run.step for run in first} == {0, 1}
    done = [outcome(PLAN, run, 50.0) for run in first]
    assert planning.runs(PLAN, done[:-1]) == first
    assert {run.step for run in planning.runs(PLAN, done)} == {0, 1, 2}
    assert planning.runs(PLAN, done[:-1], frozenset({done[-1].run.key})) != first
    assert planning.runs(replace(PLAN, step_2=False), done) == first


def test_all_triples_come_with_one_seed_before_any_comes_with_the_next() -> None:
    seeds = [run.seed for run in planning.runs(PLAN, ())]
    assert seeds == sorted(seeds)


def test_the_papers_triple_is_trained_but_not_chosen_where_it_costs_more() -> None:
    plan = Plan(seeds=2, protocol=QUICK)
    assert abs(plan.paper.built - 2) > plan.tolerance
    done = [outcome(plan, run, 99.0 if run.triple == PAPER else 80.0) for run in planning.runs(plan, ())]
    assert any(each.run.triple == PAPER for each in done)
    assert planning.best(plan, done) != PAPER


def test_the_best_has_the_highest_mean_of_those_with_all_seeds() -> None:
    first = [run for run in planning.runs(PLAN, ()) if run.step == 1 and run.triple != PAPER]
    triples = sorted({run.triple for run in first})
    accuracies = {triples[0]: (80.0, 84.0), triples[1]: (83.0, 83.0), triples[2]: (99.0,)}
    done = [
        outcome(PLAN, run, accuracies[run.triple][run.seed]) for run in first if run.seed < len(accuracies[run.triple])
    ]
    assert planning.best(PLAN, done) == triples[1]
    assert planning.best(PLAN, ()) is None


def test_step_2_has_seeds_of_its_own_and_forgets_a_triple_that_is_best_no_more() -> None:
    done = finished(PLAN, lambda run: 80.0 + run.alpha)
    second = [each for each in done if each.run.step == 2]
    assert {each.run.seed for each in second} == {100, 101}
    assert planning.compared(PLAN, done) == tuple(second)
    changed = [outcome(PLAN, each.run, 80.0 + each.run.gamma) if each.run.step == 1 else each for each in done]
    assert planning.best(PLAN, changed) != planning.best(PLAN, done)
    assert len(planning.compared(PLAN, changed)) < len(second)


def test_every_run_builds_what_its_numbers_say() -> None:
    plan = Plan(family="efficientnet", most=2, seeds=2, classes=1000, protocol=QUICK)
    paper = next(run for run in planning.runs(plan, ()) if run.triple == PAPER)
    assert counting.of(planning.network(plan, paper)).macs == 992_629_472


def test_a_plan_is_stored_and_read_whole() -> None:
    own = Plan(
        family=stage_table.KEY, own=stage_table.to_json(EFFICIENTNET), rounding="nearest", classes=7, protocol=QUICK
    )
    for plan in (Plan(), own):
        assert from_json(json.loads(json.dumps(plan.as_json()))) == plan
    assert own.baseline.classes == 7
    assert own.baseline.stages == EFFICIENTNET.stages


def test_a_grid_without_any_triple_is_refused() -> None:
    with pytest.raises(ScalingError, match="widen the tolerance"):
        planning.runs(Plan(grid_step=0.5, tolerance=0.001, protocol=QUICK), ())


@pytest.mark.parametrize(("values", "words"), REFUSED)
def test_a_plan_that_makes_no_sense_is_refused(values: dict[str, object], words: str) -> None:
    with pytest.raises(ScalingError, match=words):
        Plan(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(("values", "words"), PROTOCOLS)
def test_a_protocol_that_makes_no_sense_is_refused(values: dict[str, object], words: str) -> None:
    with pytest.raises(ScalingError, match=words):
        Protocol(**values)  # type: ignore[arg-type]


def test_a_run_is_named_by_everything_that_it_trains() -> None:
    run = Run(2, "depth", 1.0, 1.0, 1.0, 1.0, 2.5, 1.0, 16, 100)
    others = (replace(run, depth=3.0), replace(run, pixels=17), replace(run, seed=1), replace(run, phi=2.0))
    assert len({each.key for each in (run, *others)}) == 5
