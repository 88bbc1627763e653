"""What each operator is made of: from a block's shape to its layers, named as in the timm module.

An operator is one function from `BlockShape` to layers, entered in `LAYERS`. Channels and resolutions are whole
numbers, or int64 arrays with one element for each network: the same functions describe both.

A layer's `name` is its path in the module that timm builds, so that a description and a module can be
held against each other layer by layer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Any, Generic

from explorer.network.baselines import Operator
from explorer.network.elementwise import N, anywhere, at_least, truncated
from explorer.network.scaling import round_width

ROUNDING_ERROR = 1e-6
"""A product that falls short of a whole number by less than this is that number."""


@dataclass(frozen=True, slots=True)
class Layer(Generic[N]):
    """One convolution or linear layer, with the batch normalisation and the activation that follow it.

    `norm` is the path of the batch normalisation ("" if none). Resolutions are in pixels a side;
    a linear layer is a 1 × 1 convolution of one pixel.
    """

    name: str
    role: str
    in_channels: N | int
    out_channels: N | int
    input_resolution: N | int
    output_resolution: N | int
    kernel: int = 1
    stride: int = 1
    groups: N | int = 1
    bias: bool = False
    norm: str = ""
    activation: str = ""

    @property
    def weights(self) -> N | int:
        """Elements of the kernel: multiply-adds for each pixel of the output."""
        area, inputs = self.kernel**2, self.in_channels
        if self.groups is inputs:
            return area * self.out_channels
        if not (isinstance(self.groups, int) and self.groups == 1):
            inputs = inputs // self.groups
        return inputs * self.out_channels if area == 1 else area * inputs * self.out_channels

    @property
    def parameters_per_output(self) -> int:
        """Parameters beside the weights for each output channel: a bias, and the scale and shift of a normalisation."""
        return bool(self.bias) + 2 * bool(self.norm)


@dataclass(frozen=True, slots=True)
class BlockShape(Generic[N]):
    """What a block must know of its place: path in the module, channels, resolution, and its stage's choices."""

    path: str
    in_channels: N | int
    out_channels: N | int
    input_resolution: N | int
    kernel: int
    stride: int
    expansion: int
    squeeze_ratio: float
    activation: str
    logits: int = 1000
    skips: bool = True
    expands_output: bool = False
    output_resolution: N | int = field(init=False)
    """Pixels a side after the stride; every convolution here pads so that this is rounded up."""

    def __post_init__(self) -> None:
        left = self.input_resolution if self.stride == 1 else -(-self.input_resolution // self.stride)
        object.__setattr__(self, "output_resolution", left)

    @property
    def changes(self) -> N | int:
        """1 where the output's shape differs from the input's, otherwise 0."""
        return 1 if self.stride != 1 else 1 * (self.in_channels != self.out_channels)

    @property
    def skip(self) -> bool:
        """Whether the input is added to the output as it is: no shape changes. The separable block never does."""
        return self.skips and not anywhere(self.changes)


def hidden_channels(shape: BlockShape[N]) -> N | int:
    """Channels between expansion and projection; timm rounds them to 8, which multiples of 8 do not notice."""
    exact = (shape.out_channels if shape.expands_output else shape.in_channels) * shape.expansion
    return round_width(exact, 1.0) if shape.expansion > 1 else exact


def mbconv(shape: BlockShape[N]) -> tuple[Layer[N], ...]:
    """Expand (where expansion > 1), depthwise, squeeze and excite (where it has them), project.

    MobileNetV2's inverted residual with squeeze-and-excitation; timm calls it DepthwiseSeparableConv
    where there is no expansion and InvertedResidual elsewhere.
    """
    hidden = hidden_channels(shape)
    expands = shape.expansion > 1
    depthwise_norm, project, project_norm = ("bn2", "conv_pwl", "bn3") if expands else ("bn1", "conv_pw", "bn2")
    expand = (_expand(shape, hidden),) if expands else ()
    depthwise = Layer(
        f"{shape.path}.conv_dw",
        "depthwise",
        hidden,
        hidden,
        shape.input_resolution,
        shape.output_resolution,
        kernel=shape.kernel,
        stride=shape.stride,
        groups=hidden,
        norm=f"{shape.path}.{depthwise_norm}",
        activation=shape.activation,
    )
    resolution = shape.output_resolution
    projection = Layer(
        f"{shape.path}.{project}",
        "project",
        hidden,
        shape.out_channels,
        resolution,
        resolution,
        norm=f"{shape.path}.{project_norm}",
    )
    return tuple(chain(expand, (depthwise,), _squeeze_excite(shape, hidden), (projection,)))


def _expand(shape: BlockShape[N], hidden: N | int) -> Layer[N]:
    resolution = shape.input_resolution
    return Layer(
        f"{shape.path}.conv_pw",
        "expand",
        shape.in_channels,
        hidden,
        resolution,
        resolution,
        norm=f"{shape.path}.bn1",
        activation=shape.activation,
    )


def _squeeze_excite(shape: BlockShape[N], hidden: N | int) -> tuple[Layer[N], ...]:
    """Two 1 × 1 convolutions with biases on the globally pooled features; none where the ratio is 0."""
    if not shape.squeeze_ratio:
        return ()
    squeezed = at_least(1, truncated(hidden * (shape.squeeze_ratio / shape.expansion) + ROUNDING_ERROR))
    path = f"{shape.path}.se"
    return (
        Layer(f"{path}.conv_reduce", "squeeze", hidden, squeezed, 1, 1, bias=True, activation=shape.activation),
        Layer(f"{path}.conv_expand", "excite", squeezed, hidden, 1, 1, bias=True, activation="sigmoid"),
    )


def fused_mbconv(shape: BlockShape[N]) -> tuple[Layer[N], ...]:
    """Expand with the k × k convolution itself, then project; without expansion, that convolution alone.

    EfficientNetV2's Fused-MBConv (arXiv:2104.00298, Figure 2), which EdgeTPU's networks had before; timm calls it
    EdgeResidual, and ConvBnAct where there is no expansion.
    """
    resolution, expands = shape.output_resolution, shape.expansion > 1
    convolution = Layer(
        f"{shape.path}.conv_exp" if expands else f"{shape.path}.conv",
        "expand" if expands else "convolution",
        shape.in_channels,
        hidden_channels(shape) if expands else shape.out_channels,
        shape.input_resolution,
        resolution,
        kernel=shape.kernel,
        stride=shape.stride,
        norm=f"{shape.path}.bn1",
        activation=shape.activation,
    )
    if not expands:
        return (convolution,)
    hidden, norm = convolution.out_channels, f"{shape.path}.bn2"
    project = Layer(f"{shape.path}.conv_pwl", "project", hidden, shape.out_channels, resolution, resolution, norm=norm)
    return convolution, project


def separable(shape: BlockShape[N]) -> tuple[Layer[N], ...]:
    """MobileNetV1's depthwise and pointwise convolutions, each normalised and activated; never a skip."""
    depthwise, project = mbconv(replace(shape, expansion=1, squeeze_ratio=0.0))
    return depthwise, replace(project, activation=shape.activation)


def bottleneck(shape: BlockShape[N]) -> tuple[Layer[N], ...]:
    """ResNet's bottleneck: reduce, convolve (with the stride), expand, and a projected shortcut where shapes change.

    Of arrays, a network without that shortcut has one without outputs.
    """
    hidden = shape.out_channels // shape.expansion
    given, left = shape.input_resolution, shape.output_resolution
    path, active = shape.path, shape.activation
    reduce = Layer(
        f"{path}.conv1", "reduce", shape.in_channels, hidden, given, given, norm=f"{path}.bn1", activation=active
    )
    convolve = Layer(
        f"{path}.conv2",
        "convolution",
        hidden,
        hidden,
        given,
        left,
        kernel=shape.kernel,
        stride=shape.stride,
        norm=f"{path}.bn2",
        activation=active,
    )
    expand = Layer(f"{path}.conv3", "expand", hidden, shape.out_channels, left, left, norm=f"{path}.bn3")
    if shape.skip:
        return reduce, convolve, expand
    name, norm = f"{path}.downsample.0", f"{path}.downsample.1"
    outputs = shape.out_channels * shape.changes
    shortcut = Layer(name, "shortcut", shape.in_channels, outputs, given, left, stride=shape.stride, norm=norm)
    return reduce, convolve, expand, shortcut


def stem(shape: BlockShape[N], name: str = "conv_stem", pooled: int = 1) -> tuple[Layer[N], ...]:
    """The first convolution.

    Args:
        shape: the stage's shape; its stride includes that of the pooling.
        name: the convolution's path in the module.
        pooled: stride of the max pooling that follows it (1: none), which costs nothing that is counted.
    """
    stride = shape.stride // pooled
    return (
        Layer(
            name,
            "convolution",
            shape.in_channels,
            shape.out_channels,
            shape.input_resolution,
            shape.output_resolution if pooled == 1 else -(-shape.input_resolution // stride),
            kernel=shape.kernel,
            stride=stride,
            norm="bn1",
            activation=shape.activation,
        ),
    )


def head(shape: BlockShape[N]) -> tuple[Layer[N], ...]:
    """The last 1 × 1 convolution, global average pooling (no weights) and the linear classifier."""
    resolution = shape.input_resolution
    convolution = Layer(
        "conv_head",
        "convolution",
        shape.in_channels,
        shape.out_channels,
        resolution,
        resolution,
        norm="bn2",
        activation=shape.activation,
    )
    return tuple(chain((convolution,), classifier(shape)))


def classifier(shape: BlockShape[N], name: str = "classifier") -> tuple[Layer[N], ...]:
    """Global average pooling (no weights) and the linear classifier, where there are logits."""
    if not shape.logits:
        return ()
    return (Layer(name, "linear", shape.out_channels, shape.logits, 1, 1, bias=True),)


LAYERS: Mapping[Operator, Callable[[BlockShape[Any]], tuple[Layer[Any], ...]]] = {
    Operator.CONVOLUTION: stem,
    Operator.CONVOLUTION_POOL: partial(stem, name="conv1", pooled=2),
    Operator.MBCONV: mbconv,
    Operator.FUSED_MBCONV: fused_mbconv,
    Operator.SEPARABLE: separable,
    Operator.BOTTLENECK: bottleneck,
    Operator.HEAD: head,
    Operator.CLASSIFIER: classifier,
}
"""All that counting knows of an operator: a new one is a function here, and its name in `Operator`."""


def layers_of(operator: Operator, shape: BlockShape[N]) -> tuple[Layer[N], ...]:
    """The layers of one block of this operator."""
    return LAYERS[operator](shape)
