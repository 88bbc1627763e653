"""Which network answers where the one that is set is untrained: another setting's, the nearest that has weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from explorer.formats.quantities import decimal
from explorer.models.checkpoints import Checkpoint
from explorer.models.lineage import Classifier, Untrained, blind, choices, relatives, weights_for
from explorer.network.baselines import LITE
from explorer.network.description import of_baseline
from explorer.network.scaling import PHI, ScalingError
from explorer.settings.built import baseline_of, build
from explorer.settings.declarations import Architecture

STEP = 0.05
"""φ is tried in the steps of its slider."""

WIDEST_LITE = 1.65
"""Beyond 5/3 the first stages of Lite have equal channels, and a skip appears that no trained one has."""

KEPT = 64
"""Choices that are remembered: a page makes the same one at every click."""


@dataclass(frozen=True)
class Answering:
    """The network that answers, and the settings that build it.

    Where that is not the one that was asked for, `words` name it and `untrained` says why the other has no answers.
    """

    classifier: Classifier
    settings: Architecture
    words: str = ""
    untrained: Untrained | None = None


@dataclass(frozen=True)
class Suggestion:
    """A change of the settings, in words and as a whole."""

    words: str
    settings: Architecture


@lru_cache(maxsize=KEPT)
def answering(settings: Architecture, checkpoints: tuple[Checkpoint, ...]) -> Answering | None:
    """The network that answers for `settings` with weights among `checkpoints`; None where nothing has any.

    It is the one that they build, with its own or its ancestor's weights; else its EfficientNet-Lite twin, at the same
    φ, α, β, γ (or d, w, pixels); else that of the nearest setting with weights, of its own family before Lite's.
    """
    own = _classifier(settings, checkpoints)
    if isinstance(own, Classifier):
        return Answering(own, settings)
    families = dict.fromkeys((settings, replace(settings, family=LITE.key)))
    nearest = zip(*(_changes(each) for each in families if _has_relatives(each, checkpoints)), strict=True)
    for change in (change for changes in nearest for change in changes):
        found = _classifier(change.settings, checkpoints)
        if isinstance(found, Classifier):
            return Answering(found, change.settings, _answering_words(change), own)
    return None


def _answering_words(change: Suggestion) -> str:
    family = baseline_of(change.settings).family
    if change.words:
        return f"{family} at {change.words}, the nearest setting with weights,"
    return f"{family} at the same {'φ, α, β, γ' if change.settings.by == 'formula' else 'd, w and pixels'}"


def missing(settings: Architecture, known: Iterable[Checkpoint]) -> tuple[Checkpoint, ...]:
    """Those of `known` that are not on this machine and would let the network of `settings` answer, the best first."""
    try:
        network = build(settings).network
    except ScalingError:
        return ()
    return tuple(weights.checkpoint for weights in choices(network, [each for each in known if not each.at_hand]))


def remedies(settings: Architecture, checkpoints: tuple[Checkpoint, ...]) -> tuple[Suggestion, ...]:
    """The nearest settings whose network has trained weights among `checkpoints`: of the family, and of its Lite twin.

    The twin is EfficientNet-Lite at the same φ, α, β, γ (or d, w and pixels), whose weights come with the app.
    """
    found: list[Suggestion] = []
    for base, name in ((settings, ""), (replace(settings, family=LITE.key), LITE.family)):
        nearest = next(_seeing(base, checkpoints), None)
        if nearest is not None and nearest.settings not in [each.settings for each in found]:
            found.append(replace(nearest, words=_words(name, nearest.words)))
    return tuple(found)


def _words(family: str, change: str) -> str:
    if not family:
        return f"Set {change}"
    return f"Take {family} {f'with {change}' if change else 'with the same settings'}"


def _seeing(base: Architecture, checkpoints: tuple[Checkpoint, ...]) -> Iterator[Suggestion]:
    """Changes of `base` whose network has weights; none is tried where no trained network is of its make."""
    if _has_relatives(base, checkpoints):
        yield from (
            change for change in _changes(base) if isinstance(_classifier(change.settings, checkpoints), Classifier)
        )


def _has_relatives(settings: Architecture, checkpoints: tuple[Checkpoint, ...]) -> bool:
    try:
        start = of_baseline(baseline_of(settings))
        return not blind(start) and bool(relatives(start, checkpoints))
    except ScalingError:
        return False


def _classifier(settings: Architecture, checkpoints: tuple[Checkpoint, ...]) -> Classifier | Untrained:
    """What `settings` build, with its weights; else why it has none, or why they build nothing."""
    try:
        network = build(settings).network
    except ScalingError as error:
        return Untrained(f"No network can be built from these settings. {error}")
    weights = weights_for(network, checkpoints)
    return weights if isinstance(weights, Untrained) else Classifier(network, weights)


def _changes(settings: Architecture) -> Iterator[Suggestion]:
    """The settings themselves, then those around them, the nearest first."""
    yield Suggestion("", settings)
    if settings.by == "direct":
        deep, wide = max(settings.depth, 1.0), max(settings.width, 1.0)
        for depth, width in ((deep, wide), (deep, min(wide, WIDEST_LITE)), (1.0, 1.0)):
            words = f"d = {decimal(depth)} and w = {decimal(width)}"
            yield Suggestion(words, replace(settings, depth=depth, width=width))
        return
    for distance in range(1, round((PHI.highest - PHI.lowest) / STEP) + 1):
        for sign in (1, -1):
            phi = round(settings.phi + sign * distance * STEP, 4)
            if PHI.lowest <= phi <= PHI.highest:
                yield Suggestion(f"φ = {decimal(phi)}", replace(settings, phi=phi))
