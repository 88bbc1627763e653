"""Networks of equal cost: what each way of scaling builds from a baseline for the multiply-adds of a given network.

Whole layers, channels and pixels make the built cost a staircase, so there is no equation to solve. Each method is a
path of one number with `DECIMALS` decimals, as links carry it, and what it gives is the best of *all* networks on
that path: where a layer, a channel or a pixel changes is known, and the network between two such edges is counted. No
method touches what it does not scale: where its steps are coarse the nearest network misses that cost, and says by how
much.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from explorer.cost import counting, design_space
from explorer.cost.counting import Cost
from explorer.formats.quantities import percent
from explorer.network.baselines import Baseline, Operator
from explorer.network.description import Network, of_baseline, scale
from explorer.network.elementwise import Floats, Ints
from explorer.network.scaling import (
    MULTIPLIER,
    NARROWEST,
    PHI,
    PIXELS,
    REFERENCE,
    Compound,
    Range,
    Rounding,
    multipliers,
)

TOLERANCE = 0.03
"""How far the multiply-adds of a network of equal cost may lie from the given one's: 3 %."""

SAME = 0.0005
"""A gap that would be printed as 0.0 %."""

DECIMALS = 4
HALF_STEP = 0.5 / 10**DECIMALS

FAST_WIDTH_SHARE = 0.8
"""α of fast compound scaling (Dollár, Singh, Girshick, arXiv:2103.06877): the width's share of the growth in cost."""


@dataclass(frozen=True)
class EqualCostNetwork:
    """What one method builds.

    `gap` is the share by which it costs more multiply-adds than the network, negative if fewer. `phi` is None but for
    compound scaling, whose depth and width are the exact powers; all others have at most `DECIMALS` decimals.
    `out_of_reach` says that the method's limits end before the network's cost.
    """

    method: str
    words: str
    depth: float
    width: float
    input_resolution: int
    phi: float | None
    cost: Cost
    gap: float
    out_of_reach: bool

    @property
    def within_tolerance(self) -> bool:
        """Whether the costs may be called equal."""
        return abs(self.gap) <= TOLERANCE

    @property
    def sentence(self) -> str:
        """How near the twin is; where that is too far for a twin, that the method has nothing nearer."""
        if self.within_tolerance:
            return f"{self.words}: {self._distance}."
        reason = "the explorer's limits end there" if self.out_of_reach else "its steps are too coarse to come nearer"
        return f"{self.words}: {self._distance}; {reason}."

    @property
    def _distance(self) -> str:
        if abs(self.gap) < SAME:
            return "exactly as many multiply-adds" if not self.gap else "as many multiply-adds, to 0.1 %"
        return f"{percent(abs(self.gap))} {'more' if self.gap > 0 else 'fewer'} multiply-adds"


@dataclass(frozen=True, eq=False)
class _Path:
    """All networks of a method, as settings that build them."""

    depth: Floats
    width: Floats
    pixels: Ints
    macs: Ints
    phi: Floats | None = None


@dataclass(frozen=True)
class ScalingMethod:
    """A way of scaling a baseline."""

    key: str
    words: str
    path: Callable[[Baseline, Compound, Rounding], _Path]
    words_with_the_papers: str = ""

    def title(self, compound: Compound) -> str:
        """What the method is called; where it uses coefficients, whose they are."""
        papers = replace(compound, phi=0.0) == Compound(0.0)
        return self.words_with_the_papers if papers and self.words_with_the_papers else self.words


def equal_cost_networks(
    network: Network, compound: Compound, rounding: Rounding = REFERENCE
) -> tuple[EqualCostNetwork, ...]:
    """For each of `METHODS`, what comes nearest to the multiply-adds of `network`; φ of `compound` is not read.

    Raises:
        ScalingError: α, β or γ is outside its range.
    """
    multipliers(replace(compound, phi=0.0))
    target = counting.of(network).macs
    return tuple(_twin(method, network.baseline, compound, rounding, target) for method in METHODS.values())


def _twin(
    method: ScalingMethod, baseline: Baseline, compound: Compound, rounding: Rounding, target: int
) -> EqualCostNetwork:
    path = method.path(baseline, compound, rounding)
    chosen = _nearest(path, baseline, target)
    depth, width, pixels = float(path.depth[chosen]), float(path.width[chosen]), int(path.pixels[chosen])
    built = counting.of(scale(baseline, depth, width, pixels, rounding))
    phi = None if path.phi is None else float(path.phi[chosen])
    out_of_reach = not path.macs.min() <= target <= path.macs.max()
    words = method.title(compound)
    return EqualCostNetwork(method.key, words, depth, width, pixels, phi, built, built.macs / target - 1, out_of_reach)


def _nearest(path: _Path, baseline: Baseline, target: int) -> int:
    """Where the path comes nearest; of settings that come equally near, the one whose promise d·w²·r² does."""
    gaps = np.abs(path.macs - target)
    equal = np.flatnonzero(gaps == gaps.min())
    promised = path.depth * path.width**2 * (path.pixels / baseline.input_resolution) ** 2
    asked = target / counting.of(of_baseline(baseline)).macs
    return int(equal[np.argmin(np.abs(np.log(promised[equal] / asked)))])


