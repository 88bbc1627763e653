"""Step 1 of the paper's method: every (α, β, γ) on a grid that doubles the cost at φ = 1.

The paper (arXiv:1905.11946, Section 3.3) fixes φ = 1 and searches α, β, γ ≥ 1 under α·β²·γ² ≈ 2. What the rule
promises is not what rounding builds, so that triples of equal promise differ in cost by half. By default the triples
are therefore those whose *built* multiply-adds are about twice the baseline's; the paper's way is the alternative.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from explorer.cost import counting
from explorer.network.baselines import Baseline, Operator, StageTemplate
from explorer.network.description import Network, scale
from explorer.network.scaling import (
    COEFFICIENT,
    PAPER_ALPHA,
    PAPER_BETA,
    PAPER_GAMMA,
    TARGET_PRODUCT,
    Compound,
    Range,
    Rounding,
    ScalingError,
    ScalingLimits,
    input_resolution,
)

STEP = 0.05
TOLERANCE = 0.1
STEPS = Range(0.025, 0.5)
TOLERANCES = Range(0.001, 1.0)
PAPER = (PAPER_ALPHA, PAPER_BETA, PAPER_GAMMA)

LIMITS = ScalingLimits(Range(0.1, 32.0), Range(8, 1024))
"""A study may go deeper than the sliders, and start from smaller images."""

GRID_DECIMALS = 4

SMALL = Baseline(
    "small",
    "Small MBConv",
    "Small MBConv",
    (
        StageTemplate(Operator.CONVOLUTION, 16, stride=2, scales_depth=False),
        StageTemplate(Operator.MBCONV, 16, 2, 3, 1, 2, 0.25),
        StageTemplate(Operator.MBCONV, 24, 2, 3, 2, 4, 0.25),
        StageTemplate(Operator.MBCONV, 40, 3, 3, 2, 4, 0.25),
        StageTemplate(Operator.HEAD, 96, kernel=1, scales_depth=False),
    ),
    input_resolution=16,
    classes=10,
)
"""A network for images of 28 pixels. It sees them at 16, so that a higher resolution really shows it more: the
images' own 28 pixels are reached at γ^φ = 1.75."""


@dataclass(frozen=True)
class Candidate:
    """A triple at φ = 1: what the rule promises, what is built, both in multiply-adds relative to the baseline's."""

    alpha: float
    beta: float
    gamma: float
    promised: float
    built: float
    network: Network

    @property
    def triple(self) -> tuple[float, float, float]:
        """(α, β, γ)."""
        return self.alpha, self.beta, self.gamma


def candidate(baseline: Baseline, rounding: Rounding, alpha: float, beta: float, gamma: float) -> Candidate:
    """The candidate of one triple.

    Raises:
        ScalingError: a coefficient is out of range, or the resolution that results.
    """
    for name, value in (("alpha", alpha), ("beta", beta), ("gamma", gamma)):
        COEFFICIENT.require(value, name)
    pixels = input_resolution(baseline.input_resolution, gamma, LIMITS)
    network = scale(baseline, alpha, beta, pixels, rounding, LIMITS)
    built = counting.of(network).macs / counting.of(original(baseline)).macs
    return Candidate(alpha, beta, gamma, Compound(1.0, alpha, beta, gamma).product, built, network)


def original(baseline: Baseline) -> Network:
    """The baseline itself, unscaled, whatever its input resolution."""
    return scale(baseline, 1.0, 1.0, baseline.input_resolution, limits=LIMITS)


def promised(step: float = STEP, tolerance: float = TOLERANCE) -> tuple[tuple[float, float, float], ...]:
    """All (α, β, γ) on the grid 1, 1 + `step`, … 2 whose α·β²·γ² is closer to 2 than `tolerance`.

    The comparison is exact: 108 triples at 0.05 and 0.1. (Depth alone at 1.9 lies on the bound and is left out.)

    Raises:
        ScalingError: step or tolerance is out of range.
    """
    near, grid = _exact(tolerance, TOLERANCES, "The tolerance"), _grid(step)
    found = []
    for alpha in grid:
        for beta in grid:
            for gamma in grid:
                difference = alpha * beta**2 * gamma**2 - 2
                if difference >= near:
                    break
                if -difference < near:
                    found.append((float(alpha), float(beta), float(gamma)))
    return tuple(found)


