"""The gap between promise and network, and the φ of published networks."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.network.baselines import BASELINES
from explorer.network.description import scale
from explorer.network.scaling import REFERENCE, ROUNDINGS, Compound, Multipliers
from explorer.planning.rounding_gap import effective_phi, gap
from explorer.published import presets
from explorer.settings.built import build
from explorer.settings.declarations import Architecture

# Network, φ by depth, by width, by resolution: the rules of scaling in the paper's and the reference code's tables.
EFFECTIVE = (("b1", 0.52, 0.0, 0.49), ("b2", 1.0, 1.0, 1.07), ("b7", 6.21, 7.27, 7.05))


def test_the_papers_constants_at_one() -> None:
    built = build(Architecture(phi=1.0))
    split = gap(built.network, built.multipliers, built.rounding)
    assert round(split.promised, 2) == 1.92
    assert round(split.built, 2) == 2.57
    assert split.depth > split.resolution > 1 > split.width


@given(
    family=st.sampled_from(sorted(BASELINES)),
    rounding=st.sampled_from(sorted(ROUNDINGS)),
    depth=st.floats(0.5, 3),
    width=st.floats(0.5, 3),
    pixels=st.integers(64, 512),
)
def test_the_three_factors_multiply_to_the_gap(
    family: str, rounding: str, depth: float, width: float, pixels: int
) -> None:
    baseline, rule = BASELINES[family], ROUNDINGS[rounding]
    network = scale(baseline, depth, width, pixels, rule)
    split = gap(network, Multipliers(depth, width, pixels / baseline.input_resolution), rule)
    assert split.depth * split.width * split.resolution == pytest.approx(split.total, rel=1e-9)


def test_a_dimension_that_is_not_scaled_makes_no_gap() -> None:
    network = scale(BASELINES["efficientnet"], 2.0, 1.0, 224)
    split = gap(network, Multipliers(2.0, 1.0, 1.0), REFERENCE)
    assert split.width == pytest.approx(1.0)
    assert split.resolution == pytest.approx(1.0)
    assert split.depth == pytest.approx(split.total)


@pytest.mark.parametrize(("key", "depth", "width", "resolution"), EFFECTIVE)
def test_the_phi_of_published_networks(key: str, depth: float, width: float, resolution: float) -> None:
    preset = presets()[key]
    multipliers = Multipliers(preset.depth, preset.width, preset.input_resolution / 224)
    found = effective_phi(multipliers, Compound(1.0))
    assert {name: round(value or 0.0, 2) for name, value in found.items()} == {
        "depth": depth,
        "width": width,
        "resolution": resolution,
    }


def test_a_coefficient_of_one_has_no_phi() -> None:
    assert effective_phi(Multipliers(2.0, 1.0, 1.0), Compound(1.0, beta=1.0))["width"] is None


def test_on_the_formula_all_three_are_phi() -> None:
    compound = Compound(2.5, 1.3, 1.2, 1.1)
    found = effective_phi(Multipliers(1.3**2.5, 1.2**2.5, 1.1**2.5), compound)
    assert all(math.isclose(value or 0.0, 2.5) for value in found.values())
