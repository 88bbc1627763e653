"""A network as data: Network › Stage › Block › Layer, all frozen, and the one function that scales it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from explorer.network import layers
from explorer.network.baselines import ENDS, STEMS, Baseline, Operator, StageTemplate
from explorer.network.layers import BlockShape, Layer
from explorer.network.scaling import REFERENCE, SLIDERS, Rounding, ScalingLimits, round_depth, round_width

IMAGE_CHANNELS = 3


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
            stages.append(replace(stage, blocks=_blocks(self.baseline, stage.template, first, stage.depth)))
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
    stages: list[Stage] = []
    channels, resolution = IMAGE_CHANNELS, input_resolution
    for number, template in enumerate(baseline.stages, start=1):
        first = BlockShape(
            path=_path(template, number, 0),
            in_channels=channels,
            out_channels=scaled_channels(template, channels, width, rounding),
            input_resolution=resolution,
            kernel=template.kernel,
            stride=template.stride,
            expansion=template.expansion,
            squeeze_ratio=template.squeeze_ratio,
            activation=baseline.activation,
        )
        stage = Stage(number, template, _blocks(baseline, template, first, scaled_layers(template, depth, rounding)))
        stages.append(stage)
        channels, resolution = stage.channels, stage.output_resolution
    return Network(baseline, input_resolution, tuple(stages))


def of_baseline(baseline: Baseline) -> Network:
    """The baseline itself, unscaled."""
    return scale(baseline, 1.0, 1.0, baseline.input_resolution)


def as_baseline(network: Network) -> Baseline:
    """`network` as a table of its own: scaled by nothing, without rounding, it is the same network again."""
    stages = tuple(replace(stage.template, channels=stage.channels, layers=stage.depth) for stage in network.stages)
    return replace(network.baseline, stages=stages, input_resolution=network.input_resolution)


def scaled_channels(template: StageTemplate, in_channels: int, width: float, rounding: Rounding) -> int:
    """Output channels of a stage after scaling; of a bottleneck the hidden width is rounded, as ResNets do."""
    if template.operator is Operator.CLASSIFIER:
        return in_channels
    if not template.scales_width or (width < 1 and not template.shrinks):
        return template.channels
    if template.operator is Operator.BOTTLENECK:
        return round_width(template.channels // template.expansion, width, rounding) * template.expansion
    return round_width(template.channels, width, rounding)


def scaled_layers(template: StageTemplate, depth: float, rounding: Rounding) -> int:
    """Layers of a stage after scaling."""
    return round_depth(template.layers, depth, rounding) if template.scales_depth else template.layers


def _blocks(baseline: Baseline, template: StageTemplate, first: BlockShape, layers: int) -> tuple[Block, ...]:
    """The blocks of a stage; those after the first keep its channels and resolution."""
    shapes = [first] + [
        replace(
            first,
            path=f"{first.path.rsplit('.', 1)[0]}.{index}",
            in_channels=first.out_channels,
            input_resolution=first.output_resolution,
            stride=1,
        )
        for index in range(1, layers)
    ]
    return tuple(Block(shape, _layers(template, shape, baseline.classes)) for shape in shapes)


def _path(template: StageTemplate, number: int, index: int) -> str:
    """Where timm keeps a block of stage `number`: its EfficientNet counts from the stem, its ResNet names layers."""
    if template.operator is Operator.BOTTLENECK:
        return f"layer{number - 1}.{index}"
    return f"blocks.{number - 2}.{index}"


def _layers(template: StageTemplate, shape: BlockShape, classes: int) -> tuple[Layer, ...]:
    match template.operator:
        case Operator.CONVOLUTION:
            return layers.stem(shape)
        case Operator.CONVOLUTION_POOL:
            return layers.stem(shape, name="conv1", pooled=2)
        case Operator.MBCONV:
            return layers.mbconv(shape)
        case Operator.SEPARABLE:
            return layers.separable(shape)
        case Operator.BOTTLENECK:
            return layers.bottleneck(shape)
        case Operator.HEAD:
            return layers.head(shape, classes)
        case Operator.CLASSIFIER:
            return layers.classifier(shape, classes)
