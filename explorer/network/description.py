"""A network as data: Network › Stage › Block › Layer, all frozen, and the one function that scales it."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, overload

from explorer.network.baselines import ENDS, STEMS, Baseline, Operator, StageTemplate
from explorer.network.elementwise import Floats, Ints, N, Real, Whole, where
from explorer.network.layers import BlockShape, Layer, layers_of
from explorer.network.scaling import REFERENCE, SLIDERS, Rounding, ScalingLimits, round_depth, round_width


@dataclass(frozen=True, slots=True)
class StageShape(Generic[N]):
    """A stage as its first block and (layers − 1) times the block that is repeated, of one network or of arrays."""

    template: StageTemplate
    first: BlockShape[N]
    layers: N | int

    @property
    def repeated(self) -> BlockShape[N]:
        """The shape of each block after the first, which keeps its channels and resolution; it has the first's path."""
        first = self.first
        return replace(first, in_channels=first.out_channels, input_resolution=first.output_resolution, stride=1)


@dataclass(frozen=True, slots=True)
class Block:
    """One repetition of a stage's operator: its shape and its layers in order."""

    shape: BlockShape
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A row of the paper's Table 1 after scaling; `number` counts from 1."""

    number: int
    template: StageTemplate
    blocks: tuple[Block, ...]

    @property
    def operator(self) -> str:
        """The operator as the paper writes it."""
        return self.template.label

    @property
    def depth(self) -> int:
        """How many layers the paper would print: repetitions of the operator."""
        return len(self.blocks)

    @property
    def channels(self) -> int:
        """Output channels; of the last stage, those of its convolution."""
        return self.blocks[-1].shape.out_channels

    @property
    def input_resolution(self) -> int:
        """Pixels a side of the stage's input, as in Table 1."""
        return self.blocks[0].shape.input_resolution

    @property
    def output_resolution(self) -> int:
        """Pixels a side of the stage's output, before any pooling."""
        return self.blocks[-1].shape.output_resolution


@dataclass(frozen=True, slots=True)
class Network:
    """What a setting really builds. Two networks of the same baseline with equal stages are the same network."""

    baseline: Baseline
    input_resolution: int
    stages: tuple[Stage, ...]

    @property
    def block_count(self) -> int:
        """Blocks between the stem and the head: 16 in B0."""
        return sum(stage.depth for stage in self.stages if stage.template.operator not in STEMS | ENDS)

    @property
    def shape(self) -> tuple[tuple[int, int], ...]:
        """(channels, layers) of each stage: what weights must fit, whatever the resolution."""
        return tuple((stage.channels, stage.depth) for stage in self.stages)

    @property
    def make(self) -> tuple[Hashable, ...]:
        """What scaling leaves alone: the activation, and what each stage is made of."""
        return self.baseline.activation, tuple(stage.template.make for stage in self.stages)

    @property
    def identity(self) -> tuple[Hashable, ...]:
        """Equal for networks of equal layers, whatever the table is called that they come from."""
        baseline = self.baseline
        return self.make, baseline.in_channels, baseline.logits, self.input_resolution, self.shape

    @property
    def stride(self) -> int:
        """How many times smaller than the input a side of the last feature map is: 32 in B0."""
        return math.prod(stage.template.stride for stage in self.stages)

    def at(self, pixels: int) -> Network:
        """The same stages at another input resolution in pixels a side.

        Raises:
            ScalingError: the resolution is outside its range.
        """
        SLIDERS.pixels.require(pixels, "The input resolution in pixels")
        stages: list[Stage] = []
        for stage in self.stages:
            given = stages[-1].output_resolution if stages else pixels
            first = replace(stage.blocks[0].shape, input_resolution=given)
            shapes = _in_order(StageShape(stage.template, first, stage.depth))
            stages.append(replace(stage, blocks=tuple(_built(stage.template, shape) for shape in shapes)))
        return replace(self, input_resolution=pixels, stages=tuple(stages))


def scale(
    baseline: Baseline,
    depth: float,
    width: float,
    input_resolution: int,
    rounding: Rounding = REFERENCE,
    limits: ScalingLimits = SLIDERS,
) -> Network:
    """The network that `baseline` becomes.

    Args:
        baseline: the table to scale.
        depth: depth multiplier d.
        width: width multiplier w.
        input_resolution: input in pixels a side.
        rounding: how products become whole channels and layers.
        limits: the numbers that are allowed.

    Raises:
        ScalingError: a number is outside its range.
    """
    limits.multiplier.require(depth, "The depth multiplier")
    limits.multiplier.require(width, "The width multiplier")
    limits.pixels.require(input_resolution, "The input resolution in pixels")
    # Python's own numbers: NumPy's are equal, but make channels of NumPy's integers, which no graph takes.
    shapes = stage_shapes(baseline, float(depth), float(width), int(input_resolution), rounding)
    stages = (
        Stage(number, shape.template, tuple(_built(shape.template, block) for block in _in_order(shape)))
        for number, shape in enumerate(shapes, start=1)
    )
    return Network(baseline, int(input_resolution), tuple(stages))


