"""The 69 published points that the accuracy model is fitted to: Figures 3 and 4, and Table 2 in versions 1 and 5.

Figure 3's baseline is a network of 0.50 billion multiply-adds, not B0: the figures' multipliers count from it, as
printed, and the offsets of Table 2's recipes take up the difference. Table 2's are those of the networks as built.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from functools import cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from explorer.cost import effective
from explorer.network.description import Network
from explorer.published import preset_networks, table2
from explorer.published.figures import DimensionDot, WidthDot, figure3, figure4

Floats = NDArray[np.float64]


FIGURES = "figures"
DIGITS = 9
"""Significant digits of a number in `data_version`: fewer than those in which platforms differ."""

BASELINE_WIDTHS = "Figures 3 and 4, d = 1, r = 1"
"""Figure 3 draws six dots of one line of Figure 4 again: whoever leaves that line out leaves both out."""


@dataclass(frozen=True)
class FittedPoint:
    """A published accuracy (top-1, percent) of a network with known multipliers, effective where it is known as built.

    `curve` names the line of the figure or the version of the table: points that were measured together.
    """

    name: str
    depth: float
    width: float
    resolution: float
    top1: float
    recipe: str
    curve: str


@dataclass(frozen=True, eq=False)
class Points:
    """Points as arrays: `logs` of the multipliers of shape (n, 3), everything else of shape (n,).

    Points with one number in `measurements` are one training run, drawn in two figures.
    """

    logs: Floats
    top1: Floats
    recipes: NDArray[np.str_]
    curves: NDArray[np.str_]
    measurements: NDArray[np.int64]

    def __getitem__(self, chosen: NDArray[np.bool_]) -> Points:
        return Points(*(getattr(self, field.name)[chosen] for field in fields(self)))


@cache
def points() -> tuple[FittedPoint, ...]:
    """All points: Figure 3's, Figure 4's, then Table 2's in version 1 and in version 5."""
    return (*map(_of_dimension, figure3()), *_of_widths(figure4()), *_of_table("v1"), *_of_table("v5"))


def data_version() -> str:
    """The first 16 digits of the SHA-256 of the points, one to a line: what else is published changes nothing."""
    lines = [
        f"{each.name};{each.curve};{each.recipe};" + ";".join(f"{number:.{DIGITS}g}" for number in _numbers(each))
        for each in points()
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _numbers(point: FittedPoint) -> tuple[float, ...]:
    return point.depth, point.width, point.resolution, point.top1


def as_arrays(given: tuple[FittedPoint, ...]) -> Points:
    """The points, one element for each."""
    return Points(
        np.log([(point.depth, point.width, point.resolution) for point in given]),
        np.array([point.top1 for point in given]),
        np.array([point.recipe for point in given]),
        np.array([point.curve for point in given]),
        _measurements(given),
    )


def _measurements(given: tuple[FittedPoint, ...]) -> NDArray[np.int64]:
    """One number for each training run: dots of a figure with the same d, r and accuracy are the same one."""
    runs = [(point.recipe, point.depth, point.resolution, point.top1) for point in given]
    numbers = {run: number for number, run in enumerate(dict.fromkeys(runs))}
    return np.array([numbers[run] for run in runs], np.int64)


def _of_dimension(dot: DimensionDot) -> FittedPoint:
    multipliers = {"depth": 1.0, "width": 1.0, "resolution": 1.0, dot.dimension: dot.coefficient}
    name = f"Figure 3, {dot.dimension} {dot.coefficient:g}"
    curve = BASELINE_WIDTHS if dot.dimension == "width" else f"Figure 3, {dot.dimension}"
    return FittedPoint(name, **multipliers, top1=dot.top1, recipe=FIGURES, curve=curve)


def _of_widths(dots: tuple[WidthDot, ...]) -> list[FittedPoint]:
    found = []
    for (depth, resolution), line in groupby(dots, key=lambda dot: (dot.depth, dot.resolution)):
        members = list(line)
        line_name = f"Figure 4, d = {depth:g}, r = {resolution:g}"
        curve = BASELINE_WIDTHS if depth == resolution == 1 else line_name
        widths = inferred_widths(np.array([dot.macs_billions for dot in members]))
        found += [
            FittedPoint(f"{line_name}, w ≈ {width:.1f}", depth, float(width), resolution, dot.top1, FIGURES, curve)
            for dot, width in zip(members, widths, strict=True)
        ]
    return found


def inferred_widths(macs: Floats) -> Floats:
    """The width multipliers of a line of Figure 4, whose first dot has width 1, from the multiply-adds of its dots.

    The widths are not printed. Figure 3 prints width and cost of six networks of one baseline: between those, and
    beyond the last two, the logarithm of the width is linear in that of the cost relative to the first.
    """
    known = [dot for dot in figure3() if dot.dimension == "width"]
    widths = np.log([dot.coefficient for dot in known])
    costs = np.log([dot.macs_billions / known[0].macs_billions for dot in known])
    asked = np.log(macs / macs[0])
    slope = (widths[-1] - widths[-2]) / (costs[-1] - costs[-2])
    beyond = widths[-1] + (asked - costs[-1]) * slope
    return np.asarray(np.exp(np.where(asked > costs[-1], beyond, np.interp(asked, costs, widths))))


def _of_table(version: str) -> list[FittedPoint]:
    networks = preset_networks("efficientnet")
    results = [result for result in table2(version) if result.is_efficientnet]
    return [
        FittedPoint(
            f"{result.model}, version {version[1:]}",
            *_effective(networks[result.model.removeprefix("EfficientNet-").lower()]),
            top1=result.top1,
            recipe=version,
            curve=f"Table 2, version {version[1:]}",
        )
        for result in results
    ]


def _effective(network: Network) -> tuple[float, float, float]:
    multipliers = effective.of_network(network)
    return multipliers.depth, multipliers.width, multipliers.resolution
