"""What to change so that an untrained network gets an ancestor, as settings that a click can take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from explorer.formats.quantities import decimal
from explorer.models.checkpoints import Checkpoint
from explorer.models.lineage import Untrained, relatives, weights_for
from explorer.network.baselines import LITE
from explorer.network.description import of_baseline
from explorer.network.scaling import PHI, ScalingError
from explorer.settings.built import baseline_of, build
from explorer.settings.declarations import Settings

STEP = 0.05
"""φ is tried in the steps of its slider."""

WIDEST_LITE = 1.65
"""Beyond 5/3 the first stages of Lite have equal channels, and a skip appears that no trained one has."""


@dataclass(frozen=True)
class Suggestion:
    """A change of the settings, in words and as a whole."""

    words: str
    settings: Settings


def remedies(settings: Settings, checkpoints: tuple[Checkpoint, ...]) -> tuple[Suggestion, ...]:
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


def _seeing(base: Settings, checkpoints: tuple[Checkpoint, ...]) -> Iterator[Suggestion]:
    """Changes of `base` whose network has weights; none is tried where no trained network is of its make."""
    try:
        related = relatives(of_baseline(baseline_of(base)), checkpoints)
    except ScalingError:
        return
    yield from (change for change in _changes(base) if related and _can_see(change.settings, checkpoints))


def _can_see(settings: Settings, checkpoints: tuple[Checkpoint, ...]) -> bool:
    try:
        return not isinstance(weights_for(build(settings).network, checkpoints), Untrained)
    except ScalingError:
        return False


def _changes(settings: Settings) -> Iterator[Suggestion]:
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
