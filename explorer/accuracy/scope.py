"""Which networks the accuracy model speaks of: B0's stages, scaled or edited, for ImageNet's classes; never others."""

from __future__ import annotations

from collections.abc import Callable
from math import log

import numpy as np

from explorer.formats.quantities import counted
from explorer.network.baselines import BASELINES, EFFICIENTNET, ENDS, STEMS, StageTemplate
from explorer.network.description import Network, scaled_channels, scaled_layers
from explorer.network.scaling import ROUNDINGS, Multipliers, Rounding

MOST_UNEVEN = 1.0
"""A stage that is e times out of proportion is no edit of B0 but another network."""

BISECTIONS = 60
"""Halvings that find where a product is rounded up, to the last digit of a float."""

HIGHEST = 64.0
"""The largest multiplier that a scaled network is looked for with: a scaled one scaled again."""


def reason_against(network: Network) -> str | None:
    """Why nothing is predicted of a network, as a sentence; None if the model speaks of it."""
    baseline = network.baseline
    if BASELINES.get(baseline.key) == baseline:
        return None if baseline == EFFICIENTNET else _other_family(baseline.name)
    found = _difference(network)
    return None if found is None else f"No accuracy is predicted for {baseline.name}: {found}."


def multipliers(network: Network) -> Multipliers:
    """How much deeper, wider and higher in resolution than B0 a network is: absolute pixels, whatever its own table."""
    blocks = sum(stage.layers for stage in EFFICIENTNET.stages if stage.operator not in STEMS | ENDS)
    pairs = zip(network.stages, EFFICIENTNET.stages, strict=True)
    ratios = [stage.channels / known.channels for stage, known in pairs if known.operator not in ENDS]
    return Multipliers(
        network.block_count / blocks, float(np.mean(ratios)), network.input_resolution / EFFICIENTNET.input_resolution
    )


def unevenness(network: Network) -> float:
    """How far the stage farthest from one proportion is from it, in e-folds; 0 for what scaling and rounding build."""
    if network.baseline.stages == EFFICIENTNET.stages or _is_scaled(network):
        return 0.0
    scaled = multipliers(network)
    pairs = list(zip(network.stages, EFFICIENTNET.stages, strict=True))
    wide = [log(stage.channels / known.channels / scaled.width) for stage, known in pairs]
    deep = [log(stage.depth / known.layers / scaled.depth) for stage, known in pairs if known.scales_depth]
    return max(map(abs, wide + deep))


def _other_family(name: str) -> str:
    return (
        f"No accuracy is predicted for {name} and what is scaled from it: the model knows networks scaled from "
        "EfficientNet-B0 only, because too few scaled networks of any other baseline are published."
    )


def _difference(network: Network) -> str | None:
    """What sets a network of another table apart from all that the model knows."""
    baseline = network.baseline
    if not baseline.classifier:
        return "it has no classifier, so it tells nothing apart"
    if baseline.in_channels != EFFICIENTNET.in_channels:
        return (
            f"its images have {counted(baseline.in_channels, 'channel')}, and the model knows those of "
            f"{EFFICIENTNET.in_channels} only"
        )
    if baseline.classes != EFFICIENTNET.classes:
        return (
            f"it tells {counted(baseline.classes, 'class', 'classes')} apart, and the model knows ImageNet's "
            f"{EFFICIENTNET.classes:,} only"
        )
    if baseline.activation != EFFICIENTNET.activation:
        return f"its activation is {baseline.activation}, and the model knows {EFFICIENTNET.activation} only"
    if [_kind(stage.template) for stage in network.stages] != [_kind(stage) for stage in EFFICIENTNET.stages]:
        return (
            "its stages differ from EfficientNet-B0's in more than channels and layers, and the model knows networks "
            "scaled from B0 only"
        )
    if unevenness(network) > MOST_UNEVEN:
        return "one of its stages is far out of proportion to EfficientNet-B0's, and no such network is published"
    return None


def _kind(stage: StageTemplate) -> tuple[object, ...]:
    """All of a stage but what scaling changes."""
    return stage.make


def _is_scaled(network: Network) -> bool:
    """Whether some depth, some width and one rounding build the network's stages from B0's."""
    return any(_scales(network, rounding) for rounding in ROUNDINGS.values())


def _scales(network: Network, rounding: Rounding) -> bool:
    def channels(stage: StageTemplate, factor: float) -> int:
        return scaled_channels(stage, EFFICIENTNET.in_channels, factor, rounding)

    def layers(stage: StageTemplate, factor: float) -> int:
        return scaled_layers(stage, factor, rounding)

    wide, deep = zip(*network.shape, strict=True)
    return _one_factor(channels, wide) and _one_factor(layers, deep)


def _one_factor(scaled: Callable[[StageTemplate, float], int], wanted: tuple[int, ...]) -> bool:
    """Whether one factor makes all stages what is `wanted`: the least that suffices for each, if it is not too much."""
    pairs = list(zip(EFFICIENTNET.stages, wanted, strict=True))
    least = max(_least(lambda factor, stage=stage: scaled(stage, factor), count) for stage, count in pairs)  # type: ignore[misc]
    return all(scaled(stage, least) == count for stage, count in pairs)


def _least(scaled: Callable[[float], int], wanted: int) -> float:
    """The smallest factor whose rounded product reaches `wanted`."""
    low, high = 0.0, HIGHEST
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (low, middle) if scaled(middle) >= wanted else (middle, high)
    return high