def _direct(
    baseline: Baseline, depth: Floats | float, width: Floats | float, pixels: Ints | int, rounding: Rounding
) -> _Path:
    macs = design_space.costs(baseline, depth, width, pixels, rounding).macs
    d, w, p = (np.broadcast_to(values, macs.shape) for values in (depth, width, pixels))
    return _Path(d, w, p, macs)


def _by_depth(baseline: Baseline, _: Compound, rounding: Rounding) -> _Path:
    depth = _between(MULTIPLIER, depth_edges(baseline, rounding))
    return _direct(baseline, depth, 1.0, baseline.input_resolution, rounding)


def _by_width(baseline: Baseline, _: Compound, rounding: Rounding) -> _Path:
    width = _between(MULTIPLIER, width_edges(baseline, rounding))
    return _direct(baseline, 1.0, width, baseline.input_resolution, rounding)


def _by_resolution(baseline: Baseline, _: Compound, rounding: Rounding) -> _Path:
    return _direct(baseline, 1.0, 1.0, np.arange(int(PIXELS.lowest), int(PIXELS.highest) + 1), rounding)


def _by_compound(baseline: Baseline, compound: Compound, rounding: Rounding) -> _Path:
    """Along φ, the coefficients as given."""
    coefficients = (compound.alpha, compound.beta, compound.gamma)
    axes = (depth_edges(baseline, rounding), width_edges(baseline, rounding), pixel_edges(baseline))
    edges = [np.log(axis) / math.log(base) for axis, base in zip(axes, coefficients, strict=True) if base != 1]
    phi = _between(PHI, np.concatenate([np.zeros(1), *edges]))
    built = design_space.of_compound(baseline, phi, *coefficients, rounding)
    kept = built.allowed
    return _Path(built.depth[kept], built.width[kept], built.input_resolution[kept], built.costs.macs[kept], phi[kept])


def _by_fast_compound(baseline: Baseline, _: Compound, rounding: Rounding) -> _Path:
    """Along w: of a growth s in cost w² gets s^α, d and r² get s^((1−α)/2) each; d is rounded as w is."""
    rest = (1 - FAST_WIDTH_SHARE) / FAST_WIDTH_SHARE
    depths = np.round(depth_edges(baseline, rounding), DECIMALS)
    deeper = [(depths + side * HALF_STEP) ** (1 / rest) for side in (-1, 1)]
    sharper = pixel_edges(baseline) ** (2 / rest)
    width = _between(MULTIPLIER, np.concatenate([width_edges(baseline, rounding), *deeper, sharper]))
    pixels = np.floor(baseline.input_resolution * width ** (rest / 2) + 0.5).astype(np.int64)
    kept = (PIXELS.lowest <= pixels) & (pixels <= PIXELS.highest)
    return _direct(baseline, np.round(width[kept] ** rest, DECIMALS), width[kept], pixels[kept], rounding)


METHODS: Mapping[str, ScalingMethod] = {
    method.key: method
    for method in (
        ScalingMethod("depth", "Depth alone", _by_depth),
        ScalingMethod("width", "Width alone", _by_width),
        ScalingMethod("resolution", "Resolution alone", _by_resolution),
        ScalingMethod("compound", "Compound, your α, β, γ", _by_compound, "Compound, the paper's α, β, γ"),
        ScalingMethod("fast", "Fast compound, α = 0.8", _by_fast_compound),
    )
}


def depth_edges(baseline: Baseline, rounding: Rounding) -> Floats:
    """The depth multipliers at which a stage changes its layers, and 1."""
    shift = 0.0 if rounding.layers_up else 0.5
    layers = {template.layers for template in baseline.stages if template.scales_depth and template.layers}
    return np.concatenate(
        [np.ones(1), *((np.arange(1, count * MULTIPLIER.highest + 1) - shift) / count for count in layers)]
    )


def width_edges(baseline: Baseline, rounding: Rounding) -> Floats:
    """The width multipliers at which a stage changes its channels, and 1, from where on every head scales."""
    units = {
        template.channels // template.channel_unit
        for template in baseline.stages
        if template.scales_width and template.operator is not Operator.CLASSIFIER
    }
    return np.concatenate([np.ones(1), *(_channel_edges(channels, rounding) / channels for channels in units)])


def _channel_edges(channels: int, rounding: Rounding) -> Floats:
    """The exact products of `channels` from which on they are rounded to the next multiple of the divisor."""
    divisor = rounding.divisor
    rounded = np.arange(divisor, channels * MULTIPLIER.highest + divisor, divisor)
    halves = rounded + divisor / 2
    return np.minimum(halves, rounded / NARROWEST) if rounding.keeps_90_percent else halves


def pixel_edges(baseline: Baseline) -> Floats:
    """The resolution multipliers at which the pixels change."""
    return (np.arange(int(PIXELS.lowest), int(PIXELS.highest)) + 0.5) / baseline.input_resolution


def _between(allowed: Range, edges: Floats) -> Floats:
    """The edges inside a range, its ends and the middle of each two, at `DECIMALS`: no step of that size is missed."""
    inside = np.clip(edges, allowed.lowest, allowed.highest)
    known = np.unique(np.concatenate([inside, [allowed.lowest, allowed.highest]]))
    return np.unique(np.round(np.concatenate([known, (known[1:] + known[:-1]) / 2]), DECIMALS))
