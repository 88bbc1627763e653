"""Which network to take within a budget: the best that is published with weights, and the best that is predicted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from explorer.accuracy.predict import Prediction, Refusal, predict
from explorer.accuracy.words import outside_sentence
from explorer.cost import counting
from explorer.formats.measures import COUNTED
from explorer.formats.quantities import engineering, signed
from explorer.models import checkpoints
from explorer.models.checkpoints import Checkpoint
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import Network
from explorer.network.scaling import PAPER_ALPHA, PAPER_BETA, PAPER_GAMMA, Compound
from explorer.planning.budget import Budget, BudgetLimits, Estimate, of_limits
from explorer.planning.solver import NothingFits, Solution, solve
from explorer.published.measured import IMAGENET
from explorer.published.pareto import FrontierPoint, published

OURS = "EfficientNet"
PRINTED = frozenset(COUNTED)
"""Limits that can be checked for networks that are not built here."""


@dataclass(frozen=True)
class Recommendation:
    """The best of each kind within the budget; None where nothing fits.

    `newer` is a published network of another family and a later year that is more accurate than every EfficientNet
    within the budget and costs no more than the best of them. `other` is the most accurate published network of any
    family, only where no EfficientNet with weights fits. `sentences` say all of it.
    """

    published: Checkpoint | None
    compound: Solution | NothingFits
    prediction: Prediction | None
    newer: FrontierPoint | None
    other: FrontierPoint | None
    sentences: tuple[str, ...]


def choose(
    limits: BudgetLimits, *, training_memory: Estimate | None = None, latency: Estimate | None = None
) -> Recommendation:
    """The best networks within `limits`.

    Args:
        limits: at least one.
        training_memory: bytes that training a network takes; needed for its limit.
        latency: milliseconds that a network takes for an image; needed for their limit.

    Raises:
        ScalingError: there is no limit, or one that makes no sense or lacks its estimate.
    """
    budget = of_limits(limits, {"training_memory": training_memory, "milliseconds": latency})
    best = _best_published(budget)
    rule = Compound(0.0, PAPER_ALPHA, PAPER_BETA, PAPER_GAMMA)
    compound = solve(EFFICIENTNET, limits, rule, training_memory=training_memory, latency=latency)
    predicted = predict(compound.network) if isinstance(compound, Solution) else None
    found = predicted if isinstance(predicted, Prediction) else None
    newer = _newer(budget)
    other = _other(budget) if best is None else None
    sentences = (
        _published_sentence(best, other, budget), _predicted_sentence(compound, predicted), _difference(best, found),
        _newer_sentence(newer, best, budget),
    )  # fmt: skip
    return Recommendation(best, compound, found, newer, other, tuple(sentence for sentence in sentences if sentence))


def _best_published(budget: Budget) -> Checkpoint | None:
    """The most accurate weights whose network keeps every limit; of equals, the cheapest in multiply-adds."""
    fits: dict[Network, bool] = {}
    for checkpoint in checkpoints.published().values():
        if checkpoint.network not in fits:
            fits[checkpoint.network] = not budget.broken(budget.used(checkpoint.network))
    known = [each for each in checkpoints.published().values() if fits[each.network] and each.top1 is not None]
    return max(known, key=lambda each: (each.top1 or 0.0, -counting.of(each.network).macs), default=None)


def _newer(budget: Budget) -> FrontierPoint | None:
    """Any training data first; else among networks trained on ImageNet-1k only, on both sides."""
    if not budget.limits.keys() <= PRINTED:
        return None
    alike = [point for point in published() if point.data == IMAGENET]
    return _newer_of(published(), budget.limits) or _newer_of(alike, budget.limits)


def _newer_of(points: Sequence[FrontierPoint], limits: Mapping[str, float]) -> FrontierPoint | None:
    """The most accurate later network that beats all EfficientNets within the limits at no more than the best costs."""
    ours = [point for point in points if point.family == OURS and _within(point, limits)]
    if not ours:
        return None
    best = max(ours, key=lambda point: point.accuracies["top1"])
    bar = {key: best.costs[key] for key in limits}
    better = [
        point
        for point in points
        if point.year > best.year and point.accuracies["top1"] > best.accuracies["top1"] and _within(point, bar)
    ]
    return max(better, key=lambda point: point.accuracies["top1"], default=None)


def _other(budget: Budget) -> FrontierPoint | None:
    """The most accurate published network within the budget; of equals, the cheapest in multiply-adds."""
    if not budget.limits.keys() <= PRINTED:
        return None
    fits = [point for point in published() if _within(point, budget.limits) and "top1" in point.accuracies]
    return max(fits, key=lambda each: (each.accuracies["top1"], -each.costs.get("macs", inf)), default=None)


def _within(point: FrontierPoint, limits: Mapping[str, float]) -> bool:
    return all(key in point.costs and point.costs[key] <= most for key, most in limits.items())


def _published_sentence(best: Checkpoint | None, other: FrontierPoint | None, budget: Budget) -> str:
    if best is None:
        return f"No published EfficientNet with weights fits this budget{_instead(other, budget)}."
    spent = counting.of(best.network)
    return (
        f"Best published with weights: {best.title} ({best.recipe}), {best.top1:.1f} % ImageNet top-1, "
        f"{engineering(spent.macs)} multiply-adds, {engineering(spent.params)} parameters."
    )


def _instead(other: FrontierPoint | None, budget: Budget) -> str:
    if other is not None:
        return (
            f"; of all published networks here the most accurate that does is {other.network} ({other.family}, "
            f"{other.year}; {other.recipe}, {other.data}): {other.accuracies['top1']:.1f} % ImageNet top-1"
        )
    return ", nor does any other published network here" if budget.limits.keys() <= PRINTED else ""


def _predicted_sentence(compound: Solution | NothingFits, found: Prediction | Refusal | None) -> str:
    if isinstance(compound, NothingFits) or found is None:
        return f"No compound network can be recommended. {compound.sentence}"
    if isinstance(found, Refusal):
        return f"No compound network can be recommended. {found.reason}"
    outside = f" {outside_sentence(found)}" if found.outside else ""
    return (
        f"Best predicted compound network: φ = {compound.compound.phi:g}, {engineering(compound.cost.macs)} "
        f"multiply-adds, {engineering(compound.cost.params)} parameters; {found.top1:.1f} % "
        f"({found.lower:.1f} to {found.upper:.1f} with 90 % confidence), predicted under the paper's version 5 recipe, "
        f"nobody has trained it.{outside}"
    )


def _difference(best: Checkpoint | None, found: Prediction | None) -> str:
    if best is None or best.top1 is None or found is None:
        return ""
    gap = found.top1 - best.top1
    if found.lower <= best.top1 <= found.upper:
        verdict = "within the interval, so training it yourself promises no certain gain: take the published one"
    elif gap > 0:
        verdict = "more than the interval leaves open: training it yourself should pay"
    else:
        verdict = "less than the published one even at the upper end: take the published one"
    return f"The difference is {signed(gap)} points, {verdict}. The recipes are not the same."


def _newer_sentence(newer: FrontierPoint | None, best: Checkpoint | None, budget: Budget) -> str:
    if newer is not None:
        among = ", as far as it is trained on ImageNet-1k only," if newer.data == IMAGENET else ""
        return (
            f"{newer.network} ({newer.family}, {newer.year}; {newer.recipe}, {newer.data}) dominates the whole "
            f"EfficientNet family{among} within this budget: {newer.accuracies['top1']:.1f} % at no more of "
            "what is limited."
        )
    if best is not None and not budget.limits.keys() <= PRINTED:
        return "Whether a newer family does better is not known: memory and time of networks not built here are not."
    return ""
