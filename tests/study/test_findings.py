"""What the sentences say of measurements that are made to confirm, to contradict, and to leave open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.study import findings, observations
from explorer.study import plan as planning
from explorer.study.candidates import PAPER
from explorer.study.estimate import progress, seconds_before
from explorer.study.findings import points, triple_words
from explorer.study.plan import Plan
from explorer.study.results import Outcome, Run
from explorer.study.statistics import Interval
from tests.study.samples import QUICK, finished, outcome

PLAN = Plan(most=3, seeds=3, protocol=QUICK)
NOISE = (-0.1, 0.0, 0.1)

# A triple whose network is the paper's own, in a grid that promises twice the cost more closely than the paper's does.
ALIKE = Plan(match="promised", grid_step=0.025, tolerance=0.05, seeds=2, protocol=QUICK)
LIKE_THE_PAPERS = (1.225, 1.1, 1.15)


def noise(run: Run) -> float:
    """A little of luck, another for each seed."""
    return NOISE[run.seed % 100]


def test_step_1_names_the_best_and_keeps_chance_apart_from_difference() -> None:
    best = next(each.triple for each in PLAN.triples if each.triple != PAPER)
    clear = finished(PLAN, lambda run: 80.0 + 5.0 * (run.triple == best) + noise(run))
    told = " ".join(findings.step_1(PLAN, clear))
    assert f"{triple_words(best)} has the highest mean accuracy: 85.0 % ± 0.2 over 3 seeds" in told
    assert f"{triple_words(best)} is ahead of it, +5.0 points [+5.0, +5.0], paired by seed" in told
    assert "how the cost is shared matters more than the seed does (p < 0.001)" in told
    luck = finished(PLAN, lambda run: 80.0 + 0.05 * (run.triple == best) + 10 * noise(run) * (1 + (run.triple == best)))
    told = " ".join(findings.step_1(PLAN, luck))
    assert "which may be chance" in told
    assert "no further apart than seeds alone may put them (p = " in told


def test_what_is_not_measured_yet_is_not_said() -> None:
    assert findings.step_1(PLAN, ()) == ("No triple has been trained yet.",)
    assert observations.step_2(PLAN, ()) == ("The methods of scaling have not been compared yet.",)
    one = [outcome(PLAN, run, 80.0) for run in planning.runs(PLAN, ())[:3]]
    told = " ".join((*findings.step_1(PLAN, one), *observations.step_2(PLAN, one)))
    assert "(one seed)" in told
    assert "nan" not in told


def test_no_triple_is_compared_with_its_own_network() -> None:
    done = finished(ALIKE, lambda run: 80.0 + (run.triple == LIKE_THE_PAPERS) + noise(run))
    told = findings.step_1(ALIKE, done)
    assert told[0].startswith(f"Of {len(ALIKE.triples)} triples that promise about twice")
    assert triple_words(LIKE_THE_PAPERS) in told[0]
    assert told[1].endswith("both build one and the same network.")


def test_a_triple_that_the_plan_does_not_ask_for_is_left_out() -> None:
    done = finished(PLAN, noise)
    foreign = replace(done[-1].run, step=1, method="triple", alpha=9.0, beta=1.0, gamma=1.0)
    assert findings.measured(PLAN, [*done, Outcome(foreign, done[-1].result)], 1) == findings.measured(PLAN, done, 1)


def test_points_have_signs_and_no_hyphens() -> None:
    assert points(Interval(-1.25, 0.5, 3)) == "−1.2 points [−1.8, −0.8]"
    assert points(Interval(2.0, float("nan"), 1)) == "+2.0 points"
    assert points(Interval(-0.01, 0.02, 3)) == "0.0 points [0.0, 0.0]"


def test_one_triple_is_told_in_the_singular() -> None:
    plan = Plan(grid_step=0.3, tolerance=0.07, seeds=2, protocol=QUICK)
    assert findings.step_1(plan, finished(plan, noise))[0].startswith("Of 1 triple that builds about twice")


def test_the_time_left_follows_the_work_left() -> None:
    done = finished(PLAN, noise)
    whole = seconds_before(PLAN, 1.0, 1)
    assert seconds_before(PLAN, 2.0, 4) == pytest.approx(whole / 2)
    half, end = progress(PLAN, done[: len(done) // 2], {}, 1), progress(PLAN, done, {}, 1)
    assert (end.done, end.total, end.share, end.seconds_left) == (len(done), len(done), 1.0, 0.0)
    assert half.seconds_left is not None
    assert half.seconds_left > 0
    assert progress(PLAN, (), {}, 1).seconds_left is None
    assert progress(PLAN, (), {"a": "no memory"}, 1).failed == 1
