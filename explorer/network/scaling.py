"""The compound scaling rule of EfficientNet (arXiv:1905.11946, Equation 3) and its rounding.

φ is the compound coefficient; α, β and γ say how a budget is shared between depth, width and
resolution. The rule promises a network of (α·β²·γ²)^φ times the baseline's multiply-adds; what is
really built also depends on the rounding of channels and layers, which is here too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import overload

from explorer.network.elementwise import Real, Whole, at_least, rounded_up, truncated

PAPER_ALPHA, PAPER_BETA, PAPER_GAMMA = 1.2, 1.1, 1.15
"""The paper's constants for EfficientNet-B0 (Section 4); α·β²·γ² is 1.920, not exactly 2."""

TARGET_PRODUCT = 2.0
"""α·β²·γ² ≈ 2: each step of φ doubles the multiply-adds (Equation 3)."""

NARROWEST = 0.9
"""The reference implementation lets no layer fall below this share of its exact width (tensorflow/tpu)."""

RULE_ERROR = 1e-12
"""How far, relatively, rounding to doubles may take d·w²·r² from (α·β²·γ²)^φ."""

SHORT_BELOW = 1e15
LONGEST_NUMBER = 20
"""Characters of a refused number that are repeated."""


class ScalingError(ValueError):
    """A setting from which no network can be built; its text is a sentence for the user."""


@dataclass(frozen=True)
class Range:
    """The allowed values of a quantity, both ends included."""

    lowest: float
    highest: float

    def clamp(self, value: float) -> float:
        """The allowed value nearest to a finite `value`."""
        return min(max(value, self.lowest), self.highest)

    def require(self, value: float, words: str) -> None:
        """Raise `ScalingError` unless `value` is a number inside the range (NaN never is)."""
        if not self.lowest <= value <= self.highest:
            raise ScalingError(f"{words} is {_written(value)}; give a number from {self.lowest:g} to {self.highest:g}.")


def _written(value: float) -> str:
    """A refused number so that it differs from the end of its range, and no longer than a line."""
    short = repr(value) if abs(value) > SHORT_BELOW else f"{value:g}"
    text = short if short in {"nan", "inf"} or float(short) == value else repr(value)
    return text if len(text) <= LONGEST_NUMBER else f"{text[:LONGEST_NUMBER]}…"


PHI = Range(-3.0, 8.0)
COEFFICIENT = Range(0.5, 2.5)
MULTIPLIER = Range(0.1, 8.0)
PIXELS = Range(32, 1024)


@dataclass(frozen=True)
class ScalingLimits:
    """How deep, wide and high in resolution a network may be."""

    multiplier: Range
    pixels: Range


SLIDERS = ScalingLimits(MULTIPLIER, PIXELS)
"""What a link and the sliders can ask for."""


@dataclass(frozen=True)
class Compound:
    """The four numbers of compound scaling."""

    phi: float
    alpha: float = PAPER_ALPHA
    beta: float = PAPER_BETA
    gamma: float = PAPER_GAMMA

    @property
    def product(self) -> float:
        """α·β²·γ², the promised growth of multiply-adds for each step of φ."""
        return self.alpha * self.beta**2 * self.gamma**2


@dataclass(frozen=True)
class Multipliers:
    """How much deeper (d), wider (w) and higher in resolution (r) than its baseline a network is."""

    depth: float
    width: float
    resolution: float

    @property
    def promised_cost(self) -> float:
        """d·w²·r²: the growth of multiply-adds that the rule promises before any rounding."""
        return self.depth * self.width**2 * self.resolution**2


def multipliers(compound: Compound) -> Multipliers:
    """D = α^φ, w = β^φ, r = γ^φ (Equation 3), so that d·w²·r² = (α·β²·γ²)^φ: asserted, as pycls' scaler does.

    Raises:
        ScalingError: a coefficient is outside its range, or a multiplier that results from it.
    """
    PHI.require(compound.phi, "phi (φ, the compound coefficient)")
    for name, value in (("alpha", compound.alpha), ("beta", compound.beta), ("gamma", compound.gamma)):
        COEFFICIENT.require(value, name)
    scaled = Multipliers(*(base**compound.phi for base in (compound.alpha, compound.beta, compound.gamma)))
    MULTIPLIER.require(scaled.depth, "The depth multiplier α^φ")
    MULTIPLIER.require(scaled.width, "The width multiplier β^φ")
    promised = compound.product**compound.phi
    assert math.isclose(scaled.promised_cost, promised, rel_tol=RULE_ERROR), "d·w²·r² must be (α·β²·γ²)^φ"  # noqa: S101
    return scaled