@overload
def stage_shapes(
    baseline: Baseline, depth: float, width: float, input_resolution: int, rounding: Rounding
) -> Iterator[StageShape]: ...
@overload
def stage_shapes(
    baseline: Baseline, depth: Floats, width: Floats, input_resolution: Ints, rounding: Rounding
) -> Iterator[StageShape[Ints]]: ...
def stage_shapes(
    baseline: Baseline, depth: Real, width: Real, input_resolution: Whole, rounding: Rounding
) -> Iterator[StageShape[Any]]:
    """The stages that `baseline` becomes, of one network or of arrays that can be broadcast; see `scale`."""
    channels: Whole = baseline.in_channels
    resolution, rounding = input_resolution, family_rounding(baseline, rounding)
    for number, template in enumerate(baseline.stages, start=1):
        first: BlockShape[Any] = BlockShape(
            path=_path(template, number, 0),
            in_channels=channels,
            out_channels=scaled_channels(template, channels, width, rounding),
            input_resolution=resolution,
            kernel=template.kernel,
            stride=template.stride,
            expansion=template.expansion,
            squeeze_ratio=template.squeeze_ratio,
            activation=baseline.activation,
            logits=baseline.logits,
            skips=template.skips,
            expands_output=template.expands_output,
        )
        yield StageShape(template, first, scaled_layers(template, depth, rounding))
        channels, resolution = first.out_channels, first.output_resolution


def of_baseline(baseline: Baseline) -> Network:
    """The baseline itself, unscaled."""
    return scale(baseline, 1.0, 1.0, baseline.input_resolution)


def as_baseline(network: Network) -> Baseline:
    """`network` as a table of its own: scaled by nothing, without rounding, it is the same network again."""
    stages = tuple(replace(stage.template, channels=stage.channels, layers=stage.depth) for stage in network.stages)
    return replace(network.baseline, stages=stages, input_resolution=network.input_resolution)


def family_rounding(baseline: Baseline, rounding: Rounding) -> Rounding:
    """`rounding` as the family's own code does it: EfficientNetV2's has no 90 % rule."""
    return replace(rounding, keeps_90_percent=rounding.keeps_90_percent and baseline.keeps_90_percent)


@overload
def scaled_channels(template: StageTemplate, in_channels: int, width: float, rounding: Rounding) -> int: ...
@overload
def scaled_channels(template: StageTemplate, in_channels: Whole, width: Real, rounding: Rounding) -> Whole: ...
def scaled_channels(template: StageTemplate, in_channels: Whole, width: Real, rounding: Rounding) -> Whole:
    """Output channels of a stage after scaling; of a bottleneck the hidden width is rounded, as ResNets do."""
    if template.operator is Operator.CLASSIFIER:
        return in_channels
    if not template.scales_width:
        return template.channels
    unit = template.channel_unit
    scaled = round_width(template.channels // unit, width, rounding) * unit
    return scaled if template.shrinks else where(width < 1, template.channels, scaled)


@overload
def scaled_layers(template: StageTemplate, depth: float, rounding: Rounding) -> int: ...
@overload
def scaled_layers(template: StageTemplate, depth: Real, rounding: Rounding) -> Whole: ...
def scaled_layers(template: StageTemplate, depth: Real, rounding: Rounding) -> Whole:
    """Layers of a stage after scaling."""
    return round_depth(template.layers, depth, rounding) if template.scales_depth else template.layers


def _in_order(stage: StageShape) -> Iterator[BlockShape]:
    """The shapes of all blocks of a stage: the first, and those that repeat."""
    yield stage.first
    if stage.layers > 1:
        parent, repeated = stage.first.path.rsplit(".", 1)[0], stage.repeated
        yield from (replace(repeated, path=f"{parent}.{index}") for index in range(1, stage.layers))


def _built(template: StageTemplate, shape: BlockShape) -> Block:
    return Block(shape, layers_of(template.operator, shape))


def _path(template: StageTemplate, number: int, index: int) -> str:
    """Where timm keeps a block of stage `number`: its EfficientNet counts from the stem, its ResNet names layers."""
    if template.operator is Operator.BOTTLENECK:
        return f"layer{number - 1}.{index}"
    return f"blocks.{number - 2}.{index}"
