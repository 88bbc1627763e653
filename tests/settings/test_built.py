"""What one setting builds: the network, its cost and its baseline all belong together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from explorer.cost import counting
from explorer.network.baselines import BASELINES, EFFICIENTNET, LITE
from explorer.network.description import of_baseline, scale
from explorer.network.scaling import Compound, Multipliers, ScalingError
from explorer.published import presets
from explorer.settings.built import build, in_direct
from explorer.settings.declarations import Architecture

# Settings, blocks, pixels, and the multiply-adds relative to the baseline as built and as promised.
KNOWN = (
    (Architecture(), 23, 258, 2.5728, 1.9203),
    (Architecture(phi=0.0), 16, 224, 1.0, 1.0),
    (Architecture(phi=0.0, alpha=2.5, beta=0.5), 16, 224, 1.0, 1.0),
    (Architecture(phi=-2.5), 13, 158, 0.30324, 0.19570),
    (Architecture(family="lite", phi=2.0), 24, 296, 4.1306, 3.6874),
    (Architecture(by="direct", depth=1.8, width=1.4, pixels=380), 32, 380, 11.388, 10.153),
    (Architecture(by="direct", depth=2.0, width=1.0, pixels=224), 32, 224, 2.0275, 2.0),
)

# Settings that no network can be built from, and what is wrong.
REFUSED = (
    (Architecture(phi=8.0, alpha=2.5), "depth multiplier"),
    (Architecture(phi=8.0, beta=2.5), "width multiplier"),
    (Architecture(phi=8.0, gamma=1.5), "input resolution"),
    (Architecture(phi=-3.0, gamma=2.5), "input resolution"),
    (Architecture(phi=9.0), "phi"),
    (Architecture(by="direct", depth=9.0), "depth multiplier"),
    (Architecture(by="direct", pixels=31), "input resolution"),
)


@pytest.mark.parametrize(("settings", "blocks", "pixels", "built", "promised"), KNOWN)
def test_known_settings(settings: Architecture, blocks: int, pixels: int, built: float, promised: float) -> None:
    result = build(settings)
    assert result.network.block_count == blocks
    assert result.network.input_resolution == pixels
    assert result.built_factor == pytest.approx(built, rel=1e-4)
    assert result.promised_factor == pytest.approx(promised, rel=1e-4)


@pytest.mark.parametrize("family", BASELINES)
@pytest.mark.parametrize("by", ["formula", "direct"])
def test_the_baseline_stands_beside_every_network(family: str, by: str) -> None:
    result = build(Architecture(family=family, by=by, depth=1.3, pixels=300))
    assert result.baseline == of_baseline(BASELINES[family])
    assert result.baseline_cost == counting.of(result.baseline)
    assert result.cost == counting.of(result.network)
    assert result.network.baseline is BASELINES[family]


def test_phi_one_is_the_formula_written_out() -> None:
    result = build(Architecture())
    assert result.network == scale(EFFICIENTNET, 1.2, 1.1, 258)
    assert result.compound == Compound(1.0, 1.2, 1.1, 1.15)
    assert result.multipliers == Multipliers(1.2, 1.1, 1.15)


def test_direct_numbers_need_no_compound() -> None:
    result = build(Architecture(family="lite", by="direct", depth=1.4, width=1.2, pixels=280, phi=5.0))
    assert result.compound is None
    assert result.multipliers == Multipliers(1.4, 1.2, 1.25)
    assert result.network == scale(LITE, 1.4, 1.2, 280)


@pytest.mark.parametrize("key", presets())
def test_every_published_network_can_be_set_directly(key: str) -> None:
    preset = presets()[key]
    settings = Architecture(
        family=preset.family, by="direct", depth=preset.depth, width=preset.width, pixels=preset.input_resolution
    )
    assert build(settings).network == preset.network()


def test_a_held_product_promises_two_to_the_phi() -> None:
    assert build(Architecture(phi=3.0, hold="gamma")).promised_factor == pytest.approx(8)
    assert build(Architecture(phi=3.0)).promised_factor == pytest.approx(1.92027**3)


@given(st.floats(-3, 8), st.floats(0.5, 2.5), st.floats(0.5, 2.5), st.floats(0.5, 2.5))
def test_the_promise_is_that_of_the_coefficients(phi: float, alpha: float, beta: float, gamma: float) -> None:
    assume(all(0.1 < base**phi < 8 for base in (alpha, beta)))
    assume(33 < 224 * gamma**phi < 1023)
    result = build(Architecture(phi=phi, alpha=alpha, beta=beta, gamma=gamma))
    assert result.promised_factor == pytest.approx((alpha * beta**2 * gamma**2) ** phi, rel=1e-9)
    assert result.built_factor == result.cost.macs / result.baseline_cost.macs
    assert abs(result.network.input_resolution - 224 * gamma**phi) <= 0.5


@pytest.mark.parametrize(("settings", "words"), REFUSED)
def test_settings_outside_the_limits_are_refused(settings: Architecture, words: str) -> None:
    with pytest.raises(ScalingError, match=words):
        build(settings)


@pytest.mark.parametrize("rounding", ["reference", "nearest", "none"])
@pytest.mark.parametrize("family", ["efficientnet", "lite", "resnet50"])
def test_depth_width_and_pixels_build_the_network_that_phi_built(family: str, rounding: str) -> None:
    for phi in np.round(np.arange(-1.5, 4.01, 0.25), 2):
        compound = Architecture(family=family, rounding=rounding, phi=float(phi))
        direct = in_direct(compound)
        assert direct.by == "direct"
        assert build(direct).network == build(compound).network
        assert [round(value, 4) for value in (direct.depth, direct.width)] == [direct.depth, direct.width]
