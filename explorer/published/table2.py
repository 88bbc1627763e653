"""The paper's Tables 2 and 8: ImageNet accuracy, size and cost of B0 to B7 and of what they are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from explorer.assets import table

VERSIONS = ("v5", "v3", "v1")
"""The paper's versions that print other accuracies, the newest first."""


@dataclass(frozen=True)
class PublishedResult:
    """A row of the paper's Table 2: ImageNet top-1 in percent, parameters in millions, multiply-adds in billions.

    `macs_billions` is what the paper prints as FLOPS. The ratios are as printed, relative to the EfficientNet of the
    same `group`. None where the paper prints nothing.
    """

    model: str
    group: str
    top1: float
    params_millions: float
    macs_billions: float | None
    source: str
    top5: float | None = None
    params_ratio: float | None = None
    macs_ratio: float | None = None

    @property
    def is_efficientnet(self) -> bool:
        """Whether this is one of B0 to B7 rather than a network that the paper compares them with."""
        return self.model.startswith("EfficientNet-")

    def at_least_as_good(self, other: PublishedResult) -> bool:
        """Whether this is no less accurate than `other` at fewer multiply-adds; false where a cost is unknown."""
        if self.macs_billions is None or other.macs_billions is None:
            return False
        return self.top1 >= other.top1 and self.macs_billions < other.macs_billions


@dataclass(frozen=True)
class SplitAccuracies:
    """A row of Table 8: accuracies in percent on the validation set and on the test set of ImageNet."""

    model: str
    validation_top1: float
    test_top1: float
    validation_top5: float
    test_top5: float
    source: str


@cache
def table2(version: str = "v5") -> tuple[PublishedResult, ...]:
    """The paper's Table 2 with the accuracies that its `version` prints; only B0 to B7 differ between versions.

    Raises:
        KeyError: there is no such version in `VERSIONS`.
    """
    if version not in VERSIONS:
        raise KeyError(version)
    return tuple(_result(row, version) for row in table("published/table2.csv"))


def table8() -> tuple[SplitAccuracies, ...]:
    """The paper's Table 8, of B0 to B7."""
    return tuple(
        SplitAccuracies(
            row["model"],
            float(row["val_top1_table8"]),
            float(row["test_top1_table8"]),
            float(row["val_top5_table8"]),
            float(row["test_top5_table8"]),
            row["source"],
        )
        for row in table("published/table2.csv")
        if row["val_top1_table8"]
    )


def _result(row: dict[str, str], version: str) -> PublishedResult:
    return PublishedResult(
        row["model"],
        row["group"],
        float(row[f"top1_{version}"] or row["top1_v5"]),
        float(row["params_M"]),
        _number(row["flops_B"]),
        row["source"],
        _number(row[f"top5_{version}"] or row["top5_v5"]),
        _number(row["param_ratio_printed"]),
        _number(row["flops_ratio_printed"]),
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
