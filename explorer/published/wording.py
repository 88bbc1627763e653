"""What the frontier shows, and what dominates a network, in sentences and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explorer.formats.measures import AXES, Measure
from explorer.formats.quantities import times
from explorer.published.pareto import KINDS, Dominance, FrontierPoint, comparable, front_of


def alt(points: Sequence[FrontierPoint], axis: Measure, kind: str) -> str:
    """The chart in words, for those who cannot see it."""
    known, best = comparable(points, axis, kind), front_of(points, axis, kind)
    if not best:
        return f"No published network is shown: none of those chosen has a known {KINDS[kind]} accuracy and cost."
    low, high = (
        min((best[0], best[-1]), key=lambda each: each.accuracies[kind]),
        max((best[0], best[-1]), key=lambda each: each.accuracies[kind]),
    )
    return (
        f"{len(known)} published results of {len({point.family for point in known})} families. {len(best)} of them are "
        f"on the Pareto front, from {low.name} with {low.accuracies[kind]:.1f} % at {amount(low, axis)} to {high.name} "
        f"with {high.accuracies[kind]:.1f} % at {amount(high, axis)}."
    )


def amount(point: FrontierPoint, axis: Measure) -> str:
    """The cost of a point on an axis, with its unit."""
    return f"{point.costs[axis.key] / axis.divisor:,.4g} {axis.unit}"


def dominated(found: Sequence[Dominance], axis: Measure, kind: str) -> str:
    """What dominates a point and by how much, in one sentence."""
    if not found:
        return "Nothing that is shown dominates it: it is on the Pareto front."
    best = found[0]
    saving = f"{times(best.ratio)} {'as fast' if axis.more_is_better else 'cheaper'}"
    others = f" {len(found) - 1} more do too." if len(found) > 1 else ""
    return (
        f"{best.point.name} dominates it: {best.points:.1f} points more {KINDS[kind]} accuracy and {saving} in "
        f"{axis.unit.removeprefix('billion ').removeprefix('million ')}.{others}"
    )


def rows(points: Sequence[FrontierPoint], axis: Measure, kind: str) -> list[Mapping[str, object]]:
    """A row for each point, the most accurate first, with every number that is known and its source."""
    best = {id(point) for point in front_of(points, axis, kind)}
    ordered = sorted(points, key=lambda point: point.accuracies.get(kind, 0.0), reverse=True)
    return [
        {
            "Network": point.network,
            "Family": point.family,
            "Year": point.year,
            "Recipe": point.recipe,
            "Trained on": point.data,
            "On the front": "yes" if id(point) in best else "no",
            **{f"{words}, %": point.accuracies.get(key) for key, words in KINDS.items()},
            **{each.unit[:1].upper() + each.unit[1:]: _cost(point, each) for each in AXES.values()},
            "Source": point.source,
        }
        for point in ordered
    ]


def _cost(point: FrontierPoint, axis: Measure) -> float | None:
    return point.costs[axis.key] / axis.divisor if axis.key in point.costs else None
