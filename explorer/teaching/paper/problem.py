"""The problem (Equations 1 and 2): many shapes spend one budget, and accuracy decides which of them to take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.cost import design_space
from explorer.formats.quantities import engineering
from explorer.network.baselines import Baseline
from explorer.network.scaling import MULTIPLIER, REFERENCE, Rounding, input_resolution

Floats = NDArray[np.float64]

DEPTHS = np.round(np.arange(0.5, 5.01, 0.05), 2)
WIDTHS = np.round(np.arange(0.2, MULTIPLIER.highest + 0.01, 0.02), 2)
RESOLUTIONS = (1.0, 1.25, 1.5, 2.0)


@dataclass(frozen=True, eq=False)
class Edge:
    """For one resolution: the largest width within the budget for each depth of `DEPTHS`.

    NaN where no width fits, or where the widest that is allowed leaves some of the budget.
    """

    resolution: float
    pixels: int
    widths: Floats


def edges(baseline: Baseline, budget: int, rounding: Rounding = REFERENCE) -> tuple[Edge, ...]:
    """The widest networks that cost at most `budget` multiply-adds, by depth, for each of `RESOLUTIONS`."""
    found = []
    for resolution in RESOLUTIONS:
        pixels = input_resolution(baseline.input_resolution, resolution)
        macs = design_space.costs(baseline, DEPTHS[:, None], WIDTHS[None, :], pixels, rounding).macs
        widest = np.where(macs <= budget, WIDTHS[None, :], -np.inf).max(axis=1)
        found.append(Edge(resolution, pixels, np.where(np.isfinite(widest) & (widest < WIDTHS[-1]), widest, np.nan)))
    return tuple(found)


def sentence(found: tuple[Edge, ...], budget: int, name: str) -> str:
    """The two ends of the first line and how many different shapes there are."""
    first = next((edge for edge in found if np.isfinite(edge.widths).any()), None)
    if first is None:
        return f"No network of these depths and resolutions spends just {engineering(budget)} multiply-adds."
    fitting = np.flatnonzero(np.isfinite(first.widths))
    low, high = fitting[0], fitting[-1]
    return (
        f"Every point of these lines spends the multiply-adds of the network at your sliders, {engineering(budget)}: "
        f"at {first.pixels} px {name} may be w = {first.widths[low]:.2f} wide and d = {DEPTHS[low]:.2f} deep, or "
        f"w = {first.widths[high]:.2f} and d = {DEPTHS[high]:.2f}. Which is the most accurate?"
    )


def rows(found: tuple[Edge, ...]) -> list[dict[str, object]]:
    """The data of the chart."""
    return [
        {
            "resolution multiplier r": edge.resolution,
            "depth multiplier d": float(depth),
            "largest width w": float(width),
        }
        for edge in found
        for depth, width in zip(DEPTHS, edge.widths, strict=True)
        if np.isfinite(width)
    ]