def input_resolution(baseline_pixels: int, multiplier: float, limits: ScalingLimits = SLIDERS) -> int:
    """The whole number of pixels nearest to `baseline_pixels` × `multiplier`.

    Raises:
        ScalingError: the result is outside the limits.
    """
    exact = baseline_pixels * multiplier
    pixels = math.floor(exact + 0.5) if math.isfinite(exact) else exact
    limits.pixels.require(pixels, "The input resolution in pixels")
    return int(pixels)


@dataclass(frozen=True)
class Rounding:
    """How exact products become whole channels and layers.

    `divisor`: channels are multiples of it. `keeps_90_percent`: channels never fall below 90 % of the exact product.
    `layers_up`: layers are rounded up rather than to the nearest whole number.
    """

    key: str
    words: str
    divisor: int
    keeps_90_percent: bool
    layers_up: bool


REFERENCE = Rounding("reference", "reference: layers up, channels to 8", 8, True, True)
"""tensorflow/tpu's efficientnet_builder.py; timm, torchvision and Keras do the same."""

NEAREST = Rounding("nearest", "nearest: layers, and channels to 8", 8, False, False)
"""facebookresearch/pycls: no 90 % rule, layers to the nearest whole number."""

NONE = Rounding("none", "none: nearest whole layer and channel", 1, False, False)
"""As close to the exact products as a network can be."""

ROUNDINGS: Mapping[str, Rounding] = {rounding.key: rounding for rounding in (REFERENCE, NEAREST, NONE)}


@overload
def round_width(channels: int, multiplier: float, rounding: Rounding = ...) -> int: ...
@overload
def round_width(channels: Whole, multiplier: Real, rounding: Rounding = ...) -> Whole: ...
def round_width(channels: Whole, multiplier: Real, rounding: Rounding = REFERENCE) -> Whole:
    """Channels after scaling, of one network or of arrays: the nearest multiple of the divisor, at least one divisor.

    With the reference rounding never below 90 % of the exact product (`round_filters` of tensorflow/tpu's
    efficientnet_builder.py; timm's `make_divisible` is the same rule).
    """
    exact, divisor = channels * multiplier, rounding.divisor
    nearest = at_least(divisor, truncated(exact + divisor / 2) // divisor * divisor)
    return nearest + divisor * (nearest < NARROWEST * exact) if rounding.keeps_90_percent else nearest


@overload
def round_depth(layers: int, multiplier: float, rounding: Rounding = ...) -> int: ...
@overload
def round_depth(layers: int, multiplier: Real, rounding: Rounding = ...) -> Whole: ...
def round_depth(layers: int, multiplier: Real, rounding: Rounding = REFERENCE) -> Whole:
    """Layers of a stage after scaling, at least 1; the reference rounds up (`round_repeats` of tensorflow/tpu)."""
    exact = layers * multiplier
    return at_least(1, rounded_up(exact) if rounding.layers_up else truncated(exact + 0.5))


EXPONENTS: Mapping[str, int] = {"alpha": 1, "beta": 2, "gamma": 2}
"""The power of each coefficient in α·β²·γ²: multiply-adds grow with d, w² and r²."""


def hold_product(compound: Compound, following: str) -> Compound:
    """`compound` with the coefficient named `following` chosen so that α·β²·γ² is 2.

    Where that value lies outside its range the nearest allowed one is taken; `Compound.product` tells.

    Raises:
        KeyError: `following` is not "alpha", "beta" or "gamma".
    """
    values = {"alpha": compound.alpha, "beta": compound.beta, "gamma": compound.gamma}
    others = math.prod(values[name] ** power for name, power in EXPONENTS.items() if name != following)
    values[following] = COEFFICIENT.clamp((TARGET_PRODUCT / others) ** (1 / EXPONENTS[following]))
    return Compound(compound.phi, **values)
