"""The networks that can be scaled, as tables: one row per stage, as in the paper's Table 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Operator(Enum):
    """What the blocks of a stage are made of."""

    CONVOLUTION = "Conv"
    MBCONV = "MBConv"
    HEAD = "Conv1x1 & Pooling & FC"


@dataclass(frozen=True)
class StageTemplate:
    """One row of a baseline's table, before scaling.

    `stride` is that of the stage's first block. `squeeze_ratio` is the squeeze-and-excitation width relative
    to the block's input channels (0: none). `scales_width` and `scales_depth` are false where the family keeps
    a stage as it is.
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

    @property
    def label(self) -> str:
        """The operator as the paper writes it, for example "MBConv6, k5x5"."""
        if self.operator is Operator.MBCONV:
            return f"MBConv{self.expansion}, k{self.kernel}x{self.kernel}"
        return f"Conv{self.kernel}x{self.kernel}" if self.operator is Operator.CONVOLUTION else self.operator.value


@dataclass(frozen=True)
class Baseline:
    """A network to scale: its stages, its own input resolution in pixels, its activation, its classes."""

    key: str
    family: str
    name: str
    stages: tuple[StageTemplate, ...]
    input_resolution: int
    activation: str
    classes: int = 1000


# channels, layers, kernel, stride, expansion: stages 2 to 8 of the paper's Table 1.
_TRUNK = (
    (16, 1, 3, 1, 1),
    (24, 2, 3, 2, 6),
    (40, 2, 5, 2, 6),
    (80, 3, 3, 2, 6),
    (112, 3, 5, 1, 6),
    (192, 4, 5, 2, 6),
    (320, 1, 3, 1, 6),
)


def _stages(squeeze_ratio: float, fixed_ends: bool) -> tuple[StageTemplate, ...]:
    """Table 1's stages; with `fixed_ends` as EfficientNet-Lite scales them (tensorflow/tpu, efficientnet/lite)."""
    scales = not fixed_ends
    ends = (_TRUNK[0], _TRUNK[-1])
    trunk = tuple(
        StageTemplate(Operator.MBCONV, *row, squeeze_ratio, scales_depth=scales or row not in ends) for row in _TRUNK
    )
    stem = StageTemplate(Operator.CONVOLUTION, 32, stride=2, scales_width=scales, scales_depth=False)
    head = StageTemplate(Operator.HEAD, 1280, kernel=1, scales_width=scales, scales_depth=False)
    return (stem, *trunk, head)


EFFICIENTNET = Baseline(
    key="efficientnet",
    family="EfficientNet",
    name="EfficientNet-B0",
    stages=_stages(squeeze_ratio=0.25, fixed_ends=False),
    input_resolution=224,
    activation="silu",
)
LITE = Baseline(
    key="lite",
    family="EfficientNet-Lite",
    name="EfficientNet-Lite0",
    stages=_stages(squeeze_ratio=0.0, fixed_ends=True),
    input_resolution=224,
    activation="relu6",
)

BASELINES: Mapping[str, Baseline] = {baseline.key: baseline for baseline in (EFFICIENTNET, LITE)}
