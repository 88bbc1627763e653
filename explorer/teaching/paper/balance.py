"""Observation 2: balance pays (Figure 4, width on four baselines; Table 7 and Figure 8, B0 scaled in four ways)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.cost import counting
from explorer.formats.measures import BILLION, MACS
from explorer.formats.quantities import decimal, times
from explorer.published.figures import WidthDot, figure4, figure8
from explorer.published.scaled import PublishedScaling, table7

COMPARED_AT = 8.0
"""Billions of multiply-adds that all four lines of Figure 4 reach."""
BASELINES = ((1.0, 1.0, "baseline"), (1.0, 1.3, "resolution"), (2.0, 1.0, "depth"), (2.0, 1.3, "compound"))
"""Depth and resolution of Figure 4's baselines, and which dimension was raised before the width."""


@dataclass(frozen=True)
class Line:
    """A line of Figure 4: its baseline, which dimensions that raises, its dots in the order of their cost."""

    depth: float
    resolution: float
    raised: str
    dots: tuple[WidthDot, ...]

    @property
    def name(self) -> str:
        """The baseline as the paper writes it."""
        return f"d={self.depth:.1f}, r={self.resolution:.1f}"

    def top1_at(self, macs_billions: float) -> float:
        """Top-1 in percent at a cost, on a straight line over log cost between two dots."""
        costs = np.log([dot.macs_billions for dot in self.dots])
        return float(np.interp(np.log(macs_billions), costs, [dot.top1 for dot in self.dots]))


def lines() -> tuple[Line, ...]:
    """The four lines of Figure 4."""
    return tuple(
        Line(
            depth,
            resolution,
            raised,
            tuple(dot for dot in figure4() if (dot.depth, dot.resolution) == (depth, resolution)),
        )
        for depth, resolution, raised in BASELINES
    )


def figure4_sentence() -> str:
    """What the four baselines reach at one cost."""
    reached = sorted(((line.top1_at(COMPARED_AT), line.name) for line in lines()), reverse=True)
    listed = ", ".join(f"{top1:.1f} % with {name}" for top1, name in reached)
    return (
        f"At {COMPARED_AT:g} billion multiply-adds the same width pays differently: {listed}. Balance is worth "
        f"{reached[0][0] - reached[-1][0]:.1f} points there, at equal cost."
    )


@dataclass(frozen=True)
class RecountedScaling:
    """A row of Table 7 and our exact multiply-adds of the network that its coefficients build."""

    row: PublishedScaling
    macs: int

    @property
    def ratio(self) -> float:
        """Our count over the printed cost."""
        return self.macs / BILLION / self.row.macs_billions


def recounted(given: Sequence[PublishedScaling] = ()) -> tuple[RecountedScaling, ...]:
    """Rows of Table 3 or 7 (none given: Table 7) that can be built again, with our count."""
    networks = [(row, row.network()) for row in given or table7()]
    return tuple(RecountedScaling(row, counting.of(network).macs) for row, network in networks if network is not None)


def table7_sentence() -> str:
    """What compound scaling gains at equal cost in Table 7, and what is wrong with the comparison."""
    by_method = {row.method: row for row in table7()}
    single = [by_method[name] for name in ("depth", "width", "resolution")]
    gain = by_method["compound"].top1 - max(row.top1 for row in single)
    ratios = [each.ratio for each in recounted() if each.row.method in {"depth", "width", "resolution"}]
    return (
        f"At about {by_method['compound'].macs_billions:g} billion multiply-adds compound scaling is {gain:.1f} points "
        f"above the best single dimension. But the single-dimension rows are dots of Figure 3: a B0 scaled so costs "
        f"only {times(min(ratios))} to {times(max(ratios))} what is printed, and the accuracies come from two versions "
        "of the paper."
    )


def figure8_rows() -> list[dict[str, object]]:
    """The data of Figure 8."""
    return [
        {
            "method": dot.method,
            "point (inferred)": dot.point,
            MACS.scaled: dot.macs_billions,
            "top-1, %": dot.top1,
            "source": dot.source,
        }
        for dot in figure8()
    ]


def figure4_rows() -> list[dict[str, object]]:
    """The data of Figure 4."""
    return [
        {
            "depth": dot.depth,
            "resolution": dot.resolution,
            MACS.scaled: dot.macs_billions,
            "top-1, %": dot.top1,
            "source": dot.source,
        }
        for dot in figure4()
    ]


def recount_rows(found: Sequence[RecountedScaling]) -> list[dict[str, str]]:
    """Printed and counted costs side by side, for a table."""
    return [
        {
            "Method": each.row.method,
            "d · w · pixels": " · ".join(
                (decimal(each.row.depth or 1), decimal(each.row.width or 1), str(each.row.pixels))
            ),
            "Top-1": f"{each.row.top1:g} %",
            f"{MACS.column}, printed": f"{each.row.macs_billions:g} billion",
            "Counted": f"{each.macs / BILLION:.3f} billion",
            "Counted / printed": f"{each.ratio:.2f}",
        }
        for each in found
    ]
