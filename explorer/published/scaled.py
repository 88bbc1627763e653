"""The paper's Tables 3 and 7: networks scaled along one dimension and along all, which we can build again."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.network.baselines import BASELINES
from explorer.network.description import Network, scale
from explorer.network.scaling import input_resolution
from explorer.published.rows import rows

METHODS = ("baseline", "depth", "width", "resolution", "compound")


@dataclass(frozen=True)
class PublishedScaling:
    """A row of Table 3 or 7: multipliers, billions of multiply-adds as printed, top-1 in percent.

    Multipliers are None where the paper prints none; `input_resolution`, in pixels, where it follows from `resolution`.
    """

    family: str
    method: str
    depth: float | None
    width: float | None
    resolution: float | None
    macs_billions: float
    top1: float
    source: str
    input_resolution: float | None = None

    @property
    def pixels(self) -> int | None:
        """The input in pixels a side; None where the paper prints no coefficients."""
        if self.resolution is None:
            return None
        if self.input_resolution is not None:
            return int(self.input_resolution)
        return input_resolution(BASELINES[self.family].input_resolution, self.resolution)

    def network(self) -> Network | None:
        """The network built again; None where the paper prints no coefficients."""
        if self.depth is None or self.width is None or self.pixels is None:
            return None
        return scale(BASELINES[self.family], self.depth, self.width, self.pixels)


def table3() -> tuple[PublishedScaling, ...]:
    """MobileNetV1, MobileNetV2 and ResNet-50, scaled."""
    return rows(PublishedScaling, "table3.csv")


def table7() -> tuple[PublishedScaling, ...]:
    """EfficientNet-B0, scaled in four ways to about the same cost."""
    return rows(PublishedScaling, "table7.csv")
