"""Observation 1 (Figure 3): one dimension at a time gains less and less; and what a B0 scaled so really costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from explorer.accuracy.predict import Predictions, curve
from explorer.accuracy.stored import Report
from explorer.accuracy.words import basis_sentence
from explorer.cost import counting
from explorer.formats.measures import BILLION, MACS
from explorer.formats.quantities import decimal
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import Network, scale
from explorer.network.scaling import input_resolution
from explorer.published.figures import DimensionDot, figure3

DIMENSIONS = ("depth", "width", "resolution")
SYMBOLS = {"depth": "d", "width": "w", "resolution": "r"}
STEPS = 60
"""Points of a drawn curve."""


@dataclass(frozen=True)
class RecountedCurve:
    """A dot of Figure 3 beside B0 scaled by the same coefficient, whose multiply-adds are counted."""

    dot: DimensionDot
    network: Network
    macs: int

    @property
    def label(self) -> str:
        """The coefficient as the paper writes it: "d=2"."""
        return f"{SYMBOLS[self.dot.dimension]}={decimal(self.dot.coefficient)}"

    @property
    def ratio(self) -> float:
        """Our count of a scaled B0 over the figure's cost."""
        return self.macs / BILLION / self.dot.macs_billions


@cache
def recounted() -> tuple[RecountedCurve, ...]:
    """Every dot of Figure 3 with our count."""
    return tuple(_recount(dot) for dot in figure3())


def of_dimension(dimension: str) -> tuple[RecountedCurve, ...]:
    """The dots of one dimension in the order of their cost."""
    return tuple(each for each in recounted() if each.dot.dimension == dimension)


@dataclass(frozen=True, eq=False)
class PublishedCurve:
    """What the accuracy model says of one dimension of Figure 3: coefficients, billions of multiply-adds, accuracies.

    The costs between two dots are on the straight line that joins them where both axes are logarithmic.
    """

    coefficients: NDArray[np.float64]
    macs_billions: NDArray[np.float64]
    predicted: Predictions


@cache
def modelled(dimension: str) -> PublishedCurve:
    """The model's curve from the first dot of `dimension` to its last, under the figure's recipe."""
    line = of_dimension(dimension)
    known = np.log([(each.dot.coefficient, each.dot.macs_billions) for each in line])
    logs = np.linspace(known[0, 0], known[-1, 0], STEPS)
    return PublishedCurve(np.exp(logs), np.exp(np.interp(logs, *known.T)), curve(dimension, np.exp(logs), "figures"))


def model_sentence(known: Report) -> str:
    """What the first and the last doubling of each dimension are worth by the model's curves, and what they rest on."""
    parts = []
    for dimension in DIMENSIONS:
        first, last = _outer_doublings(modelled(dimension))
        parts.append(f"{dimension} {first:.1f} and {last:.1f}")
    return (
        "The curves are those of the accuracy model, with their 90 % intervals as bands. The first and the last "
        f"doubling of the multiply-adds are worth, in points of top-1: {', '.join(parts)}. {basis_sentence(known)}"
    )


def _outer_doublings(found: PublishedCurve) -> tuple[float, float]:
    """Points of top-1 that the first and the last doubling of the multiply-adds of a curve bring."""
    costs, top1 = found.macs_billions, found.predicted.top1
    after, before = np.interp((costs[0] * 2, costs[-1] / 2), costs, top1)
    return float(after - top1[0]), float(top1[-1] - before)


def gain_per_doubling(before: RecountedCurve, after: RecountedCurve) -> float:
    """Points of top-1 for each doubling of the multiply-adds between two dots, as printed."""
    return (after.dot.top1 - before.dot.top1) / math.log2(after.dot.macs_billions / before.dot.macs_billions)


def sentence() -> str:
    """How the gain of each dimension falls, and where each ends."""
    parts = []
    for dimension in DIMENSIONS:
        line = of_dimension(dimension)
        first, last = gain_per_doubling(line[0], line[1]), gain_per_doubling(line[-2], line[-1])
        parts.append(
            f"{dimension} begins with {first:.1f} points for each doubling of the multiply-adds and ends with "
            f"{last:.1f}, at {line[-1].dot.top1:g} %"
        )
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def recount_sentence() -> str:
    """How far our count of a scaled B0 is from the dots' costs."""
    ratios = [each.ratio for each in recounted()]
    base = recounted()[0]
    return (
        f"The figure's baseline costs {base.dot.macs_billions:g} billion, B0 {base.macs / BILLION:.3f}: it is another "
        f"network. A B0 scaled by the same coefficients costs {min(ratios):.2f} to {max(ratios):.2f} times what the "
        "dots show (hollow)."
    )


def rows() -> list[dict[str, object]]:
    """The data of the chart."""
    return [_row(each) for each in recounted()]


def _row(each: RecountedCurve) -> dict[str, object]:
    likely = curve(each.dot.dimension, each.dot.coefficient, "figures")
    return {
        "dimension": each.dot.dimension,
        "coefficient": each.dot.coefficient,
        f"{MACS.label} as drawn, billions": each.dot.macs_billions,
        f"{MACS.label} of B0 scaled so, counted": each.macs,
        "top-1, %": each.dot.top1,
        "top-1 of the model, %": float(likely.top1),
        "lower end of its 90 % interval, %": float(likely.lower),
        "upper end of its 90 % interval, %": float(likely.upper),
        "source": each.dot.source,
    }


def _recount(dot: DimensionDot) -> RecountedCurve:
    scaled = {name: dot.coefficient if name == dot.dimension else 1.0 for name in DIMENSIONS}
    pixels = input_resolution(EFFICIENTNET.input_resolution, scaled["resolution"])
    network = scale(EFFICIENTNET, scaled["depth"], scaled["width"], pixels)
    return RecountedCurve(dot, network, counting.of(network).macs)
