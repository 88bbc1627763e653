"""The costs of many networks at once, against the same networks built and counted one by one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.cost import counting, design_space
from explorer.cost.counting import Cost
from explorer.cost.design_space import Costs, Designs
from explorer.network import scaling
from explorer.network.baselines import BASELINES, EFFICIENTNET, MOBILENET_V2, Baseline, Operator, StageTemplate
from explorer.network.description import scale
from explorer.network.scaling import NEAREST, NONE, REFERENCE, ROUNDINGS, Compound, Rounding, ScalingError
from explorer.published import Preset, presets

RANDOM = 200
"""Random settings for each family and rounding."""

# Pixels around the multiples of the strides, the ends, and primes.
PIXELS = (32, 33, 63, 64, 65, 127, 223, 224, 225, 257, 511, 600, 1023, 1024)

# α, φ: powers that are whole multiples of 1/2, 1/3 or 1/4, where a rounding decides by the last bit.
WHOLE_POWERS = tuple(
    (target ** (1 / phi), phi)
    for target in (4 / 3, 1.5, 5 / 3, 1.75, 2.0, 2.25, 7 / 3, 2.5, 3.0, 3.25, 3.5)
    for phi in (0.5, 0.7, 1.0, 1.3, 2.0, 3.0, 4.1, 5.0, 7.0)
    if target ** (1 / phi) <= 2.5
)

# φ, α, β, γ that a link or an empty field may hold.
REFUSED_COMPOUNDS = (
    (math.nan, 1.2, 1.1, 1.15),
    (1.0, math.nan, 1.1, 1.15),
    (1.0, 1.2, math.nan, 1.15),
    (1.0, 1.2, 1.1, math.nan),
    (math.inf, 1.2, 1.1, 1.15),
    (8.01, 1.0, 1.0, 1.0),
    (-3.01, 1.0, 1.0, 1.0),
    (-3.0, 0.0, 1.1, 1.15),
    (0.5, -1.0, 1.1, 1.15),
    (8.0, 1e308, 1.1, 1.15),
    (8.0, 1.3, 1.1, 1.15),  # d = 8.2
    (8.0, 1.2, 1.3, 1.15),  # w = 8.2
    (-3.0, 2.2, 1.1, 1.15),  # d = 0.09
    (8.0, 1.2, 1.1, 1.21),  # 1029 px
    (-3.0, 1.2, 1.1, 2.0),  # 28 px
)

# Depth, width, pixels, and the first of these settings that nobody can build.
REFUSED_SETTINGS = (
    ([1.0, 0.09, 10.0], 1.0, 224, (0.09, 1.0, 224)),
    ([1.0, math.nan, 9.0], 1.0, 224, (math.nan, 1.0, 224)),
    (1.0, [[8.000000001]], 224, (1.0, 8.000000001, 224)),
    (1.0, -math.inf, 224, (1.0, -math.inf, 224)),
    (1.0, 1.0, [224, 1025], (1.0, 1.0, 1025)),
    (1.0, 1.0, -32, (1.0, 1.0, -32)),
    (9.0, 9.0, [2000], (9.0, 9.0, 2000)),
)

# A table of nobody's: what no family has together, and every operator.
ODD = Baseline(
    "odd",
    "Odd",
    "Odd-0",
    (
        StageTemplate(Operator.CONVOLUTION, 20, layers=3, kernel=5, stride=3),
        StageTemplate(Operator.MBCONV, 12, layers=0, expansion=4, squeeze_ratio=0.01),
        StageTemplate(Operator.SEPARABLE, 36, layers=2, kernel=7, stride=2, expansion=6, squeeze_ratio=0.25),
        StageTemplate(Operator.BOTTLENECK, 36, layers=2, expansion=3, scales_width=False, scales_depth=False),
        StageTemplate(Operator.BOTTLENECK, 36, layers=3, expansion=2, shrinks=False),
        StageTemplate(Operator.BOTTLENECK, 36, layers=3, expansion=2, shrinks=False),
        StageTemplate(Operator.BOTTLENECK, 36, layers=1, stride=2, expansion=2, shrinks=False),
        StageTemplate(Operator.MBCONV, 50, layers=5, kernel=9, stride=4, expansion=1, squeeze_ratio=0.3),
        StageTemplate(Operator.HEAD, 100, layers=2, kernel=3, shrinks=False),
        StageTemplate(Operator.CLASSIFIER, 7),
    ),
    input_resolution=100,
    classes=17,
)

FAMILIES = {**BASELINES, "odd": ODD}

stages = st.builds(
    StageTemplate,
    st.sampled_from((Operator.CONVOLUTION, Operator.MBCONV, Operator.SEPARABLE, Operator.BOTTLENECK)),
    st.integers(6, 300),
    layers=st.integers(1, 5),
    kernel=st.sampled_from((1, 3, 5, 7)),
    stride=st.integers(1, 3),
    expansion=st.integers(1, 6),
    squeeze_ratio=st.sampled_from((0.0, 0.05, 0.25, 1.0)),
    scales_width=st.booleans(),
    scales_depth=st.booleans(),
    shrinks=st.booleans(),
)
ends = st.builds(StageTemplate, st.sampled_from((Operator.HEAD, Operator.CLASSIFIER)), st.integers(1, 2000))
tables = st.builds(
    lambda trunk, end: Baseline("own", "Own", "Own-0", (*trunk, end)), st.lists(stages, min_size=1, max_size=6), ends
)


def one_by_one(
    baseline: Baseline, tried: Iterable[tuple[float, float, int]], rounding: Rounding
) -> list[tuple[int, int, int]]:
    return [plain(counting.of(scale(baseline, d, w, pixels, rounding))) for d, w, pixels in tried]


def plain(counted: Cost) -> tuple[int, int, int]:
    return counted.params, counted.macs, counted.activations


def listed(counted: Costs) -> list[tuple[int, int, int]]:
    arrays = (counted.params, counted.macs, counted.activations)
    return list(zip(*(array.ravel().tolist() for array in arrays), strict=True))


def around(values: Iterable[float]) -> Iterator[float]:
    """Each value with its neighbours, the last bit lower and higher."""
    for value in values:
        yield from (math.nextafter(value, 0), value, math.nextafter(value, 9))


def cliffs(baseline: Baseline) -> tuple[list[float], list[float]]:
    """Depth and width multipliers at which some rounding has to decide, and their neighbours."""
    layers = {template.layers for template in baseline.stages if template.layers}
    channels = {template.channels // template.expansion for template in baseline.stages} | {
        template.channels for template in baseline.stages
    }
    deep = (half / 2 / count for count in layers for half in (1, 2, 3, 5, 8, 9, 14))
    wide = (edge / count for count in channels for edge in (4, 8, 8 / 0.9, 12, 16 / 0.9, 20, 100.5, 804, 900))
    return [d for d in around(deep) if 0.1 <= d <= 8], [w for w in around(wide) if 0.1 <= w <= 8]


def tried_settings(baseline: Baseline) -> list[tuple[float, float, int]]:
    """Random settings, few of them large, and every cliff with a random other multiplier."""
    random = np.random.default_rng(sum(baseline.key.encode()))
    deep, wide = cliffs(baseline)
    d = [*np.exp(random.uniform(math.log(0.1), math.log(8), RANDOM)).tolist(), 0.1, 8.0, *deep]
    w = [*random.uniform(0.1, 8, RANDOM).tolist(), 0.1, 8.0, *wide]
    size = max(len(d), len(w))
    d += np.exp(random.uniform(math.log(0.1), math.log(4), size - len(d))).tolist()
    w += random.uniform(0.1, 8, size - len(w)).tolist()
    pixels = [*random.integers(32, 1025, size - len(PIXELS)).tolist(), *PIXELS]
    return list(zip(d, w, pixels, strict=True))


def refused(compound: Compound, baseline: Baseline) -> bool:
    """Whether the explorer refuses to build this."""
    try:
        multipliers = scaling.multipliers(compound)
        scaling.input_resolution(baseline.input_resolution, multipliers.resolution)
    except ScalingError:
        return True
    return False


def assert_designs_are_built(
    designs: Designs, baseline: Baseline, compounds: Iterable[Compound], rounding: Rounding
) -> None:
    """Every element allowed just where the explorer builds, and there the same to the last bit."""
    elements = (designs.allowed, designs.depth, designs.width, designs.input_resolution)
    rows = zip(compounds, listed(designs.costs), *(array.ravel().tolist() for array in elements), strict=True)
    for compound, counted, allowed, depth, width, pixels in rows:
        assert allowed is not refused(compound, baseline), compound
        if not allowed:
            assert counted == (0, 0, 0)
            continue
        multipliers = scaling.multipliers(compound)
        assert (depth, width) == (multipliers.depth, multipliers.width)
        assert pixels == scaling.input_resolution(baseline.input_resolution, multipliers.resolution)
        assert counted == plain(counting.of(scale(baseline, depth, width, pixels, rounding))), compound


@pytest.mark.parametrize("rounding", ROUNDINGS.values(), ids=ROUNDINGS)
@pytest.mark.parametrize("baseline", FAMILIES.values(), ids=FAMILIES)
def test_all_at_once_is_one_by_one(baseline: Baseline, rounding: Rounding) -> None:
    tried = tried_settings(baseline)
    assert len(tried) > RANDOM
    depth, width, pixels = (np.array(values) for values in zip(*tried, strict=True))
    assert listed(design_space.costs(baseline, depth, width, pixels, rounding)) == one_by_one(baseline, tried, rounding)


@given(tables, st.sampled_from(tuple(ROUNDINGS.values())), st.floats(0.1, 3), st.floats(0.1, 8), st.integers(32, 1024))
def test_a_table_of_ones_own(baseline: Baseline, rounding: Rounding, d: float, w: float, pixels: int) -> None:
    assert listed(design_space.costs(baseline, d, w, pixels, rounding)) == one_by_one(
        baseline, [(d, w, pixels)], rounding
    )


@pytest.mark.parametrize("preset", presets().values(), ids=presets())
def test_every_published_network(preset: Preset) -> None:
    counted = design_space.costs(preset.baseline, preset.depth, preset.width, preset.input_resolution)
    assert listed(counted) == [plain(counting.of(preset.network()))]


@pytest.mark.parametrize("rounding", ROUNDINGS.values(), ids=ROUNDINGS)
@pytest.mark.parametrize("baseline", FAMILIES.values(), ids=FAMILIES)
def test_the_largest_network_fits_in_64_bits(baseline: Baseline, rounding: Rounding) -> None:
    largest = one_by_one(baseline, [(8.0, 8.0, 1024)], rounding)
    assert listed(design_space.costs(baseline, 8.0, 8.0, 1024, rounding)) == largest
    assert max(largest[0]) < design_space.LARGEST / 1000


def test_a_table_that_does_not_fit_is_refused() -> None:
    wide = Baseline("wide", "Wide", "Wide-0", (StageTemplate(Operator.BOTTLENECK, 2_000_000), EFFICIENTNET.stages[-1]))
    with pytest.raises(ScalingError) as refusal:
        design_space.costs(wide, 1.0, 1.0, 224)
    assert str(refusal.value) == "Wide-0 is too large to map: scaled up, its costs do not fit in 64 bits."
    assert counting.of(scale(wide, 8.0, 8.0, 1024)).macs > 2**63


@pytest.mark.parametrize("chunk", [1, 7, 64, 8192])
@pytest.mark.parametrize(
    "shapes",
    [
        ((), (), ()),
        ((40,), (40,), (40,)),
        ((1,), (40,), ()),
        ((5, 1, 1), (6, 1), (7,)),
        ((1, 1, 7), (1, 30, 1), (4, 1, 1)),
        ((3, 40), (40,), (3, 1)),
        ((0,), (1,), ()),
        ((0, 5), (5,), ()),
    ],
    ids=str,
)
def test_shapes_are_broadcast_as_numpy_does(
    monkeypatch: pytest.MonkeyPatch, chunk: int, shapes: tuple[tuple[int, ...], ...]
) -> None:
    monkeypatch.setattr(design_space, "CHUNK", chunk)
    random = np.random.default_rng(len(str(shapes)))
    depth, width = random.uniform(0.1, 3, shapes[0]), random.uniform(0.1, 8, shapes[1])
    pixels = random.integers(32, 1025, shapes[2])
    counted = design_space.costs(MOBILENET_V2, depth, width, pixels, NEAREST)
    full = np.broadcast_arrays(depth, width, pixels)
    assert {array.shape for array in (counted.params, counted.macs, counted.activations)} == {full[0].shape}
    assert {array.dtype for array in (counted.params, counted.macs, counted.activations)} == {np.dtype(np.int64)}
    tried = zip(*(array.ravel().tolist() for array in full), strict=True)
    assert listed(counted) == one_by_one(MOBILENET_V2, tried, NEAREST)


def test_more_settings_than_are_counted_together() -> None:
    size = design_space.CHUNK * 2 + 5
    random = np.random.default_rng(0)
    depth, width, pixels = random.uniform(0.1, 8, size), random.uniform(0.1, 8, size), random.integers(32, 1025, size)
    counted = design_space.costs(EFFICIENTNET, depth, width, pixels)
    for place in (0, design_space.CHUNK - 1, design_space.CHUNK, 2 * design_space.CHUNK, size - 1):
        built = scale(EFFICIENTNET, float(depth[place]), float(width[place]), int(pixels[place]))
        assert plain(counting.of(built)) == (counted.params[place], counted.macs[place], counted.activations[place])


def test_settings_are_not_changed() -> None:
    depth, width, pixels = np.array([1.0, 2.0]), np.array([1.5, 0.5]), np.array([100, 200])
    kept = depth.copy(), width.copy(), pixels.copy()
    design_space.costs(EFFICIENTNET, depth, width, pixels)
    for array, before in zip((depth, width, pixels), kept, strict=True):
        assert array.tolist() == before.tolist()


@pytest.mark.parametrize(("depth", "width", "pixels", "first"), REFUSED_SETTINGS)
def test_the_first_setting_outside_its_range_is_refused_as_it_is_alone(
    depth: list[float] | float,
    width: list[float] | float,
    pixels: list[int] | int,
    first: tuple[float, float, int],
) -> None:
    with pytest.raises(ScalingError) as alone:
        scale(EFFICIENTNET, *first)
    with pytest.raises(ScalingError) as refusal:
        design_space.costs(EFFICIENTNET, depth, width, pixels)
    assert str(refusal.value) == str(alone.value)


def test_pixels_must_be_whole() -> None:
    with pytest.raises(ScalingError, match=r"must be whole pixels, not numbers of the kind float64\."):
        design_space.costs(EFFICIENTNET, 1.0, 1.0, [224.5])


@pytest.mark.parametrize("rounding", ROUNDINGS.values(), ids=ROUNDINGS)
@pytest.mark.parametrize("baseline", BASELINES.values(), ids=BASELINES)
def test_compounds_are_built_as_one_by_one(baseline: Baseline, rounding: Rounding) -> None:
    random = np.random.default_rng(5)
    phi = np.round(random.uniform(-3, 8, 60), 2)
    alpha, beta, gamma = (np.round(random.uniform(low, 1.5, 60), 2) for low in (0.8, 0.9, 0.9))
    designs = design_space.of_compound(baseline, phi, alpha, beta, gamma, rounding)
    compounds = [Compound(*four) for four in zip(*(a.tolist() for a in (phi, alpha, beta, gamma)), strict=True)]
    assert 0 < int(designs.allowed.sum()) < 60
    assert_designs_are_built(designs, baseline, compounds, rounding)


@pytest.mark.parametrize("rounding", [REFERENCE, NONE], ids=lambda rounding: rounding.key)
def test_compounds_at_cliffs(rounding: Rounding) -> None:
    cases = [(phi, near) for base, phi in WHOLE_POWERS for near in around([base]) if near <= 2.5]
    phi, base = (np.array(values) for values in zip(*cases, strict=True))
    designs = design_space.of_compound(EFFICIENTNET, phi, base, 1.0, 1.0, rounding)
    assert_designs_are_built(designs, EFFICIENTNET, [Compound(p, b, 1.0, 1.0) for p, b in cases], rounding)
    designs = design_space.of_compound(EFFICIENTNET, phi, 1.0, base, 1.0, rounding)
    assert_designs_are_built(designs, EFFICIENTNET, [Compound(p, 1.0, b, 1.0) for p, b in cases], rounding)


def test_compound_pixels_at_halves() -> None:
    cases = [
        (phi, near)
        for pixels in range(40, 1020, 20)
        for phi in (-1.7, 0.3, 1.0, 2.6, 7.0)
        for near in around([((pixels + 0.5) / 224) ** (1 / phi)])
        if 0.5 <= near <= 2.5
    ]
    phi, gamma = (np.array(values) for values in zip(*cases, strict=True))
    designs = design_space.of_compound(EFFICIENTNET, phi, 1.0, 1.0, gamma)
    expected = [scaling.input_resolution(224, gamma**phi) for phi, gamma in cases]
    assert len(expected) > 300
    assert designs.input_resolution.tolist() == expected


def test_one_bit_in_a_power_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = np.float_power
    monkeypatch.setattr(np, "float_power", lambda base, phi: np.nextafter(exact(base, phi), 9.0))
    with pytest.raises(AssertionError):
        test_compounds_at_cliffs(REFERENCE)
    with pytest.raises(AssertionError):
        test_compound_pixels_at_halves()


def test_powers_are_pythons_to_the_last_bit() -> None:
    random = np.random.default_rng(7)
    base = np.concatenate([random.uniform(0.5, 2.5, 20_000), random.integers(50, 251, 20_000) / 100])
    phi = np.concatenate([random.uniform(-3, 8, 20_000), random.integers(-300, 801, 20_000) / 100])
    expected = [one**power for one, power in zip(base.tolist(), phi.tolist(), strict=True)]
    assert design_space._power(base, phi).tolist() == expected


def test_what_is_refused_is_masked() -> None:
    compounds = [Compound(*four) for four in (*REFUSED_COMPOUNDS, (1.0, 1.2, 1.1, 1.15))]
    phi, alpha, beta, gamma = (
        np.array([getattr(compound, name) for compound in compounds]) for name in ("phi", "alpha", "beta", "gamma")
    )
    designs = design_space.of_compound(EFFICIENTNET, phi, alpha, beta, gamma)
    assert designs.allowed.tolist() == [False] * len(REFUSED_COMPOUNDS) + [True]
    assert_designs_are_built(designs, EFFICIENTNET, compounds, REFERENCE)


def test_what_is_refused_is_missing_and_the_rest_is_there() -> None:
    designs = design_space.of_compound(
        EFFICIENTNET, [8.0, 8.0, 8.0], [1.3, 1.2, 1.2], [1.1, 1.3, 1.1], [1.1, 1.1, 1.21]
    )
    assert np.isnan(designs.depth).tolist() == [True, False, False]
    assert np.isnan(designs.width).tolist() == [False, True, False]
    assert designs.input_resolution.tolist() == [480, 480, 0]
    assert not designs.allowed.any()


def test_compounds_broadcast_too() -> None:
    phi, beta = np.array([[0.0], [1.0], [2.5]]), np.array([1.0, 1.1])
    designs = design_space.of_compound(EFFICIENTNET, phi, 1.2, beta, 1.15)
    shapes = {array.shape for array in (designs.depth, designs.width, designs.input_resolution, designs.allowed)}
    assert shapes | {designs.costs.macs.shape} == {(3, 2)}
    compounds = [Compound(p, 1.2, b, 1.15) for p in phi.ravel().tolist() for b in beta.tolist()]
    assert_designs_are_built(designs, EFFICIENTNET, compounds, REFERENCE)
    single = design_space.of_compound(EFFICIENTNET, 1.0, 1.2, 1.1, 1.15)
    assert (single.allowed.shape, single.costs.macs.shape) == ((), ())
    assert int(single.costs.macs) == int(designs.costs.macs[1, 1])


@settings(max_examples=50)
@given(st.sampled_from(tuple(BASELINES.values())), st.sampled_from(tuple(ROUNDINGS.values())), st.floats(0.1, 8))
def test_more_of_anything_never_costs_less(baseline: Baseline, rounding: Rounding, value: float) -> None:
    steps = np.linspace(0.1, 8.0, 400)
    for depth, width, pixels in ((steps, value, 224), (value, steps, 224), (value, value, np.arange(32, 1025))):
        counted = design_space.costs(baseline, depth, width, pixels, rounding)
        for array in (counted.params, counted.macs, counted.activations):
            assert (np.diff(array) >= 0).all()
        assert counted.macs[-1] > counted.macs[0]
