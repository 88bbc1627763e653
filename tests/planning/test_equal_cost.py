"""Equal-cost twins, against every setting that a link can carry."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from explorer.cost import counting, design_space
from explorer.cost.counting import Cost
from explorer.network import scaling
from explorer.network.baselines import BASELINES, EFFICIENTNET, LITE, MOBILENET_V1, MOBILENET_V2, RESNET_50, Baseline
from explorer.network.description import Network, of_baseline, scale
from explorer.network.elementwise import Ints
from explorer.network.scaling import NEAREST, NONE, REFERENCE, ROUNDINGS, Compound, Rounding, ScalingError
from explorer.planning.equal_cost import METHODS, EqualCostNetwork, equal_cost_networks
from explorer.published import presets

PAPER = Compound(0.0)
OTHER = Compound(5.0, 1.35, 0.95, 1.1)

# Family, rounding, coefficients, and the network whose cost is wanted: depth, width, pixels.
WANTED: tuple[tuple[Baseline, Rounding, Compound, tuple[float, float, int]], ...] = (
    (EFFICIENTNET, REFERENCE, PAPER, (1.8, 1.4, 380)),
    (EFFICIENTNET, REFERENCE, PAPER, (1.0, 0.5, 160)),
    (EFFICIENTNET, NEAREST, OTHER, (1.2, 1.1, 260)),
    (EFFICIENTNET, NONE, PAPER, (1.2, 1.3, 300)),
    (LITE, REFERENCE, OTHER, (0.6, 0.7, 200)),
    (MOBILENET_V1, NONE, PAPER, (1.0, 0.75, 192)),
    (MOBILENET_V2, NEAREST, PAPER, (1.0, 1.4, 224)),
    (MOBILENET_V2, REFERENCE, PAPER, (1.0, 0.35, 96)),
    (RESNET_50, REFERENCE, PAPER, (1.9, 1.0, 224)),
    (RESNET_50, NONE, Compound(0.0, 1.0, 1.4, 1.0), (1.0, 1.3, 256)),
)
IDS = [f"{baseline.key}-{rounding.key}-{index}" for index, (baseline, rounding, *_) in enumerate(WANTED)]

wanted = pytest.mark.parametrize(("baseline", "rounding", "compound", "setting"), WANTED, ids=IDS)

# Family, rounding and coefficients of which every network is compared.
SEARCHED = (
    (EFFICIENTNET, REFERENCE, PAPER),
    (EFFICIENTNET, NEAREST, OTHER),
    (LITE, NONE, PAPER),
    (MOBILENET_V2, NEAREST, PAPER),
    (MOBILENET_V2, REFERENCE, OTHER),
    (RESNET_50, REFERENCE, PAPER),
    (RESNET_50, NONE, OTHER),
    (MOBILENET_V1, REFERENCE, Compound(0.0, 0.9, 1.0, 1.3)),
)

# A published network, the methods whose steps are too coarse for a twin, and those whose limits end before it.
NO_TWIN = (
    ("b0", "", ""),
    ("b1", "depth resolution", ""),
    ("b2", "resolution", ""),
    ("b3", "resolution", ""),
    ("b4", "", "depth"),
    ("b5", "", "depth resolution"),
    ("b7", "", "depth width resolution"),
    ("l2", "", "depth width resolution compound fast"),
    ("lite1", "depth", ""),
    ("lite2", "", ""),
    ("lite3", "resolution", ""),
    ("lite4", "compound", ""),
)

FOUR_DECIMALS = np.arange(1_000, 80_001) / 10_000
"""Every multiplier that a link can carry."""

FOUR_DECIMAL_PHIS = np.arange(-30_000, 80_001) / 10_000


@cache
def found(
    baseline: Baseline, rounding: Rounding, compound: Compound, setting: tuple[float, float, int]
) -> dict[str, EqualCostNetwork]:
    network = scale(baseline, *setting, rounding)
    return {twin.method: twin for twin in equal_cost_networks(network, compound, rounding)}


def target(baseline: Baseline, rounding: Rounding, setting: tuple[float, float, int]) -> int:
    return counting.of(scale(baseline, *setting, rounding)).macs


def all_macs(method: str, baseline: Baseline, rounding: Rounding, compound: Compound) -> Ints:
    """The multiply-adds of every setting of a method, none left out."""
    pixels = baseline.input_resolution
    if method == "compound":
        given = compound.alpha, compound.beta, compound.gamma
        designs = design_space.of_compound(baseline, FOUR_DECIMAL_PHIS, *given, rounding)
        return designs.costs.macs[designs.allowed]
    if method == "fast":
        depth = np.round(FOUR_DECIMALS**0.25, 4)
        sharper = np.floor(pixels * FOUR_DECIMALS**0.125 + 0.5).astype(np.int64)
        return design_space.costs(baseline, depth, FOUR_DECIMALS, sharper, rounding).macs
    if method == "resolution":
        return design_space.costs(baseline, 1.0, 1.0, np.arange(32, 1025), rounding).macs
    deep, wide = (FOUR_DECIMALS, 1.0) if method == "depth" else (1.0, FOUR_DECIMALS)
    return design_space.costs(baseline, deep, wide, pixels, rounding).macs


@wanted
def test_a_twin_is_what_it_says_when_it_is_built(
    baseline: Baseline, rounding: Rounding, compound: Compound, setting: tuple[float, float, int]
) -> None:
    given = found(baseline, rounding, compound, setting)
    assert list(given) == list(METHODS) == ["depth", "width", "resolution", "compound", "fast"]
    for twin in given.values():
        built = counting.of(scale(baseline, twin.depth, twin.width, twin.input_resolution, rounding))
        ratio = built.macs / target(baseline, rounding, setting)
        assert built == twin.cost
        assert twin.gap == ratio - 1
        assert twin.within_tolerance is (0.97 <= ratio <= 1.03)


@wanted
def test_no_setting_of_a_link_comes_nearer(
    baseline: Baseline, rounding: Rounding, compound: Compound, setting: tuple[float, float, int]
) -> None:
    macs = target(baseline, rounding, setting)
    for key, twin in found(baseline, rounding, compound, setting).items():
        nearest = int(np.abs(all_macs(key, baseline, rounding, compound) - macs).min())
        assert abs(twin.cost.macs - macs) == nearest, key


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("baseline", "rounding", "compound"), SEARCHED, ids=[f"{b.key}-{r.key}-{c.alpha:g}" for b, r, c in SEARCHED]
)
def test_every_network_that_a_link_can_carry_is_tried(
    method: str, baseline: Baseline, rounding: Rounding, compound: Compound
) -> None:
    tried = METHODS[method].path(baseline, compound, rounding).macs
    assert np.unique(tried).tolist() == np.unique(all_macs(method, baseline, rounding, compound)).tolist()


@wanted
def test_no_method_touches_what_it_does_not_scale(
    baseline: Baseline, rounding: Rounding, compound: Compound, setting: tuple[float, float, int]
) -> None:
    given, pixels = found(baseline, rounding, compound, setting), baseline.input_resolution
    assert (given["depth"].width, given["depth"].input_resolution) == (1.0, pixels)
    assert (given["width"].depth, given["width"].input_resolution) == (1.0, pixels)
    assert (given["resolution"].depth, given["resolution"].width) == (1.0, 1.0)


@wanted
def test_links_carry_a_twin(
    baseline: Baseline, rounding: Rounding, compound: Compound, setting: tuple[float, float, int]
) -> None:
    for key, twin in found(baseline, rounding, compound, setting).items():
        carried = (twin.phi,) if key == "compound" else (twin.depth, twin.width)
        assert [float(f"{number:.4f}") for number in carried] == list(carried), key
        assert (twin.phi is None) is (key != "compound")


@wanted
def test_the_compound_twin_is_the_rule(
    baseline: Baseline, rounding: Rounding, compound: Compound, setting: tuple[float, float, int]
) -> None:
    twin = found(baseline, rounding, compound, setting)["compound"]
    assert twin.phi is not None
    rule = scaling.multipliers(replace(compound, phi=twin.phi))
    assert (twin.depth, twin.width) == (rule.depth, rule.width)
    assert twin.input_resolution == scaling.input_resolution(baseline.input_resolution, rule.resolution)


@wanted
def test_the_fast_twin_gives_the_width_80_percent_of_the_growth(
    baseline: Baseline, rounding: Rounding, compound: Compound, setting: tuple[float, float, int]
) -> None:
    twin = found(baseline, rounding, compound, setting)["fast"]
    growth = twin.width**2.5  # w = s^(0.8 / 2)
    assert twin.depth == pytest.approx(growth**0.1, abs=5e-5)
    assert abs(twin.input_resolution - baseline.input_resolution * growth**0.05) <= 0.5
    r = growth**0.05
    assert growth**0.1 * twin.width**2 * r**2 == pytest.approx(growth)


@pytest.mark.parametrize("rounding", ROUNDINGS.values(), ids=ROUNDINGS)
@pytest.mark.parametrize("baseline", BASELINES.values(), ids=BASELINES)
def test_the_baseline_is_its_own_twin(baseline: Baseline, rounding: Rounding) -> None:
    original = of_baseline(baseline)
    for twin in equal_cost_networks(original, PAPER, rounding):
        assert (twin.depth, twin.width, twin.input_resolution) == (1.0, 1.0, baseline.input_resolution)
        assert twin.phi in {None, 0.0}
        assert (twin.cost, twin.gap) == (counting.of(original), 0.0)
        assert twin.sentence == f"{twin.words}: exactly as many multiply-adds."


def test_a_table_of_ones_own_is_its_own_twin() -> None:
    """18 channels become 24 from 17.8 on: 1 is no edge of the rounding, and the nearest setting to choose."""
    stem, head = EFFICIENTNET.stages[0], EFFICIENTNET.stages[-1]
    own = replace(EFFICIENTNET, key="own", stages=(replace(stem, channels=18), replace(head, channels=18)))
    for twin in equal_cost_networks(of_baseline(own), PAPER):
        assert (twin.depth, twin.width, twin.input_resolution, twin.gap) == (1.0, 1.0, 224, 0.0)


@pytest.mark.parametrize(("key", "coarse", "beyond"), NO_TWIN)
def test_published_networks_have_twins_but_where_steps_or_limits_forbid(key: str, coarse: str, beyond: str) -> None:
    given = equal_cost_networks(presets()[key].network(), PAPER)
    assert [twin.method for twin in given if not twin.within_tolerance] == [*coarse.split(), *beyond.split()]
    for twin in given:
        assert twin.out_of_reach is (twin.method in beyond.split())
        assert twin.sentence.endswith("its steps are too coarse to come nearer.") is (twin.method in coarse.split())
        assert twin.sentence.endswith("the explorer's limits end there.") is (twin.method in beyond.split())


def test_depth_alone_cannot_reach_b7_and_says_so() -> None:
    b7 = presets()["b7"].network()
    depth, _, resolution, *_ = equal_cost_networks(b7, PAPER)
    macs = counting.of(b7).macs
    deepest = counting.of(scale(EFFICIENTNET, 8.0, 1.0, 224)).macs
    assert (depth.depth, depth.cost.macs) == (8.0, deepest)
    fewer = f"{(1 - deepest / macs) * 100:.1f} % fewer multiply-adds"
    assert depth.sentence == f"Depth alone: {fewer}; the explorer's limits end there."
    assert resolution.input_resolution == 1024


def test_no_depth_reaches_down_to_the_smallest_network() -> None:
    tiny = scale(EFFICIENTNET, 0.1, 0.1, 32)
    depth, _, resolution, *_ = equal_cost_networks(tiny, PAPER)
    assert (depth.out_of_reach, resolution.out_of_reach) == (True, True)
    assert depth.cost == counting.of(scale(EFFICIENTNET, 0.1, 1.0, 224))
    assert resolution.input_resolution == 32
    assert depth.sentence.endswith(" % more multiply-adds; the explorer's limits end there.")


def test_a_pixel_more_is_too_much_for_b2() -> None:
    b2 = counting.of(presets()["b2"].network()).macs
    resolution = equal_cost_networks(presets()["b2"].network(), PAPER)[2]
    below, above = (counting.of(scale(EFFICIENTNET, 1.0, 1.0, pixels)).macs for pixels in (352, 353))
    assert (resolution.input_resolution, resolution.cost.macs) == (352, below)
    assert below < b2 * 0.97
    assert above > b2 * 1.03


@pytest.mark.parametrize("method", METHODS)
def test_a_larger_network_has_no_smaller_twin(method: str) -> None:
    networks: list[Network] = [
        scale(EFFICIENTNET, 1.0 + step / 10, 1.0 + step / 20, 160 + 20 * step) for step in range(12)
    ]
    macs = [
        {twin.method: twin for twin in equal_cost_networks(network, PAPER)}[method].cost.macs for network in networks
    ]
    assert macs == sorted(macs)
    assert macs[-1] > 4 * macs[0]


def test_a_compound_that_scales_nothing_stays_the_baseline() -> None:
    compound = equal_cost_networks(presets()["b4"].network(), Compound(2.0, 1.0, 1.0, 1.0))[3]
    assert (compound.depth, compound.width, compound.input_resolution) == (1.0, 1.0, 224)
    assert compound.cost == counting.of(of_baseline(EFFICIENTNET))
    assert not compound.within_tolerance


@pytest.mark.parametrize(
    ("gap", "out_of_reach", "text"),
    [
        (0.0, False, "Words: exactly as many multiply-adds."),
        (0.0004, False, "Words: as many multiply-adds, to 0.1 %."),
        (-0.0123, False, "Words: 1.2 % fewer multiply-adds."),
        (0.03, True, "Words: 3.0 % more multiply-adds."),
        (0.0301, False, "Words: 3.0 % more multiply-adds; its steps are too coarse to come nearer."),
        (-0.25, True, "Words: 25.0 % fewer multiply-adds; the explorer's limits end there."),
    ],
)
def test_the_sentence_says_how_near(gap: float, out_of_reach: bool, text: str) -> None:
    twin = EqualCostNetwork("key", "Words", 1.0, 1.0, 224, None, Cost(1, 1, 1), gap, out_of_reach)
    assert twin.sentence == text
    assert twin.within_tolerance is (abs(gap) <= 0.03)


@pytest.mark.parametrize("change", [{"alpha": 3.0}, {"beta": math.nan}, {"gamma": 0.0}], ids=str)
def test_coefficients_outside_their_range_are_refused_by_name(change: dict[str, float]) -> None:
    with pytest.raises(ScalingError, match=rf"^{next(iter(change))} is .*; give a number from 0\.5 to 2\.5\.$"):
        equal_cost_networks(of_baseline(EFFICIENTNET), replace(PAPER, **change))


def test_phi_is_not_read() -> None:
    network = presets()["b2"].network()
    assert equal_cost_networks(network, Compound(math.nan)) == equal_cost_networks(network, PAPER)
