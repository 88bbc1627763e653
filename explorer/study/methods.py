"""Step 2: the ways to spend a budget, each as a network of the same built cost."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from explorer.cost import counting
from explorer.network.baselines import Baseline
from explorer.network.description import Network, scale
from explorer.network.scaling import Rounding, input_resolution
from explorer.study.candidates import LIMITS

METHODS = ("depth", "width", "resolution", "compound")
MULTIPLIER_STEP = 0.01


@dataclass(frozen=True)
class MethodNetwork:
    """A network by its multipliers and its input in pixels a side."""

    method: str
    depth: float
    width: float
    pixels: int


def build(baseline: Baseline, rounding: Rounding, scaled: MethodNetwork) -> Network:
    """The network that `scaled` stands for."""
    return scale(baseline, scaled.depth, scaled.width, scaled.pixels, rounding, LIMITS)


def compound(baseline: Baseline, triple: tuple[float, float, float], phi: float) -> MethodNetwork:
    """Equation 3 of the paper: d = α^φ, w = β^φ, r = γ^φ.

    Raises:
        ScalingError: the resolution is out of range.
    """
    alpha, beta, gamma = triple
    return MethodNetwork(
        "compound", alpha**phi, beta**phi, input_resolution(baseline.input_resolution, gamma**phi, LIMITS)
    )


def equal_cost(
    baseline: Baseline, rounding: Rounding, triple: tuple[float, float, float], phi: float
) -> tuple[MethodNetwork, ...]:
    """Compound scaling at φ, and depth, width and resolution alone as near as can be to its built multiply-adds.

    Raises:
        ScalingError: the compound network is out of range.
    """
    together = compound(baseline, triple, phi)
    macs = counting.of(build(baseline, rounding, together)).macs
    pixels = baseline.input_resolution
    steps = range(round(1 / MULTIPLIER_STEP), round(LIMITS.multiplier.highest / MULTIPLIER_STEP) + 1)
    ways: dict[str, tuple[Sequence[int], Callable[[int], MethodNetwork]]] = {
        "depth": (steps, lambda step: MethodNetwork("depth", step * MULTIPLIER_STEP, 1.0, pixels)),
        "width": (steps, lambda step: MethodNetwork("width", 1.0, step * MULTIPLIER_STEP, pixels)),
        "resolution": (
            range(pixels, int(LIMITS.pixels.highest) + 1),
            lambda side: MethodNetwork("resolution", 1.0, 1.0, side),
        ),
    }

    def macs_of(scaled: MethodNetwork) -> int:
        return counting.of(build(baseline, rounding, scaled)).macs

    alone = tuple(_nearest(values, scaled, macs_of, macs) for values, scaled in ways.values())
    return (*alone, together)


def _nearest(
    values: Sequence[int], scaled: Callable[[int], MethodNetwork], macs_of: Callable[[MethodNetwork], int], target: int
) -> MethodNetwork:
    """The network whose cost, which never falls along `values`, is nearest to `target`; the smallest of equals."""
    at = bisect_left(values, target, key=lambda value: macs_of(scaled(value)))
    around = [scaled(value) for value in values[max(0, at - 1) : at + 1]]
    nearest = min(around, key=lambda one: abs(macs_of(one) - target))
    reached = macs_of(nearest)
    first = bisect_left(values, reached, key=lambda value: macs_of(scaled(value)))
    return scaled(values[first])
