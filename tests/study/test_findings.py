"""What the sentences say of measurements that are made to confirm, to contradict, and to leave open."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from explorer.study import findings
from explorer.study import plan as planning
from explorer.study.candidates import PAPER
from explorer.study.estimate import progress, seconds_before
from explorer.study.findings import points, triple_words
from explorer.study.plan import Plan
from explorer.study.results import Run
from explorer.study.statistics import Interval
from tests.study.samples import QUICK, finished, outcome

PLAN = Plan(most=3, seeds=3, protocol=QUICK)
NOISE = (-0.1, 0.0, 0.1)


def noise(run: Run) -> float:
    """A little of luck, another for each seed."""
    return NOISE[run.seed % 100]


def confirming(run: Run) -> float:
    """Every dimension gains ever less, and all together gain most."""
    gain = {"baseline": 0.0, "compound": 8.0}.get(run.method, 4.0)
    return 70.0 + gain * (1 - math.exp2(-run.phi)) + noise(run)


def contradicting(run: Run) -> float:
    """Depth loses at every step; width gains, and more than compound scaling."""
    slopes = {"depth": -2.0, "width": 3.0, "resolution": 1.0, "compound": 1.5}
    return 70.0 + slopes.get(run.method, 0.0) * run.phi + noise(run)


def undecided(run: Run) -> float:
    """Luck decides everything."""
    return 70.0 + 5 * noise(run) * (1.0 if len(run.method) % 2 else -1.0)


# A world, and what must be said of it.
WORLDS = (
    (
        confirming,
        (
            "Depth alone gains, and less each time, as Observation 1 says: +2.0 points",
            "Of 9 comparisons at equal cost compound scaling is clearly ahead in 9 (depth alone and width alone and",
            "resolution alone) and clearly behind in 0; in 0 the interval holds 0",
            "Observation 2 is confirmed here.",
        ),
    ),
    (
        contradicting,
        (
            "Depth alone loses at every step, against Observation 1: −2.0 points",
            "Width alone gains, but not less each time: +3.0 points",
            "clearly ahead in 6 (depth alone and resolution alone) and clearly behind in 3 (width alone)",
            "Observation 2 does not hold here as the paper states it.",
        ),
    ),
    (
        undecided,
        ("clearly ahead in 0 and clearly behind in 0; in 9 the interval holds 0", "neither confirmed nor contradicted"),
    ),
)


@pytest.mark.parametrize(("world", "words"), WORLDS)
def test_step_2_says_what_the_measurements_say(world: Callable[[Run], float], words: tuple[str, ...]) -> None:
    told = " ".join(findings.step_2(PLAN, finished(PLAN, world)))
    for part in words:
        assert part in told
    assert "nan" not in told


def test_step_1_names_the_best_and_keeps_chance_apart_from_difference() -> None:
    best = next(each.triple for each in PLAN.triples if each.triple != PAPER)
    clear = finished(PLAN, lambda run: 80.0 + 5.0 * (run.triple == best) + noise(run))
    told = " ".join(findings.step_1(PLAN, clear))
    assert f"{triple_words(best)} is best: 85.0 % ± 0.2 over 3 seeds" in told
    assert "the best is ahead of it, +5.0 points [+5.0, +5.0], paired by seed" in told
    assert "how the cost is shared matters more than the seed does (p < 0.001)" in told
    luck = finished(PLAN, lambda run: 80.0 + 0.05 * (run.triple == best) + 10 * noise(run) * (1 + (run.triple == best)))
    told = " ".join(findings.step_1(PLAN, luck))
    assert "which may be chance" in told
    assert "no further apart than seeds alone may put them (p = " in told


def test_what_is_not_measured_yet_is_not_said() -> None:
    assert findings.step_1(PLAN, ()) == ("No triple has been trained yet.",)
    assert findings.step_2(PLAN, ()) == ("The methods of scaling have not been compared yet.",)
    one = [outcome(PLAN, run, 80.0) for run in planning.runs(PLAN, ())[:3]]
    told = " ".join((*findings.step_1(PLAN, one), *findings.step_2(PLAN, one)))
    assert "(one seed)" in told
    assert "nan" not in told


def test_differences_are_compound_minus_the_other() -> None:
    found = findings.differences(PLAN, finished(PLAN, contradicting))
    assert [(phi, method) for phi, method, _ in found] == [
        (phi, method) for phi in (1.0, 2.0, 3.0) for method in ("depth", "width", "resolution")
    ]
    assert [round(difference.mean, 6) for _, _, difference in found[:3]] == [3.5, -1.5, 0.5]


def test_points_have_signs_and_no_hyphens() -> None:
    assert points(Interval(-1.25, 0.5, 3)) == "−1.2 points [−1.8, −0.8]"
    assert points(Interval(2.0, float("nan"), 1)) == "+2.0 points"


def test_the_time_left_follows_the_work_left() -> None:
    done = finished(PLAN, confirming)
    whole = seconds_before(PLAN, 1.0, 1)
    assert seconds_before(PLAN, 2.0, 4) == pytest.approx(whole / 2)
    half, end = progress(PLAN, done[: len(done) // 2], {}, 1), progress(PLAN, done, {}, 1)
    assert (end.done, end.total, end.share, end.seconds_left) == (len(done), len(done), 1.0, 0.0)
    assert half.seconds_left is not None
    assert half.seconds_left > 0
    assert progress(PLAN, (), {}, 1).seconds_left is None
    assert progress(PLAN, (), {"a": "no memory"}, 1).failed == 1
