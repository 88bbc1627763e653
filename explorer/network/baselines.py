"""The networks that can be scaled, as tables: one row per stage, as in the paper's Table 1."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import Enum


class Operator(Enum):
    """What the blocks of a stage are made of."""

    CONVOLUTION = "conv"
    CONVOLUTION_POOL = "conv+pool"
    MBCONV = "mbconv"
    SEPARABLE = "separable"
    BOTTLENECK = "bottleneck"
    HEAD = "head"
    CLASSIFIER = "classifier"


STEMS = frozenset({Operator.CONVOLUTION, Operator.CONVOLUTION_POOL})
ENDS = frozenset({Operator.HEAD, Operator.CLASSIFIER})


@dataclass(frozen=True)
class StageTemplate:
    """One row of a baseline's table, before scaling.

    `channels` are the stage's output channels; `stride` is that of its first block, pooling included. `expansion` is
    the hidden width of an MBConv relative to its input, and of a bottleneck's output relative to its hidden width.
    `squeeze_ratio` is the squeeze-and-excitation width relative to the block's input channels (0: none).
    `scales_width` and `scales_depth` are false where the family keeps a stage as it is; `shrinks` is false where a
    width multiplier below 1 leaves it alone.
    """

    operator: Operator
    channels: int
    layers: int = 1
    kernel: int = 3
    stride: int = 1
    expansion: int = 1
    squeeze_ratio: float = 0.0
    scales_width: bool = True
    scales_depth: bool = True
    shrinks: bool = True

    @property
    def make(self) -> tuple[Hashable, ...]:
        """What scaling leaves alone."""
        return self.operator, self.kernel, self.stride, self.expansion, self.squeeze_ratio

    @property
    def channel_unit(self) -> int:
        """Output channels for each one that is rounded: of a bottleneck the hidden width is, as ResNets do."""
        return self.expansion if self.operator is Operator.BOTTLENECK else 1

    @property
    def label(self) -> str:
        """The operator as the paper writes it, for example "MBConv6, k5x5"."""
        size = f"{self.kernel}x{self.kernel}"
        match self.operator:
            case Operator.CONVOLUTION:
                return f"Conv{size}"
            case Operator.CONVOLUTION_POOL:
                return f"Conv{size} & Pooling"
            case Operator.MBCONV:
                return f"MBConv{self.expansion}, k{size}"
            case Operator.SEPARABLE:
                return f"Separable, k{size}"
            case Operator.BOTTLENECK:
                return f"Bottleneck, k{size}"
            case Operator.HEAD:
                return "Conv1x1 & Pooling & FC"
            case Operator.CLASSIFIER:
                return "Pooling & FC"


@dataclass(frozen=True)
class Baseline:
    """A network to scale: its stages, its own input resolution in pixels, its activation, its classes."""

    key: str
    family: str
    name: str
    stages: tuple[StageTemplate, ...]
    input_resolution: int = 224
    activation: str = "silu"
    classes: int = 1000


# channels, layers, kernel, stride, expansion: stages 2 to 8 of the paper's Table 1.
_EFFICIENTNET = (
    (16, 1, 3, 1, 1),
    (24, 2, 3, 2, 6),
    (40, 2, 5, 2, 6),
    (80, 3, 3, 2, 6),
    (112, 3, 5, 1, 6),
    (192, 4, 5, 2, 6),
    (320, 1, 3, 1, 6),
)

# The same columns, without squeeze-and-excitation: Table 2 of arXiv:1801.04381.
_MOBILENET_V2 = (
    (16, 1, 3, 1, 1),
    (24, 2, 3, 2, 6),
    (32, 3, 3, 2, 6),
    (64, 4, 3, 2, 6),
    (96, 3, 3, 1, 6),
    (160, 3, 3, 2, 6),
    (320, 1, 3, 1, 6),
)

# channels, layers, kernel, stride: Table 1 of arXiv:1704.04861, rows of equal width joined.
_MOBILENET_V1 = ((64, 1, 3, 1), (128, 2, 3, 2), (256, 2, 3, 2), (512, 6, 3, 2), (1024, 2, 3, 2))

# The same columns and the expansion: Table 1 of arXiv:1512.03385, 50 layers.
_RESNET_50 = ((256, 3, 3, 1, 4), (512, 4, 3, 2, 4), (1024, 6, 3, 2, 4), (2048, 3, 3, 2, 4))


def _mbconv_stages(
    rows: tuple[tuple[int, int, int, int, int], ...], squeeze_ratio: float = 0.0, fixed_ends: bool = False
) -> tuple[StageTemplate, ...]:
    """A stem, MBConv stages and a head of 1280 channels.

    With `fixed_ends` as EfficientNet-Lite scales them (tensorflow/tpu, efficientnet/lite): stem and head keep their
    channels, the first and the last MBConv stage their layers.
    """
    ends = (rows[0], rows[-1])
    trunk = tuple(
        StageTemplate(Operator.MBCONV, *row, squeeze_ratio, scales_depth=not (fixed_ends and row in ends))
        for row in rows
    )
    stem = StageTemplate(Operator.CONVOLUTION, 32, stride=2, scales_width=not fixed_ends, scales_depth=False)
    head = StageTemplate(Operator.HEAD, 1280, kernel=1, scales_width=not fixed_ends, scales_depth=False)
    return (stem, *trunk, head)


def _never_narrower(stages: tuple[StageTemplate, ...]) -> tuple[StageTemplate, ...]:
    """`stages` with a head that a width multiplier below 1 leaves alone, as MobileNetV2's (Section 6.1)."""
    *trunk, head = stages
    return (*trunk, StageTemplate(head.operator, head.channels, kernel=1, scales_depth=False, shrinks=False))


EFFICIENTNET = Baseline(
    "efficientnet", "EfficientNet", "EfficientNet-B0", _mbconv_stages(_EFFICIENTNET, squeeze_ratio=0.25)
)
LITE = Baseline(
    "lite",
    "EfficientNet-Lite",
    "EfficientNet-Lite0",
    _mbconv_stages(_EFFICIENTNET, fixed_ends=True),
    activation="relu6",
)
MOBILENET_V1 = Baseline(
    "mobilenetv1",
    "MobileNetV1",
    "MobileNetV1",
    (
        StageTemplate(Operator.CONVOLUTION, 32, stride=2, scales_depth=False),
        *(StageTemplate(Operator.SEPARABLE, *row) for row in _MOBILENET_V1),
        StageTemplate(Operator.CLASSIFIER, 1024, kernel=1, scales_depth=False),
    ),
    activation="relu6",
)
MOBILENET_V2 = Baseline(
    "mobilenetv2", "MobileNetV2", "MobileNetV2", _never_narrower(_mbconv_stages(_MOBILENET_V2)), activation="relu6"
)
RESNET_50 = Baseline(
    "resnet50",
    "ResNet",
    "ResNet-50",
    (
        StageTemplate(Operator.CONVOLUTION_POOL, 64, kernel=7, stride=4, scales_depth=False),
        *(StageTemplate(Operator.BOTTLENECK, *row) for row in _RESNET_50),
        StageTemplate(Operator.CLASSIFIER, 2048, kernel=1, scales_depth=False),
    ),
    activation="relu",
)

BASELINES: Mapping[str, Baseline] = {
    baseline.key: baseline for baseline in (EFFICIENTNET, LITE, MOBILENET_V1, MOBILENET_V2, RESNET_50)
}
