"""How far a study is and how long it will take, from what its runs have cost so far."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explorer.cost import counting
from explorer.network.description import Network
from explorer.study import plan as planning
from explorer.study.candidates import original
from explorer.study.methods import METHODS
from explorer.study.plan import Plan
from explorer.study.results import Outcome


@dataclass(frozen=True)
class StudyProgress:
    """Runs done, failed for good and in all, and the seconds that are left (None: nobody knows yet)."""

    done: int
    failed: int
    total: int
    seconds_left: float | None

    @property
    def share(self) -> float:
        """What is done, from 0 to 1."""
        return min(1.0, (self.done + self.failed) / self.total)


def weight(network: Network, plan: Plan) -> float:
    """What a run costs in time, in a unit of its own: passes × activations.

    On a processor the time of small networks follows the activations (memory) more closely than the multiply-adds.
    """
    return plan.protocol.passes * counting.of(network).activations


def seconds_for_weight(plan: Plan, outcomes: Sequence[Outcome]) -> float | None:
    """Seconds of one unit of `weight` in runs of this plan's protocol; None where there are none."""
    spent = math.fsum(outcome.result.seconds for outcome in outcomes)
    work = math.fsum(plan.protocol.passes * outcome.result.activations for outcome in outcomes)
    return spent / work if work else None


def progress(plan: Plan, outcomes: Sequence[Outcome], given_up: Mapping[str, str], slots: int) -> StudyProgress:
    """How far the study is, `slots` networks at a time."""
    rate = seconds_for_weight(plan, outcomes)
    whole = planning.total(plan)
    done = {outcome.run.key for outcome in outcomes} | set(given_up)
    left = None if rate is None else rate * _work_left(plan, outcomes, frozenset(done)) / slots
    return StudyProgress(len(outcomes), len(given_up), whole, left)


def seconds_before(plan: Plan, rate: float, slots: int) -> float:
    """How long a study that has not begun will take at `rate` seconds of a unit of weight."""
    return rate * _work_left(plan, (), frozenset()) / slots


def _work_left(plan: Plan, outcomes: Sequence[Outcome], done: frozenset[str]) -> float:
    """The weight of what is left; step 2, before its triple is known, as if every network cost 2^φ baselines."""
    known = planning.runs(plan, outcomes, done)
    left = math.fsum(weight(planning.network(plan, run), plan) for run in known if run.key not in done)
    if plan.step_2 and all(run.step < 2 for run in known):  # noqa: PLR2004 - step 2 of the paper
        base = weight(original(plan.baseline), plan)
        left += base * plan.seeds * (1 + len(METHODS) * sum(2.0**phi for phi in planning.PHIS))
    return left
