"""The rule and its rounding, against timm's rounding and the arithmetic written out again."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from timm.models._efficientnet_builder import round_channels

from explorer.network import scaling
from explorer.network.scaling import Compound, Multipliers, ScalingError

# Channels, multiplier, what the reference implementation makes of them.
WIDTHS = (
    (32, 1.0, 32),
    (32, 1.1, 32),  # 35.2
    (16, 1.2, 24),  # 19.2: 16 would lose more than a tenth
    (24, 1.1, 24),  # 26.4
    (40, 1.1, 48),  # 44: a half goes up
    (320, 4.3, 1376),
    (1280, 0.1, 128),
    (8, 0.1, 8),  # never below 8
)

# Layers, multiplier, what the reference implementation makes of them.
DEPTHS = (
    (1, 1.0, 1),
    (1, 0.1, 1),
    (3, 1.1, 4),
    (4, 1.8, 8),  # 7.2
    (2, 3.1, 7),  # 6.2
    (4, 8.0, 32),
    (1, 1.0000001, 2),
)

# Baseline's pixels, multiplier, the nearest whole number of pixels.
PIXELS = (
    (224, 1.0, 224),
    (224, 1.15, 258),  # 257.6
    (224, 1.15**2, 296),  # 296.24
    (224, 31.5 / 224, 32),  # a half goes up
    (224, 1024 / 224, 1024),
)

# What is asked for, and the field and the range that its refusal names.
REFUSED: tuple[tuple[Callable[[], object], str, str, str], ...] = (
    (lambda: scaling.multipliers(Compound(8.5)), "phi", "-3", "8"),
    (lambda: scaling.multipliers(Compound(-3.1)), "phi", "-3", "8"),
    (lambda: scaling.multipliers(Compound(1, alpha=2.6)), "alpha", "0.5", "2.5"),
    (lambda: scaling.multipliers(Compound(1, beta=0.4)), "beta", "0.5", "2.5"),
    (lambda: scaling.multipliers(Compound(1, gamma=-1.0)), "gamma", "0.5", "2.5"),
    (lambda: scaling.multipliers(Compound(8, alpha=2.5)), "depth multiplier", "0.1", "8"),
    (lambda: scaling.multipliers(Compound(-3, alpha=2.5)), "depth multiplier", "0.1", "8"),
    (lambda: scaling.multipliers(Compound(8, beta=1.5)), "width multiplier", "0.1", "8"),
    (lambda: scaling.multipliers(Compound(8, beta=0.5)), "width multiplier", "0.1", "8"),
    (lambda: scaling.input_resolution(224, 5.0), "input resolution", "32", "1024"),
    (lambda: scaling.input_resolution(224, 0.1), "input resolution", "32", "1024"),
)

NOT_NUMBERS = (math.nan, math.inf, -math.inf)
COMPOUND_FIELDS = ("phi", "alpha", "beta", "gamma")

# Every channel count in question and every multiplier with two decimals.
GRID_CHANNELS = range(8, 2049, 8)
GRID_MULTIPLIERS = tuple(hundredths / 100 for hundredths in range(10, 801))

phis = st.floats(-3, 8)
coefficients = st.floats(0.5, 2.5)
compounds = st.builds(Compound, phis, coefficients, coefficients, coefficients)


@pytest.mark.parametrize(("channels", "multiplier", "expected"), WIDTHS)
def test_width_of_known_cases(channels: int, multiplier: float, expected: int) -> None:
    assert scaling.round_width(channels, multiplier) == expected


def test_width_is_timms_on_the_whole_grid() -> None:
    different = [
        (channels, multiplier)
        for channels in GRID_CHANNELS
        for multiplier in GRID_MULTIPLIERS
        if scaling.round_width(channels, multiplier) != round_channels(channels, multiplier)
    ]
    assert different == []


@given(st.integers(1, 4096), st.floats(0.1, 8))
def test_width_is_timms_anywhere(channels: int, multiplier: float) -> None:
    assert scaling.round_width(channels, multiplier) == round_channels(channels, multiplier)


@given(st.integers(1, 4096), st.floats(0.1, 8))
def test_width_is_a_multiple_of_8_near_the_product(channels: int, multiplier: float) -> None:
    width = scaling.round_width(channels, multiplier)
    assert width % 8 == 0
    assert width >= 8
    assert width >= 0.9 * channels * multiplier
    assert width <= max(8, channels * multiplier + 8)


@given(st.integers(1, 4096), st.floats(0.1, 8), st.floats(0.1, 8))
def test_width_never_shrinks_as_the_multiplier_grows(channels: int, one: float, other: float) -> None:
    smaller, larger = sorted((one, other))
    assert scaling.round_width(channels, smaller) <= scaling.round_width(channels, larger)


@pytest.mark.parametrize(("layers", "multiplier", "expected"), DEPTHS)
def test_depth_of_known_cases(layers: int, multiplier: float, expected: int) -> None:
    assert scaling.round_depth(layers, multiplier) == expected


@given(st.integers(1, 50), st.floats(0.1, 8))
def test_depth_is_rounded_up(layers: int, multiplier: float) -> None:
    depth = scaling.round_depth(layers, multiplier)
    assert isinstance(depth, int)
    assert depth == int(np.ceil(np.float64(layers) * multiplier))
    assert depth - 1 < layers * multiplier <= depth


@given(compounds)
def test_multipliers_are_powers_of_the_coefficients(compound: Compound) -> None:
    depth, width, resolution = (
        math.exp(compound.phi * math.log(base)) for base in (compound.alpha, compound.beta, compound.gamma)
    )
    assume(0.1001 <= depth <= 7.999)
    assume(0.1001 <= width <= 7.999)
    scaled = scaling.multipliers(compound)
    assert (scaled.depth, scaled.width, scaled.resolution) == pytest.approx((depth, width, resolution), rel=1e-12)


@given(compounds)
def test_multipliers_outside_their_range_are_refused(compound: Compound) -> None:
    powers = [math.exp(compound.phi * math.log(base)) for base in (compound.alpha, compound.beta)]
    assume(min(powers) < 0.0999 or max(powers) > 8.001)
    with pytest.raises(ScalingError, match="multiplier"):
        scaling.multipliers(compound)


@given(coefficients, coefficients, coefficients)
def test_phi_zero_changes_nothing(alpha: float, beta: float, gamma: float) -> None:
    assert scaling.multipliers(Compound(0.0, alpha, beta, gamma)) == Multipliers(1.0, 1.0, 1.0)


def test_the_papers_constants_promise_1_92_not_2() -> None:
    assert Compound(1.0).product == pytest.approx(1.2 * 1.1**2 * 1.15**2)
    assert Compound(1.0).product == pytest.approx(1.920, abs=5e-4)
    assert scaling.multipliers(Compound(1.0)) == Multipliers(1.2, 1.1, 1.15)


@given(compounds)
def test_the_promise_is_the_product_to_the_power_of_phi(compound: Compound) -> None:
    scaled = Multipliers(*(base**compound.phi for base in (compound.alpha, compound.beta, compound.gamma)))
    assert scaled.promised_cost == pytest.approx(compound.product**compound.phi, rel=1e-9)


@given(compounds, st.sampled_from(("alpha", "beta", "gamma")))
def test_the_held_coefficient_makes_the_product_2(compound: Compound, following: str) -> None:
    held = scaling.hold_product(compound, following)
    value = getattr(held, following)
    product = held.alpha * held.beta**2 * held.gamma**2
    if value == 0.5:
        assert product >= 2 - 1e-9
    elif value == 2.5:
        assert product <= 2 + 1e-9
    else:
        assert 0.5 < value < 2.5
        assert product == pytest.approx(2, rel=1e-12)
    assert replace(held, **{following: getattr(compound, following)}) == compound


@pytest.mark.parametrize("following", ["alpha", "beta", "gamma"])
def test_the_papers_constants_leave_room_to_hold(following: str) -> None:
    held = scaling.hold_product(Compound(3.0), following)
    assert held.product == pytest.approx(2, rel=1e-12)
    assert getattr(held, following) > getattr(Compound(3.0), following)


@pytest.mark.parametrize("following", ["phi", "off", ""])
def test_only_coefficients_can_follow(following: str) -> None:
    with pytest.raises(KeyError):
        scaling.hold_product(Compound(1.0), following)


@pytest.mark.parametrize(("baseline", "multiplier", "expected"), PIXELS)
def test_pixels_of_known_cases(baseline: int, multiplier: float, expected: int) -> None:
    assert scaling.input_resolution(baseline, multiplier) == expected


@given(st.integers(32, 1024), st.floats(32, 1024))
def test_pixels_are_the_nearest_whole_number(baseline: int, wanted: float) -> None:
    multiplier = wanted / baseline
    pixels = scaling.input_resolution(baseline, multiplier)
    assert isinstance(pixels, int)
    assert abs(pixels - baseline * multiplier) <= 0.5


@pytest.mark.parametrize(("ask", "field", "lowest", "highest"), REFUSED)
def test_a_refusal_names_the_field_and_its_range(
    ask: Callable[[], object], field: str, lowest: str, highest: str
) -> None:
    with pytest.raises(ScalingError) as refusal:
        ask()
    text = str(refusal.value)
    assert field in text
    assert f"from {lowest} to {highest}." in text
    assert "\n" not in text


@pytest.mark.parametrize("value", NOT_NUMBERS)
@pytest.mark.parametrize("field", COMPOUND_FIELDS)
def test_nan_and_infinity_are_refused_by_name(field: str, value: float) -> None:
    with pytest.raises(ScalingError, match=rf"^{field}\b.*{value:g}"):
        scaling.multipliers(replace(Compound(1.0), **{field: value}))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_clamped_values_are_allowed_and_nearest(value: float) -> None:
    clamped = scaling.PHI.clamp(value)
    scaling.PHI.require(clamped, "phi")
    assert clamped == sorted((-3.0, value, 8.0))[1]


def test_a_rule_that_broke_its_promise_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Multipliers, "promised_cost", Compound(1.0).product * (1 + 1e-9))
    with pytest.raises(AssertionError, match="must be"):
        scaling.multipliers(Compound(1.0))
