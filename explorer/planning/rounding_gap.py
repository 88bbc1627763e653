"""What the formula promises, what is built, and which dimension makes the difference."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

from explorer.cost import counting
from explorer.network.baselines import Baseline
from explorer.network.description import Network, of_baseline, scale
from explorer.network.scaling import Compound, Multipliers, Rounding

DIMENSIONS = ("depth", "width", "resolution")


@dataclass(frozen=True)
class Gap:
    """Built over promised multiply-adds, and the factor by which each dimension contributes; they multiply to it."""

    built: float
    promised: float
    depth: float
    width: float
    resolution: float

    @property
    def total(self) -> float:
        """The built network's cost over the promised one."""
        return self.built / self.promised


def gap(network: Network, multipliers: Multipliers, rounding: Rounding) -> Gap:
    """Split built / promised into one factor for each dimension.

    Each subset of the three dimensions is really built and compared with what the rule promises for it (d, w² and
    r² multiplied); a dimension's factor is its Shapley value in the logarithms of those ratios, so that no order is
    preferred and the three factors multiply to the whole gap. A factor holds that dimension's rounding and what of
    its cost the rule ignores: the stem is never deeper, depthwise convolutions grow with w and not with w².
    """
    baseline = network.baseline
    logs = {
        subset: math.log(_excess(baseline, subset, multipliers, network.input_resolution, rounding))
        for size in range(len(DIMENSIONS) + 1)
        for subset in combinations(DIMENSIONS, size)
    }
    shares = {dimension: math.exp(_shapley(dimension, logs)) for dimension in DIMENSIONS}
    built = counting.of(network).macs / counting.of(of_baseline(baseline)).macs
    return Gap(built, multipliers.promised_cost, **shares)


def effective_phi(multipliers: Multipliers, compound: Compound) -> dict[str, float | None]:
    """The φ that each dimension alone would need: ln d / ln α, ln w / ln β, ln r / ln γ.

    None where the coefficient is 1 and no φ changes that dimension. The published B1 is 0.52 / 0 / 0.49 and B7
    6.21 / 7.27 / 7.05: no published network lies on the formula.
    """
    pairs = zip(
        DIMENSIONS,
        (multipliers.depth, multipliers.width, multipliers.resolution),
        (compound.alpha, compound.beta, compound.gamma),
        strict=True,
    )
    return {name: None if base == 1 else math.log(value) / math.log(base) for name, value, base in pairs}


def _excess(
    baseline: Baseline, subset: tuple[str, ...], multipliers: Multipliers, pixels: int, rounding: Rounding
) -> float:
    """Built over promised where only the dimensions of `subset` are scaled; 1 where none is."""
    if not subset:
        return 1.0
    depth = multipliers.depth if "depth" in subset else 1.0
    width = multipliers.width if "width" in subset else 1.0
    resolution = multipliers.resolution if "resolution" in subset else 1.0
    side = pixels if "resolution" in subset else baseline.input_resolution
    built = counting.of(scale(baseline, depth, width, side, rounding)).macs
    return built / counting.of(of_baseline(baseline)).macs / Multipliers(depth, width, resolution).promised_cost


def _shapley(dimension: str, logs: dict[tuple[str, ...], float]) -> float:
    """The mean of what `dimension` adds over all orders in which the dimensions can be scaled."""
    others = [name for name in DIMENSIONS if name != dimension]
    total = 0.0
    for size in range(len(others) + 1):
        for subset in combinations(others, size):
            joined = tuple(name for name in DIMENSIONS if name in {*subset, dimension})
            weight = 1 / (len(DIMENSIONS) * math.comb(len(others), size))
            total += weight * (logs[joined] - logs[subset])
    return total
