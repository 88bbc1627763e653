"""EfficientNet-Lite and MobileNetV2 as their authors print them, and TinyNet, which scales B0 down."""

from __future__ import annotations

from dataclasses import dataclass, replace

from explorer.network.baselines import EFFICIENTNET, Baseline
from explorer.network.description import Network, scale
from explorer.network.scaling import Rounding
from explorer.published.rows import rows

TINYNET_ROUNDING = Rounding("tinynet", "TinyNet: layers to the nearest, channels to 8", 8, True, False)
"""Channels as the reference rounds them, layers to the nearest whole number (timm's `_gen_tinynet`)."""


@dataclass(frozen=True)
class PrintedLite:
    """EfficientNet-Lite in its authors' table: millions of parameters, billions of multiply-adds."""

    model: str
    params_millions: float
    macs_billions: float
    source: str


@dataclass(frozen=True)
class PrintedMobileNetV2:
    """A MobileNetV2 in its authors' table: width multiplier, input in pixels, ImageNet top-1 in percent."""

    model: str
    width: float
    input_resolution: int
    top1: float
    source: str


@dataclass(frozen=True)
class TinyNet:
    """The multipliers and the input in pixels of one TinyNet (arXiv:2010.14819)."""

    model: str
    depth: float
    width: float
    input_resolution: int
    source: str

    def network(self) -> Network:
        """The network that the multipliers build from B0's table."""
        return scale(tinynet_baseline(), self.depth, self.width, self.input_resolution, TINYNET_ROUNDING)


def tinynet_baseline() -> Baseline:
    """B0's table with a stem and a head that a width below 1 leaves alone."""
    stem, *trunk, head = EFFICIENTNET.stages
    kept = (replace(stem, shrinks=False), *trunk, replace(head, shrinks=False))
    return replace(EFFICIENTNET, key="tinynet", family="TinyNet", stages=kept)


def lite() -> tuple[PrintedLite, ...]:
    """Lite0 to Lite4 as printed."""
    return rows(PrintedLite, "lite.csv")


def tinynets() -> tuple[TinyNet, ...]:
    """TinyNet A to E."""
    return rows(TinyNet, "tinynet.csv")


def mobilenets() -> tuple[PrintedMobileNetV2, ...]:
    """MobileNetV2 of six widths, four of them at five resolutions."""
    return rows(PrintedMobileNetV2, "mobilenetv2.csv")
