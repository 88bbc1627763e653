"""What a study's measurements say of the paper's method, in numbers and in sentences computed from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from explorer import cost
from explorer.quantities import times
from explorer.study import plan as planning
from explorer.study import statistics
from explorer.study.candidates import PAPER, original
from explorer.study.methods import METHODS
from explorer.study.plan import Plan
from explorer.study.results import Outcome
from explorer.study.statistics import Interval

SINGLE = tuple(method for method in METHODS if method != "compound")
SIGNIFICANT = 0.05
NAMES = {
    "depth": "depth alone",
    "width": "width alone",
    "resolution": "resolution alone",
    "compound": "compound scaling",
    "baseline": "the baseline",
    "triple": "a triple",
}


@dataclass(frozen=True)
class Measured:
    """One network of a study over its seeds: accuracy in percent with its 95 % interval, and its relative cost."""

    outcomes: tuple[Outcome, ...]
    accuracy: Interval
    factor: float

    @property
    def triple(self) -> tuple[float, float, float]:
        """(α, β, γ)."""
        return self.outcomes[0].run.triple

    @property
    def method(self) -> str:
        """How it was scaled."""
        return self.outcomes[0].run.method

    @property
    def phi(self) -> float:
        """The φ whose cost it has."""
        return self.outcomes[0].run.phi


def measured(plan: Plan, outcomes: Sequence[Outcome], step: int) -> tuple[Measured, ...]:
    """The networks of one step, in the order of their runs."""
    whole = cost.of(original(plan.baseline)).macs
    chosen = planning.compared(plan, outcomes) if step == 2 else outcomes  # noqa: PLR2004 - step 2 of the paper
    groups = statistics.by_group(sorted((o for o in chosen if o.run.step == step), key=lambda o: o.run))
    return tuple(
        Measured(
            tuple(group),
            statistics.interval([outcome.result.accuracy for outcome in group]),
            group[0].result.macs / whole,
        )
        for group in groups.values()
    )


def triple_words(triple: tuple[float, float, float]) -> str:
    """A triple in words: "α 1.2, β 1.1, γ 1.15"."""
    return ", ".join(f"{letter} {value:g}" for letter, value in zip("αβγ", triple, strict=True))


def accuracy_words(accuracy: Interval) -> str:
    """A mean with its interval, as far as there is one: "83.1 % ± 0.6"."""
    spread = f" ± {accuracy.half:.1f}" if accuracy.count > 1 else " (one seed)"
    return f"{accuracy.mean:.1f} %{spread}"


def points(difference: Interval) -> str:
    """A difference in points with its interval: "+0.4 points [−0.2, +1.0]"."""
    text = f"{difference.mean:+.1f} points"
    if difference.count > 1:
        text += f" [{difference.low:+.1f}, {difference.high:+.1f}]"
    return text.replace("-", "−")


def step_1(plan: Plan, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """Which triple is best, how it compares with the paper's, and whether the triples differ by more than chance."""
    groups = {each.triple: each for each in measured(plan, outcomes, 1)}
    winner = planning.best(plan, outcomes)
    if winner is None or winner not in groups:
        return ("No triple has been trained yet.",)
    best = groups[winner]
    seeds = best.accuracy.count
    told = [
        f"Of {len(plan.triples)} triples that build about twice the baseline's multiply-adds, "
        f"{triple_words(winner)} is best: {accuracy_words(best.accuracy)} over {seeds} "
        f"{'seed' if seeds == 1 else 'seeds'} at {times(best.factor)} the cost."
    ]
    if PAPER in groups and winner != PAPER:
        told.append(_against_paper(best, groups[PAPER]))
    told.extend(_differ([each for each in groups.values() if each.accuracy.count > 1]))
    return tuple(told)


