"""The networks of a study over their seeds, and what step 1 says of the triples, in sentences computed from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from explorer.cost import counting
from explorer.formats.quantities import counted, signed, times
from explorer.network.description import Network
from explorer.study import plan as planning
from explorer.study import statistics
from explorer.study.candidates import PAPER, original, same
from explorer.study.plan import Plan
from explorer.study.results import Outcome
from explorer.study.statistics import Interval

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
class MeasuredTriple:
    """One network of a study over its seeds: accuracy in percent with its 95 % interval, and its relative cost.

    Rounding can make two ways of scaling one and the same `network`, which is compared with itself nowhere.
    """

    outcomes: tuple[Outcome, ...]
    accuracy: Interval
    factor: float
    network: Network

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


def measured(plan: Plan, outcomes: Sequence[Outcome], step: int) -> tuple[MeasuredTriple, ...]:
    """The networks of one step that the plan asks for, in the order of their runs."""
    whole = counting.of(original(plan.baseline)).macs
    chosen = planning.compared(plan, outcomes) if step == 2 else planning.tried(plan, outcomes)  # noqa: PLR2004 - step 2
    groups = statistics.by_group(sorted((o for o in chosen if o.run.step == step), key=lambda o: o.run))
    return tuple(
        MeasuredTriple(
            tuple(group),
            statistics.interval([outcome.result.accuracy for outcome in group]),
            group[0].result.macs / whole,
            planning.network(plan, group[0].run),
        )
        for group in groups.values()
    )


def difference(one: MeasuredTriple, other: MeasuredTriple) -> Interval | None:
    """How much better `one` is, in points, paired by seed; None for the same network, or where no seed has both."""
    return None if same(one.network, other.network) else statistics.paired(one.outcomes, other.outcomes)


def triple_words(triple: tuple[float, float, float]) -> str:
    """A triple in words: "α 1.2, β 1.1, γ 1.15"."""
    return ", ".join(f"{letter} {value:g}" for letter, value in zip("αβγ", triple, strict=True))


def accuracy_words(accuracy: Interval) -> str:
    """A mean with its interval, as far as there is one: "83.1 % ± 0.6"."""
    spread = f" ± {accuracy.half:.1f}" if accuracy.count > 1 else " (one seed)"
    return f"{accuracy.mean:.1f} %{spread}"


def unreadable_words(count: int) -> str:
    """What is said of a record of which so many runs were written otherwise than a study writes them."""
    verb = "says" if count == 1 else "say"
    return (
        f"{counted(count, 'run')} of the record {verb} not what a run must say, as after an edit by hand, and "
        f"{'is' if count == 1 else 'are'} left out."
    )


def points(gap: Interval) -> str:
    """A difference in points with its interval: "+0.4 points [−0.2, +1.0]"."""
    text = f"{signed(gap.mean)} points"
    return f"{text} [{signed(gap.low)}, {signed(gap.high)}]" if gap.count > 1 else text


def step_1(plan: Plan, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """Which triple is ahead, how it compares with the paper's, and whether the triples differ by more than chance."""
    groups = {each.triple: each for each in measured(plan, outcomes, 1)}
    winner = planning.best(plan, outcomes)
    if winner is None or winner not in groups:
        return ("No triple has been trained yet.",)
    best = groups[winner]
    told = [
        f"Of {counted(len(plan.triples), 'triple')} that {_match_words(plan)}, {triple_words(winner)} has the highest "
        f"mean accuracy: {accuracy_words(best.accuracy)} over {counted(best.accuracy.count, 'seed')} at "
        f"{times(best.factor)} the cost."
    ]
    if PAPER in groups and winner != PAPER:
        told.append(_against_paper(best, groups[PAPER]))
    told.extend(_differ(_distinct(each for each in groups.values() if each.accuracy.count > 1)))
    return tuple(told)


def _match_words(plan: Plan) -> str:
    """What the triples of the search have in common."""
    verb = "build" if plan.match == "built" else "promise"
    return f"{verb}{'s' if len(plan.triples) == 1 else ''} about twice the baseline's multiply-adds"


def _distinct(groups: Iterable[MeasuredTriple]) -> list[MeasuredTriple]:
    """Each network once."""
    kept: list[MeasuredTriple] = []
    for group in groups:
        if not any(same(group.network, other.network) for other in kept):
            kept.append(group)
    return kept


def _against_paper(best: MeasuredTriple, paper: MeasuredTriple) -> str:
    words = (
        f"The paper's {triple_words(PAPER)} builds {times(paper.factor)} and reaches {accuracy_words(paper.accuracy)}"
    )
    if same(best.network, paper.network):
        return f"{words}: both build one and the same network."
    gap = difference(best, paper)
    if gap is None:
        return f"{words}."
    if not gap.excludes_zero:
        return f"{words}: {points(gap)} for {triple_words(best.triple)}, paired by seed, which may be chance."
    ahead = "ahead" if gap.mean > 0 else "behind"
    return f"{words}: {triple_words(best.triple)} is {ahead} of it, {points(gap)}, paired by seed."


def _differ(groups: Sequence[MeasuredTriple]) -> tuple[str, ...]:
    if len(groups) < 2:  # noqa: PLR2004 - one group differs from nothing
        return ()
    chance = statistics.chance([[outcome.result.accuracy for outcome in group.outcomes] for group in groups])
    likely = "p < 0.001" if chance < 0.001 else f"p = {chance:.3f}"  # noqa: PLR2004 - as small p-values are written
    means = [group.accuracy.mean for group in groups]
    span = f"from {min(means):.1f} to {max(means):.1f} %"
    if chance < SIGNIFICANT:
        return (f"The triples' means go {span}: how the cost is shared matters more than the seed does ({likely}).",)
    return (f"The triples' means go {span}, no further apart than seeds alone may put them ({likely}).",)
