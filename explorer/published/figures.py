"""The dots of the paper's Figures 1, 3, 4, 5 and 8, and its Table 1. Costs are multiply-adds, which it calls FLOPS."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.published.rows import rows


@dataclass(frozen=True)
class TableStage:
    """A row of Table 1: a stage of EfficientNet-B0; the resolution is its input's, in pixels."""

    stage: int
    operator: str
    input_resolution: int
    channels: int
    layers: int
    kernel: int
    stride: int
    expansion: float | None
    squeeze_ratio: float | None
    source: str


@dataclass(frozen=True)
class SizeDot:
    """A dot of Figure 1: parameters in millions, ImageNet top-1 in percent."""

    model: str
    params_millions: float
    top1: float
    source: str


@dataclass(frozen=True)
class CostDot:
    """A dot of Figure 5: multiply-adds in billions, ImageNet top-1 in percent."""

    model: str
    macs_billions: float
    top1: float
    source: str


@dataclass(frozen=True)
class DimensionDot:
    """A dot of Figure 3: one `dimension` ("depth", "width", "resolution") scaled by its coefficient."""

    dimension: str
    coefficient: float
    macs_billions: float
    top1: float
    source: str


@dataclass(frozen=True)
class WidthDot:
    """A dot of Figure 4: a baseline of the given depth and resolution, made wider by a width that is not printed."""

    depth: float
    resolution: float
    index: int
    macs_billions: float
    top1: float
    source: str


@dataclass(frozen=True)
class MethodDot:
    """A dot of Figure 8: B0 scaled by a `method` ("depth", "width", "resolution", "compound"); its name is inferred."""

    method: str
    point: str
    macs_billions: float
    top1: float
    source: str


def table1() -> tuple[TableStage, ...]:
    """EfficientNet-B0 by stage."""
    return rows(TableStage, "table1.csv")


def figure1() -> tuple[SizeDot, ...]:
    """Model size against ImageNet accuracy."""
    return rows(SizeDot, "figure1.csv")


def figure3() -> tuple[DimensionDot, ...]:
    """One dimension at a time, on a baseline of 0.5 billion multiply-adds."""
    return rows(DimensionDot, "figure3.csv")


def figure4() -> tuple[WidthDot, ...]:
    """Width on four baselines."""
    return rows(WidthDot, "figure4.csv")


def figure5() -> tuple[CostDot, ...]:
    """Multiply-adds against ImageNet accuracy."""
    return rows(CostDot, "figure5.csv")


def figure8() -> tuple[MethodDot, ...]:
    """B0 scaled in four ways."""
    return rows(MethodDot, "figure8.csv")
