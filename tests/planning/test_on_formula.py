"""The φ of a network that was given by depth, width and pixels, against the networks of every φ."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.network.scaling import ROUNDINGS, Compound
from explorer.planning.on_formula import phi_of
from explorer.published import presets
from explorer.settings.built import build
from explorer.settings.declarations import Architecture

HUNDREDTHS = st.integers(-200, 300).map(lambda hundredths: hundredths / 100)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["efficientnet", "lite", "mobilenetv2", "resnet50"]),
    st.sampled_from(sorted(ROUNDINGS)),
    HUNDREDTHS,
    st.integers(100, 140).map(lambda hundredths: hundredths / 100),
)
def test_a_network_on_the_formula_is_found(family: str, rounding: str, phi: float, alpha: float) -> None:
    asked = Architecture(family=family, rounding=rounding, phi=phi, alpha=alpha)
    built = build(asked)
    found = phi_of(built.network, replace(asked, phi=1.0).compound, built.rounding)
    assert found is not None
    assert build(replace(asked, phi=found)).network == built.network


@pytest.mark.parametrize("phi", [0.0, 0.0001, 0.004, 1.337, 2.0])
def test_the_phi_that_stood_before_is_kept(phi: float) -> None:
    built = build(Architecture(phi=phi))
    assert phi_of(built.network, Compound(phi), built.rounding) == phi


def test_a_phi_of_the_slider_comes_before_one_between_its_steps() -> None:
    built = build(Architecture(phi=1.0001))
    assert built.network == build(Architecture(phi=1.0)).network
    assert phi_of(built.network, Compound(2.0), built.rounding) == 1.0


@pytest.mark.parametrize("name", [f"b{number}" for number in range(1, 8)])
def test_no_phi_builds_a_published_network_but_the_baseline(name: str) -> None:
    assert phi_of(presets()[name].network(), Compound(1.0), ROUNDINGS["reference"]) is None
