"""Networks of equal built cost, one for each way to spend it."""

from __future__ import annotations

import pytest

from explorer.cost import counting
from explorer.network.baselines import EFFICIENTNET
from explorer.network.scaling import NONE, REFERENCE, Rounding
from explorer.study import methods
from explorer.study.candidates import SMALL

# Baseline, rounding, triple, φ, and how far from the compound network's cost the others may be: a layer or a channel
# of a small network is a large step, and a pixel of it matters only after the strides.
CASES = (
    (SMALL, NONE, (1.2, 1.05, 1.15), 1.0, 0.05),
    (SMALL, NONE, (1.15, 1.1, 1.15), 2.0, 0.07),
    (SMALL, NONE, (1.1, 1.0, 1.35), 3.0, 0.03),
    (EFFICIENTNET, REFERENCE, (1.2, 1.1, 1.15), 1.0, 0.05),
)


@pytest.mark.parametrize(("baseline", "rounding", "triple", "phi", "near"), CASES)
def test_every_method_has_the_compound_networks_cost(
    baseline: object, rounding: Rounding, triple: tuple[float, float, float], phi: float, near: float
) -> None:
    assert isinstance(baseline, type(SMALL))
    found = {each.method: each for each in methods.equal_cost(baseline, rounding, triple, phi)}
    assert tuple(found) == methods.METHODS
    macs = {name: counting.of(methods.build(baseline, rounding, each)).macs for name, each in found.items()}
    for name, each in found.items():
        assert macs[name] == pytest.approx(macs["compound"], rel=near), name
        scaled = {
            "depth": each.depth > 1,
            "width": each.width > 1,
            "resolution": each.pixels > baseline.input_resolution,
        }
        assert name == "compound" or [key for key, grown in scaled.items() if grown] == [name]


@pytest.mark.parametrize("method", ["depth", "width", "resolution"])
def test_no_neighbour_is_nearer(method: str) -> None:
    triple, phi = (1.2, 1.05, 1.15), 2.0
    found = {each.method: each for each in methods.equal_cost(SMALL, NONE, triple, phi)}
    target = counting.of(methods.build(SMALL, NONE, found["compound"])).macs
    one = found[method]
    steps = [number / 100 for number in range(100, 1000)]
    others = {
        "depth": [methods.MethodNetwork("", step, 1.0, 16) for step in steps],
        "width": [methods.MethodNetwork("", 1.0, step, 16) for step in steps],
        "resolution": [methods.MethodNetwork("", 1.0, 1.0, pixels) for pixels in range(16, 80)],
    }[method]
    nearest = min(abs(counting.of(methods.build(SMALL, NONE, other)).macs - target) for other in others)
    assert abs(counting.of(methods.build(SMALL, NONE, one)).macs - target) == nearest
