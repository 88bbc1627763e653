"""The networks that can be scaled, as tables: one row per stage, as in the paper's Table 1."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from enum import Enum


class Operator(Enum):
    """What the blocks of a stage are made of."""

    CONVOLUTION = "conv"
    CONVOLUTION_POOL = "conv+pool"
    MBCONV = "mbconv"
    FUSED_MBCONV = "fused-mbconv"
    SEPARABLE = "separable"
    BOTTLENECK = "bottleneck"
    HEAD = "head"
    CLASSIFIER = "classifier"


STEMS = frozenset({Operator.CONVOLUTION, Operator.CONVOLUTION_POOL})
ENDS = frozenset({Operator.HEAD, Operator.CLASSIFIER})

_LABELS: Mapping[Operator, str] = {
    Operator.CONVOLUTION: "Conv{kernel}x{kernel}",
    Operator.CONVOLUTION_POOL: "Conv{kernel}x{kernel} & Pooling",
    Operator.MBCONV: "MBConv{expansion}, k{kernel}x{kernel}",
    Operator.FUSED_MBCONV: "Fused-MBConv{expansion}, k{kernel}x{kernel}",
    Operator.SEPARABLE: "Separable, k{kernel}x{kernel}",
    Operator.BOTTLENECK: "Bottleneck, k{kernel}x{kernel}",
    Operator.HEAD: "Conv1x1 & Pooling & FC",
    Operator.CLASSIFIER: "Pooling & FC",
}


@dataclass(frozen=True)
class StageTemplate:
    """One row of a baseline's table, before scaling.

    `channels` are the stage's output channels; `stride` is that of its first block, pooling included. `expansion` is
    the hidden width of an MBConv relative to its input, and of a bottleneck's output relative to its hidden width.
    `squeeze_ratio` is the squeeze-and-excitation width relative to the block's input channels (0: none).
    `scales_width` and `scales_depth` are false where the family keeps a stage as it is; `shrinks` is false where a
    width multiplier below 1 leaves it alone. `skips` is false where no block adds its input to its output, although
    the shapes are equal; with `expands_output` the hidden width of a fused MBConv is relative to its output.
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
    skips: bool = True
    expands_output: bool = False

    @property
    def make(self) -> tuple[Hashable, ...]:
        """What scaling leaves alone."""
        block = (self.operator, self.kernel, self.stride, self.expansion, self.squeeze_ratio)
        return *block, self.skips, self.expands_output

    @property
    def channel_unit(self) -> int:
        """Output channels for each one that is rounded: of a bottleneck the hidden width is, as ResNets do."""
        return self.expansion if self.operator is Operator.BOTTLENECK else 1

    @property
    def label(self) -> str:
        """The operator as the paper writes it, for example "MBConv6, k5x5"."""
        return _LABELS[self.operator].format(kernel=self.kernel, expansion=self.expansion)


@dataclass(frozen=True)
class Baseline:
    """A network to scale: its stages, its own input resolution in pixels, its activation, and its task.

    The task is `classes` to tell apart in images of `in_channels`; with `classifier` false the network ends with the
    pooled features. `keeps_90_percent` is false where the family's own code lets rounding take more than a tenth of a
    stage's channels.
    """

    key: str
    family: str
    name: str
    stages: tuple[StageTemplate, ...]
    input_resolution: int = 224
    activation: str = "silu"
    classes: int = 1000
    in_channels: int = 3
    classifier: bool = True
    keeps_90_percent: bool = True

    @property
    def logits(self) -> int:
        """What the linear classifier puts out: one for each class, 0 where there is no classifier."""
        return self.classes if self.classifier else 0

    @property
    def short(self) -> str:
        """Its name where there is little room."""
        return short_name(self.name)


def short_name(title: str) -> str:
    """A network's name without the family that most share: "B0", "Lite0", "V2-B0"."""
    return title.removeprefix("EfficientNet").removeprefix("-")


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

