"""The layers of many networks at once, added up by resolution, for arrays of depth and width multipliers.

The operators of `explorer.network.layers`, read for whole arrays. Channels depend on the width multiplier alone and
layers on the depth multiplier: so a stage is its first block and (layers − 1) times the block that is repeated, and
each array keeps its own shape until it meets another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.network.baselines import Baseline, Operator, StageTemplate
from explorer.network.description import IMAGE_CHANNELS
from explorer.network.layers import ROUNDING_ERROR
from explorer.network.scaling import NARROWEST, REFERENCE, Rounding

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

POOLED = 0
"""The stride of what follows a global pooling: one pixel, whatever the resolution."""


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """Layers of one resolution, added up: weights (multiply-adds for a pixel) and outputs (activations for a pixel)."""

    weights: Ints
    outputs: Ints

    def __add__(self, other: Load) -> Load:
        return Load(self.weights + other.weights, self.outputs + other.outputs)

    def times(self, count: Ints) -> Load:
        """The same layers, `count` times over."""
        return Load(self.weights * count, self.outputs * count)


_Layers = Iterator[tuple[int, Load]]
"""Layers, each with the stride between the input of its block, or of its stage, and its own output."""


def loads(baseline: Baseline, depth: Floats, width: Floats, rounding: Rounding) -> dict[int, Load]:
    """All layers of a network, added up by the stride between the image and their output."""
    added: dict[int, Load] = {}
    channels, given = np.asarray(IMAGE_CHANNELS), 1
    for template in baseline.stages:
        out = scaled_channels(template, channels, width, rounding)
        layers = scaled_layers(template, depth, rounding)
        for stride, load in _stage(template, channels, out, layers, baseline.classes):
            at = given * stride
            added[at] = added[at] + load if at in added else load
        channels, given = out, given * template.stride
    return added


def _stage(template: StageTemplate, given: Ints, out: Ints, layers: Ints, classes: int) -> _Layers:
    """A stage: its first block, and the one that is repeated as often as there are more layers."""
    yield from _block(template, template.stride, given, out, classes)
    repeats = layers - 1
    if repeats.any():
        for stride, load in _block(template, 1, out, out, classes):
            yield template.stride * stride, load.times(repeats)


def scaled_channels(template: StageTemplate, given: Ints, width: Floats, rounding: Rounding) -> Ints:
    """`network.scaled_channels` for arrays."""
    if template.operator is Operator.CLASSIFIER:
        return given
    if not template.scales_width:
        return np.asarray(template.channels)
    unit = template.expansion if template.operator is Operator.BOTTLENECK else 1
    scaled = _round_width(template.channels // unit, width, rounding) * unit
    return scaled if template.shrinks else np.where(width < 1, template.channels, scaled)


def _round_width(channels: int, width: Floats, rounding: Rounding) -> Ints:
    """`scaling.round_width` for arrays."""
    exact, divisor = channels * width, rounding.divisor
    nearest = np.maximum((exact + divisor / 2).astype(np.int64) // divisor * divisor, divisor)
    return nearest + divisor * (nearest < NARROWEST * exact) if rounding.keeps_90_percent else nearest


def scaled_layers(template: StageTemplate, depth: Floats, rounding: Rounding) -> Ints:
    """`network.scaled_layers` for arrays; a stage has at least one block."""
    exact = template.layers * depth
    layers = np.ceil(exact) if rounding.layers_up else np.floor(exact + 0.5)
    return np.maximum(layers.astype(np.int64) if template.scales_depth else template.layers, 1)


def _block(template: StageTemplate, stride: int, given: Ints, out: Ints, classes: int) -> _Layers:
    """What `network` builds of a template from `given` to `out` channels."""
    area = template.kernel**2
    match template.operator:
        case Operator.CONVOLUTION:
            yield stride, Load(area * given * out, out)
        case Operator.CONVOLUTION_POOL:
            yield stride // 2, Load(area * given * out, out)
        case Operator.MBCONV:
            yield from _mbconv(template, stride, given, out)
        case Operator.SEPARABLE:
            yield stride, Load(given * (area + out), given + out)
        case Operator.BOTTLENECK:
            yield from _bottleneck(template, stride, given, out)
        case Operator.HEAD:
            yield 1, Load(given * out, out)
            yield POOLED, Load(classes * out, np.asarray(classes))
        case Operator.CLASSIFIER:
            yield POOLED, Load(classes * out, np.asarray(classes))


def _mbconv(template: StageTemplate, stride: int, given: Ints, out: Ints) -> _Layers:
    """Expand (where expansion > 1), depthwise and project, squeeze and excite (where it has them)."""
    exact = given * template.expansion
    hidden = _round_width(1, exact.astype(np.float64), REFERENCE) if template.expansion > 1 else exact
    if template.expansion > 1:
        yield 1, Load(given * hidden, hidden)
    yield stride, Load(hidden * (template.kernel**2 + out), hidden + out)
    if template.squeeze_ratio:
        share = template.squeeze_ratio / template.expansion
        squeezed = np.maximum((hidden * share + ROUNDING_ERROR).astype(np.int64), 1)
        yield POOLED, Load(2 * hidden * squeezed, hidden + squeezed)


def _bottleneck(template: StageTemplate, stride: int, given: Ints, out: Ints) -> _Layers:
    """Reduce, convolve and expand, and a projected shortcut where shapes change."""
    hidden = out // template.expansion
    yield 1, Load(given * hidden, hidden)
    projected = out * ((given != out) | (stride > 1))
    yield stride, Load(hidden * (template.kernel**2 * hidden + out) + given * projected, hidden + out + projected)
