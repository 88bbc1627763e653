"""A network as data: Network › Stage › Block › Layer, all frozen, and the one function that scales it."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.baselines import Baseline, Operator, StageTemplate
from explorer.operators import BlockShape, Layer, head, mbconv, stem
from explorer.scaling import MULTIPLIER, PIXELS, round_depth, round_width

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
        return sum(stage.depth for stage in self.stages if stage.template.operator is Operator.MBCONV)

    @property
    def shape(self) -> tuple[tuple[int, int], ...]:
        """(channels, layers) of each stage: what weights must fit, whatever the resolution."""
        return tuple((stage.channels, stage.depth) for stage in self.stages)


def scale(baseline: Baseline, depth: float, width: float, input_resolution: int) -> Network:
    """The network that `baseline` becomes, with the reference rounding of channels and layers.

    Args:
        baseline: the table to scale.
        depth: depth multiplier d.
        width: width multiplier w.
        input_resolution: input in pixels a side.

    Raises:
        ScalingError: a number is outside its range.
    """
    MULTIPLIER.require(depth, "The depth multiplier")
    MULTIPLIER.require(width, "The width multiplier")
    PIXELS.require(input_resolution, "The input resolution in pixels")
    stages: list[Stage] = []
    channels, resolution = IMAGE_CHANNELS, input_resolution
    for number, template in enumerate(baseline.stages, start=1):
        blocks = _blocks(baseline, number, depth, width, channels, resolution)
        stages.append(Stage(number, template, blocks))
        channels, resolution = blocks[-1].shape.out_channels, blocks[-1].shape.output_resolution
    return Network(baseline, input_resolution, tuple(stages))


def of_baseline(baseline: Baseline) -> Network:
    """The baseline itself, unscaled."""
    return scale(baseline, 1.0, 1.0, baseline.input_resolution)


def _blocks(
    baseline: Baseline, number: int, depth: float, width: float, channels: int, resolution: int
) -> tuple[Block, ...]:
    """The blocks of stage `number`, fed by `channels` at `resolution`; only the first has the stride."""
    template = baseline.stages[number - 1]
    out = round_width(template.channels, width) if template.scales_width else template.channels
    layers = round_depth(template.layers, depth) if template.scales_depth else template.layers
    first = BlockShape(
        path=f"blocks.{number - 2}.0",
        in_channels=channels,
        out_channels=out,
        input_resolution=resolution,
        kernel=template.kernel,
        stride=template.stride,
        expansion=template.expansion,
        squeeze_ratio=template.squeeze_ratio,
        activation=baseline.activation,
    )
    shapes = [first] + [_repeated(first, number, index) for index in range(1, layers)]
    return tuple(Block(shape, _layers(template, shape, baseline.classes)) for shape in shapes)


def _repeated(first: BlockShape, number: int, index: int) -> BlockShape:
    """The block at `index` of a stage: as the first, but keeping channels and resolution."""
    return BlockShape(
        path=f"blocks.{number - 2}.{index}",
        in_channels=first.out_channels,
        out_channels=first.out_channels,
        input_resolution=first.output_resolution,
        kernel=first.kernel,
        stride=1,
        expansion=first.expansion,
        squeeze_ratio=first.squeeze_ratio,
        activation=first.activation,
    )


def _layers(template: StageTemplate, shape: BlockShape, classes: int) -> tuple[Layer, ...]:
    match template.operator:
        case Operator.CONVOLUTION:
            return stem(shape)
        case Operator.MBCONV:
            return mbconv(shape)
        case Operator.HEAD:
            return head(shape, classes)
