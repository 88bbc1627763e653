"""What step 2 of a study says of the paper's Observations 1 and 2, each comparison by its own interval."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from explorer.formats.quantities import counted, times
from explorer.study import plan as planning
from explorer.study import statistics
from explorer.study.candidates import same
from explorer.study.findings import NAMES, MeasuredTriple, difference, measured, points
from explorer.study.methods import METHODS
from explorer.study.plan import Plan
from explorer.study.results import Outcome
from explorer.study.statistics import Interval

SINGLE = tuple(method for method in METHODS if method != "compound")
COSTS = tuple(map(float, planning.PHIS))


def step_2(plan: Plan, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """What the measurements say of the paper's Observations 1 and 2."""
    told = (*observation_1(plan, outcomes), *observation_2(plan, outcomes), verdict(plan, outcomes))
    return tuple(filter(None, told)) or ("The methods of scaling have not been compared yet.",)


def observation_1(plan: Plan, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """What each dimension alone gains, step by step: a sentence for each that is measured."""
    groups = _by_method(plan, outcomes)
    base = groups.get(("baseline", 0.0))
    if base is None:
        return ()
    chains = {method: [groups[method, phi] for phi in COSTS if (method, phi) in groups] for method in SINGLE}
    return tuple(sentence for method, chain in chains.items() if (sentence := _gains(method, [base, *chain])))


def observation_2(plan: Plan, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """How compound scaling compares with each dimension alone: a sentence for each that is measured."""
    groups = _by_method(plan, outcomes)
    return tuple(sentence for method in SINGLE if (sentence := _against(method, groups)))


def verdict(plan: Plan, outcomes: Sequence[Outcome]) -> str:
    """Observation 2 over all comparisons, each by its own interval; "" where there are none."""
    found = [(method, gap) for _, method, gap in differences(plan, outcomes) if gap is not None and gap.count > 1]
    if not found:
        return ""
    ahead = [method for method, gap in found if gap.low > 0]
    behind = [method for method, gap in found if gap.high < 0]
    told = (
        f"Of {counted(len(found), 'comparison')} at equal cost compound scaling is clearly ahead in {_of(ahead)} and "
        f"clearly behind in {_of(behind)}; in {len(found) - len(ahead) - len(behind)} the interval holds 0"
    )
    if len(ahead) == len(found):
        return f"{told}: Observation 2 is confirmed here."
    if behind:
        return f"{told}: Observation 2 does not hold here as the paper states it."
    if not ahead:
        return f"{told}: Observation 2 is neither confirmed nor contradicted here."
    return f"{told}: Observation 2 is confirmed against {_names(ahead)} and left open against the others."


def differences(plan: Plan, outcomes: Sequence[Outcome]) -> tuple[tuple[float, str, Interval | None], ...]:
    """Compound scaling minus each single dimension: (φ, method, difference in points), paired by seed.

    None stands where both are one and the same network.
    """
    groups = _by_method(plan, outcomes)
    found = []
    for phi in COSTS:
        for method in SINGLE:
            if ("compound", phi) in groups and (method, phi) in groups:
                together, alone = groups["compound", phi], groups[method, phi]
                gap = difference(together, alone)
                if gap is not None or same(together.network, alone.network):
                    found.append((phi, method, gap))
    return tuple(found)


def _by_method(plan: Plan, outcomes: Sequence[Outcome]) -> dict[tuple[str, float], MeasuredTriple]:
    return {(each.method, each.phi): each for each in measured(plan, outcomes, 2)}


def _gains(method: str, chain: Sequence[MeasuredTriple]) -> str:
    """Observation 1 for one dimension: what each step of cost gains over the one before."""
    pairs = [(after, gap) for before, after in pairwise(chain) if (gap := difference(after, before)) is not None]
    if not pairs:
        return ""
    each = ", ".join(f"{points(gap)} at {times(after.factor)}" for after, gap in pairs)
    tendency = _tendency(chain, [gap for _, gap in pairs])
    return f"{NAMES[method].capitalize()} {tendency}: {each}, each over the step before."


def _tendency(chain: Sequence[MeasuredTriple], gains: Sequence[Interval]) -> str:
    """What the steps of one dimension show, each by its own interval: what may be chance is not told as a gain."""
    ahead = [gain.low > 0 for gain in gains]
    behind = [gain.high < 0 for gain in gains]
    if not any(ahead) and not any(behind):
        return "neither gains nor loses clearly, which may be chance"
    if all(behind):
        return "loses at every step, against Observation 1"
    if all(ahead):
        return f"gains{_diminishing(chain)}"
    if not any(ahead):
        return f"gains clearly at no step and loses clearly at {sum(behind)} of {len(gains)}"
    if ahead[0] and not any(behind) and not any(ahead[ahead.index(False) :]):
        return "gains at first and then not clearly any more, as Observation 1 says of large networks"
    return f"gains clearly at {sum(ahead)} of {counted(len(gains), 'step')} and loses clearly at {sum(behind)}"


def _diminishing(chain: Sequence[MeasuredTriple]) -> str:
    """Whether each step gains less than the one before, by the seeds that all three networks share."""
    changes = [_change(*three) for three in zip(chain, chain[1:], chain[2:], strict=False)]
    if changes and all(change is not None and change.high < 0 for change in changes):
        return ", and less each time, as Observation 1 says"
    if changes and all(change is not None and change.mean < 0 for change in changes):
        return "; that it gains less each time, as Observation 1 says, may be chance"
    return ", but not less each time" if changes else ""


def _change(first: MeasuredTriple, second: MeasuredTriple, third: MeasuredTriple) -> Interval | None:
    """How much more the step to `third` gains than the step to `second`, in points, paired by seed."""
    by_seed = [{each.run.seed: each.result.accuracy for each in one.outcomes} for one in (first, second, third)]
    shared = by_seed[0].keys() & by_seed[1].keys() & by_seed[2].keys()
    changes = [by_seed[2][seed] - 2 * by_seed[1][seed] + by_seed[0][seed] for seed in sorted(shared)]
    return statistics.interval(changes) if changes else None


def _against(method: str, groups: dict[tuple[str, float], MeasuredTriple]) -> str:
    """Observation 2 against one dimension: the difference at each cost."""
    parts = []
    for phi in COSTS:
        together, alone = groups.get(("compound", phi)), groups.get((method, phi))
        if together is None or alone is None:
            continue
        gap = difference(together, alone)
        if gap is not None:
            parts.append(f"{points(gap)} at {times(together.factor)} (against {times(alone.factor)})")
        elif same(together.network, alone.network):
            parts.append(f"one and the same network at {times(together.factor)}")
    return f"Compound scaling against {NAMES[method]}: {', '.join(parts)}." if parts else ""


def _of(methods: Sequence[str]) -> str:
    """How many, and of which methods: "3 (depth alone)"."""
    return f"{len(methods)} ({_names(methods)})" if methods else "0"


def _names(methods: Sequence[str]) -> str:
    return " and ".join(NAMES[method] for method in dict.fromkeys(methods))