def step_2(plan: Plan, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """What the measurements say of the paper's Observations 1 and 2."""
    groups = {(each.method, each.phi): each for each in measured(plan, outcomes, 2)}
    base = groups.get(("baseline", 0.0))
    compounds = [groups[key] for phi in planning.PHIS if (key := ("compound", float(phi))) in groups]
    if base is None or not compounds:
        return ("The methods of scaling have not been compared yet.",)
    first = [_gains(method, base, [groups.get((method, float(phi))) for phi in planning.PHIS]) for method in SINGLE]
    second = [_against(method, compounds, groups) for method in SINGLE]
    return tuple(sentence for sentence in (*first, *second, _verdict(compounds, groups)) if sentence)


def differences(plan: Plan, outcomes: Sequence[Outcome]) -> tuple[tuple[float, str, Interval], ...]:
    """Compound scaling minus each single dimension: (φ, method, difference in points), paired by seed."""
    groups = {(each.method, each.phi): each for each in measured(plan, outcomes, 2)}
    found = []
    for phi in map(float, planning.PHIS):
        for method in SINGLE:
            if ("compound", phi) in groups and (method, phi) in groups:
                paired = statistics.paired(groups["compound", phi].outcomes, groups[method, phi].outcomes)
                if paired is not None:
                    found.append((phi, method, paired))
    return tuple(found)


def _against_paper(best: Measured, paper: Measured) -> str:
    difference = statistics.paired(best.outcomes, paper.outcomes)
    words = (
        f"The paper's {triple_words(PAPER)} builds {times(paper.factor)} and reaches {accuracy_words(paper.accuracy)}"
    )
    if difference is None:
        return f"{words}."
    if difference.count == 1 or not difference.excludes_zero:
        return f"{words}: {points(difference)} for the best, paired by seed, which may be chance."
    ahead = "ahead" if difference.mean > 0 else "behind"
    return f"{words}: the best is {ahead} of it, {points(difference)}, paired by seed."


def _differ(groups: Sequence[Measured]) -> tuple[str, ...]:
    if len(groups) < 2:  # noqa: PLR2004 - one group differs from nothing
        return ()
    chance = statistics.chance([[outcome.result.accuracy for outcome in group.outcomes] for group in groups])
    likely = "p < 0.001" if chance < 0.001 else f"p = {chance:.3f}"  # noqa: PLR2004 - as small p-values are written
    means = [group.accuracy.mean for group in groups]
    span = f"from {min(means):.1f} to {max(means):.1f} %"
    if chance < SIGNIFICANT:
        return (f"The triples' means go {span}: how the cost is shared matters more than the seed does ({likely}).",)
    return (f"The triples' means go {span}, no further apart than seeds alone may put them ({likely}).",)


def _gains(method: str, base: Measured, scaled: Sequence[Measured | None]) -> str:
    """Observation 1 for one dimension: what each step of cost gains over the one before."""
    chain = [base, *(each for each in scaled if each is not None)]
    gains = [statistics.paired(after.outcomes, before.outcomes) for before, after in pairwise(chain)]
    known = [gain for gain in gains if gain is not None]
    if not known:
        return ""
    each = ", ".join(f"{points(gain)} at {times(after.factor)}" for gain, after in zip(known, chain[1:], strict=False))
    means = [gain.mean for gain in known]
    if all(mean > 0 for mean in means):
        falling = all(later < earlier for earlier, later in pairwise(means))
        verdict = "gains, and less each time, as Observation 1 says" if falling else "gains, but not less each time"
    elif all(gain.high < 0 for gain in known):
        verdict = "loses at every step, against Observation 1"
    elif means[0] > 0:
        verdict = "gains at first and then no more, as Observation 1 says of large networks"
    else:
        verdict = "does not gain at first, against Observation 1"
    return f"{NAMES[method].capitalize()} {verdict}: {each}, each over the step before."


def _against(method: str, compounds: Sequence[Measured], groups: dict[tuple[str, float], Measured]) -> str:
    """Observation 2 against one dimension: the difference at each cost."""
    parts = []
    for together in compounds:
        alone = groups.get((method, together.phi))
        difference = None if alone is None else statistics.paired(together.outcomes, alone.outcomes)
        if alone is not None and difference is not None:
            parts.append(f"{points(difference)} at {times(together.factor)} (against {times(alone.factor)})")
    return f"Compound scaling against {NAMES[method]}: {', '.join(parts)}." if parts else ""


def _verdict(compounds: Sequence[Measured], groups: dict[tuple[str, float], Measured]) -> str:
    """Observation 2 over all comparisons, each by its own interval."""
    found = [
        (method, difference)
        for together in compounds
        for method in SINGLE
        if (alone := groups.get((method, together.phi))) is not None
        and (difference := statistics.paired(together.outcomes, alone.outcomes)) is not None
        and difference.count > 1
    ]
    if not found:
        return ""
    ahead = [method for method, difference in found if difference.low > 0]
    behind = [method for method, difference in found if difference.high < 0]
    counted = (
        f"Of {len(found)} comparisons at equal cost compound scaling is clearly ahead in {_of(ahead)} and clearly "
        f"behind in {_of(behind)}; in {len(found) - len(ahead) - len(behind)} the interval holds 0"
    )
    if len(ahead) == len(found):
        return f"{counted}: Observation 2 is confirmed here."
    if behind:
        return f"{counted}: Observation 2 does not hold here as the paper states it."
    if not ahead:
        return f"{counted}: Observation 2 is neither confirmed nor contradicted here."
    return f"{counted}: Observation 2 is confirmed against {_names(ahead)} and left open against the others."


def _of(methods: Sequence[str]) -> str:
    """How many, and of which methods: "3 (depth alone)"."""
    return f"{len(methods)} ({_names(methods)})" if methods else "0"


def _names(methods: Sequence[str]) -> str:
    return " and ".join(NAMES[method] for method in dict.fromkeys(methods))