# The same columns: Figure 7 (a) of arXiv:1807.11626, MnasNet-A1, whose stages 4, 6 and 7 squeeze and excite; and
# MnasNet-B1, which does not, from tensorflow/tpu's mnasnet_models.py.
_MNASNET_A1 = (
    (16, 1, 3, 1, 1),
    (24, 2, 3, 2, 6),
    (40, 3, 5, 2, 3),
    (80, 4, 3, 2, 6),
    (112, 2, 3, 1, 6),
    (160, 3, 5, 2, 6),
    (320, 1, 3, 1, 6),
)
_SQUEEZED_A1 = (40, 112, 160)
_MNASNET_B1 = (
    (16, 1, 3, 1, 1),
    (24, 3, 3, 2, 3),
    (40, 3, 5, 2, 3),
    (80, 3, 5, 2, 6),
    (96, 2, 3, 1, 6),
    (192, 4, 5, 2, 6),
    (320, 1, 3, 1, 6),
)

# The same columns, fused where the paper says so: google/automl's effnetv2_configs.py (arXiv:2104.00298) and
# tensorflow/tpu's efficientnet_edgetpu_builder.py.
_V2_FUSED = ((16, 1, 3, 1, 1), (32, 2, 3, 2, 4), (48, 2, 3, 2, 4))
_V2 = ((96, 3, 3, 2, 4), (112, 5, 3, 1, 6), (192, 8, 3, 2, 6))
_EDGETPU_FUSED = ((24, 1, 3, 1, 4), (32, 2, 3, 2, 8), (48, 4, 3, 2, 8))
_EDGETPU = ((96, 5, 5, 2, 8), (144, 4, 5, 1, 8), (192, 2, 5, 2, 8))

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


def _fused(
    fused: tuple[tuple[int, int, int, int, int], ...],
    rows: tuple[tuple[int, int, int, int, int], ...],
    squeeze_ratio: float = 0.0,
    plain_start: bool = False,
) -> tuple[StageTemplate, ...]:
    """A stem, fused MBConv stages, MBConv stages and a head.

    With `plain_start` the first stage expands its own output and has no skip, as EdgeTPU's.
    """
    stem, *trunk, head = _mbconv_stages(rows, squeeze_ratio)
    start, *others = (StageTemplate(Operator.FUSED_MBCONV, *row) for row in fused)
    first = replace(start, skips=False, expands_output=True) if plain_start else start
    return (stem, first, *others, *trunk, head)


def _fixed_head(stages: tuple[StageTemplate, ...]) -> tuple[StageTemplate, ...]:
    """`stages` with a head that keeps its channels whatever the width, as MnasNet's (timm, tensorflow/tpu)."""
    *trunk, head = stages
    return (*trunk, replace(head, scales_width=False))


def _never_narrower(stages: tuple[StageTemplate, ...]) -> tuple[StageTemplate, ...]:
    """`stages` with a head that a width multiplier below 1 leaves alone, as MobileNetV2's (Section 6.1)."""
    *trunk, head = stages
    return (*trunk, replace(head, shrinks=False))


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
EFFICIENTNET_V2 = Baseline(
    "v2", "EfficientNetV2", "EfficientNetV2-B0", _fused(_V2_FUSED, _V2, squeeze_ratio=0.25), keeps_90_percent=False
)
EDGETPU = Baseline(
    "edgetpu",
    "EfficientNet-EdgeTPU",
    "EfficientNet-EdgeTPU-S",
    _fused(_EDGETPU_FUSED, _EDGETPU, plain_start=True),
    activation="relu",
)
MNASNET_A1 = Baseline(
    "mnasnet-a1",
    "MnasNet-A1",
    "MnasNet-A1",
    tuple(
        replace(stage, squeeze_ratio=0.25) if stage.channels in _SQUEEZED_A1 else stage
        for stage in _fixed_head(_mbconv_stages(_MNASNET_A1))
    ),
    activation="relu",
)
MNASNET_B1 = Baseline(
    "mnasnet", "MnasNet-B1", "MnasNet-B1", _fixed_head(_mbconv_stages(_MNASNET_B1)), activation="relu"
)

BASELINES: Mapping[str, Baseline] = {
    baseline.key: baseline
    for baseline in (
        EFFICIENTNET,
        LITE,
        EFFICIENTNET_V2,
        EDGETPU,
        MNASNET_B1,
        MNASNET_A1,
        MOBILENET_V1,
        MOBILENET_V2,
        RESNET_50,
    )
}
