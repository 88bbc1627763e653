"""What is said of measurements that are made to confirm, to contradict, and to leave the observations open."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from explorer.study import observations
from explorer.study.plan import Plan
from explorer.study.results import Outcome, Run
from tests.study.samples import QUICK, finished

PLAN = Plan(most=4, seeds=3, protocol=QUICK)
BALANCED, DEEP = (1.5, 1.15, 1.0), (2.0, 1.0, 1.0)
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


def uncertain(run: Run) -> float:
    """Every mean gains at every step, and every interval is far wider."""
    steps = {"baseline": 0.0, "triple": 1.0}.get(run.method, run.phi)
    return 70.0 + steps * (2.0 + 30 * noise(run))


def won_by(triple: tuple[float, float, float], world: Callable[[Run], float], plan: Plan = PLAN) -> tuple[Outcome, ...]:
    """A finished study of `world` whose step 1 `triple` has won."""
    assert triple in {each.triple for each in plan.triples}
    return finished(plan, lambda run: world(run) + 5.0 * (run.step == 1 and run.triple == triple))


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
    (
        uncertain,
        (
            "Depth alone neither gains nor loses clearly, which may be chance: +2.0 points [",
            "Resolution alone neither gains nor loses clearly",
            "in 9 the interval holds 0: Observation 2 is neither confirmed nor contradicted here.",
        ),
    ),
)


@pytest.mark.parametrize(("world", "words"), WORLDS)
def test_step_2_says_what_the_measurements_say(world: Callable[[Run], float], words: tuple[str, ...]) -> None:
    told = " ".join(observations.step_2(PLAN, won_by(BALANCED, world)))
    for part in words:
        assert part in told
    assert "nan" not in told


def test_two_seeds_whose_means_gain_show_no_gain() -> None:
    told = observations.observation_1(replace(PLAN, seeds=2), won_by(BALANCED, uncertain, replace(PLAN, seeds=2)))
    assert len(told) == len(observations.SINGLE)
    assert all("neither gains nor loses clearly" in sentence for sentence in told)
    assert not any("Observation 1" in sentence for sentence in told)


def test_one_network_is_not_compared_with_itself() -> None:
    done = won_by(DEEP, confirming)
    told = observations.observation_2(PLAN, done)
    assert told[0].count("one and the same network at") == 3
    assert [gap for _, method, gap in observations.differences(PLAN, done) if method == "depth"] == [None] * 3
    assert observations.verdict(PLAN, done).startswith("Of 6 comparisons at equal cost")


def test_differences_are_compound_minus_the_other() -> None:
    found = observations.differences(PLAN, won_by(BALANCED, contradicting))
    assert [(phi, method) for phi, method, _ in found] == [
        (phi, method) for phi in (1.0, 2.0, 3.0) for method in ("depth", "width", "resolution")
    ]
    assert [round(gap.mean, 6) for _, _, gap in found[:3] if gap] == [3.5, -1.5, 0.5]