def candidates(
    baseline: Baseline,
    rounding: Rounding,
    step: float = STEP,
    tolerance: float = TOLERANCE,
    match: str = "built",
) -> tuple[Candidate, ...]:
    """The triples of a study that can be built, in the order of α, β, γ.

    Args:
        baseline: what is scaled.
        rounding: how channels and layers are rounded.
        step: the grid's step.
        tolerance: how near to twice the baseline's cost a triple must come.
        match: "built" compares the multiply-adds of the network that is built, "promised" α·β²·γ² as the paper does.

    Raises:
        ScalingError: step or tolerance is out of range.
    """
    if match == "promised":
        return tuple(_buildable(baseline, rounding, promised(step, tolerance)))
    TOLERANCES.require(tolerance, "The tolerance")
    return tuple(found for found in _within(baseline, rounding, step) if abs(found.built - TARGET_PRODUCT) < tolerance)


def distinct(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """One candidate for each network that is built: the paper's triple, else the one whose promise is nearest to 2."""
    kept: dict[object, Candidate] = {}
    for each in sorted(
        found, key=lambda each: (each.triple != PAPER, abs(each.promised - TARGET_PRODUCT), each.triple)
    ):
        kept.setdefault(_identity(each.network), each)
    return tuple(sorted(kept.values(), key=lambda each: each.triple))


def spread(found: Iterable[Candidate], number: int) -> tuple[Candidate, ...]:
    """At most `number` candidates, as far apart as can be: the paper's (or the first), then always the farthest."""
    left = sorted(found, key=lambda each: (each.triple != PAPER, each.triple))
    kept = left[:1]
    while len(kept) < number and len(kept) < len(left):
        kept.append(max((each for each in left if each not in kept), key=lambda each: _nearest(each, kept)))
    return tuple(sorted(kept, key=lambda each: each.triple))


def _nearest(one: Candidate, others: Iterable[Candidate]) -> float:
    """The squared distance to the nearest of `others`."""
    return min(sum((a - b) ** 2 for a, b in zip(one.triple, other.triple, strict=True)) for other in others)


def same(one: Network, other: Network) -> bool:
    """Whether two networks are one and the same, whatever they were scaled by."""
    return _identity(one) == _identity(other)


def _identity(network: Network) -> object:
    return network.shape, network.input_resolution


def _buildable(
    baseline: Baseline, rounding: Rounding, triples: Iterable[tuple[float, float, float]]
) -> Iterator[Candidate]:
    for triple in triples:
        try:
            yield candidate(baseline, rounding, *triple)
        except ScalingError:  # its resolution is out of range
            continue


def _within(baseline: Baseline, rounding: Rounding, step: float) -> Iterator[Candidate]:
    """Every grid point that can be built and whose cost is not yet far above twice the baseline's.

    The built cost never falls where a coefficient grows, which ends each of the three loops.
    """
    values = [float(value) for value in _grid(step)]
    too_much = TARGET_PRODUCT + TOLERANCES.highest
    for alpha in values:
        for beta in values:
            for gamma in values:
                try:
                    found = candidate(baseline, rounding, alpha, beta, gamma)
                except ScalingError:
                    break
                if found.built > too_much:
                    break
                yield found


def _grid(step: float) -> list[Fraction]:
    """1, 1 + `step`, … 2: above 2 any coefficient more than doubles the cost alone."""
    fine = _exact(step, STEPS, "The step of the grid")
    return [1 + index * fine for index in range(int(1 / fine) + 1)]


def _exact(value: float, allowed: Range, words: str) -> Fraction:
    allowed.require(value, words)
    return Fraction(str(round(value, GRID_DECIMALS)))
