"""The exact counts, against a golden file that was made from the real modules by another counter."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.cost import counting
from explorer.cost.counting import FREE, Cost
from explorer.network.baselines import EFFICIENTNET, LITE
from explorer.network.description import Network, of_baseline, scale
from explorer.network.layers import Layer
from explorer.published import presets

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "exact_counts.csv"
OTHERS = GOLDEN.with_name("other_families.csv")


def golden(path: Path = GOLDEN) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# A layer, and its parameters, multiply-adds and activations worked out by hand.
LAYERS = (
    # 3·3·3·32 weights, 2·32 of the normalisation; each weight once per output pixel
    (Layer("stem", "convolution", 3, 32, 224, 112, kernel=3, stride=2, norm="bn"), Cost(928, 10_838_016, 401_408)),
    # depthwise: 5·5·1·96 weights
    (Layer("dw", "depthwise", 96, 96, 56, 28, 5, 2, groups=96, norm="bn"), Cost(2_592, 1_881_600, 75_264)),
    # 96·24 weights, no normalisation, no bias
    (Layer("plain", "project", 96, 24, 7, 7), Cost(2_304, 112_896, 1_176)),
    # 96·4 weights, 4 biases, one pixel
    (Layer("reduce", "squeeze", 96, 4, 1, 1, bias=True), Cost(388, 384, 4)),
    (Layer("classifier", "linear", 1280, 1000, 1, 1, bias=True), Cost(1_281_000, 1_280_000, 1_000)),
)

B0 = Cost(params=5_288_548, macs=385_814_752, activations=6_748_036)
B0_STEM = Cost(928, 10_838_016, 401_408)

costs = st.builds(Cost, *[st.integers(0, 10**15)] * 3)
networks = st.builds(
    scale, st.sampled_from((EFFICIENTNET, LITE)), st.floats(0.1, 3), st.floats(0.1, 8), st.integers(32, 1024)
)


def biases(network: Network) -> int:
    """Additions of biases in one pass, which the golden file counts as well."""
    layers = [layer for stage in network.stages for block in stage.blocks for layer in block.layers]
    return sum(layer.out_channels * layer.output_resolution**2 for layer in layers if layer.bias)


@pytest.mark.parametrize(("layer", "expected"), LAYERS, ids=lambda value: getattr(value, "name", ""))
def test_a_layer_by_hand(layer: Layer, expected: Cost) -> None:
    assert counting.of_layer(layer) == expected


def test_b0() -> None:
    assert counting.of(of_baseline(EFFICIENTNET)) == B0
    assert counting.of_stage(of_baseline(EFFICIENTNET).stages[0]) == B0_STEM


@pytest.mark.parametrize("row", golden(), ids=lambda row: row["model"])
def test_every_published_network_to_the_last_digit(row: dict[str, str]) -> None:
    network = presets()[row["model"].removeprefix("efficientnet_")].network()
    counted = counting.of(network)
    assert network.input_resolution == int(row["resolution"])
    assert counted.params == int(row["params_exact"])
    assert counted.activations == int(row["acts_exact"])
    assert counted.macs + biases(network) == int(row["macs_exact_conv_linear"])


@pytest.mark.parametrize("row", golden(), ids=lambda row: row["model"])
def test_every_published_network_normalises_as_many_channels(row: dict[str, str]) -> None:
    network = presets()[row["model"].removeprefix("efficientnet_")].network()
    layers = [layer for stage in network.stages for block in stage.blocks for layer in block.layers]
    assert sum(layer.out_channels for layer in layers if layer.norm) == int(row["bn_channels"])


@pytest.mark.parametrize("row", golden(OTHERS), ids=lambda row: row["model"])
def test_the_other_families_to_the_last_digit(row: dict[str, str]) -> None:
    network = presets()[row["model"]].network()
    counted = counting.of(network)
    assert network.input_resolution == int(row["resolution"])
    assert (counted.params, counted.macs) == (int(row["params"]), int(row["macs"]))
    if row["timm_activations_millions"]:
        assert counted.activations / 1e6 == pytest.approx(float(row["timm_activations_millions"]), abs=0.0051)


def test_the_golden_files_are_whole() -> None:
    paper = {row["model"].removeprefix("efficientnet_") for row in golden()}
    assert paper | {row["model"] for row in golden(OTHERS)} == set(presets())


@given(costs, costs)
def test_costs_add_up_by_kind(one: Cost, other: Cost) -> None:
    both = one + other
    assert both.params == one.params + other.params
    assert both.macs == one.macs + other.macs
    assert both.activations == one.activations + other.activations
    assert one + FREE == one


@given(st.lists(costs))
def test_a_total_is_the_sum_of_each_kind(several: list[Cost]) -> None:
    expected = [sum(kind) for kind in zip(*[(one.params, one.macs, one.activations) for one in several], strict=True)]
    assert counting.total(several) == (Cost(*expected) if several else FREE)


@given(networks)
def test_stages_and_blocks_add_up_to_the_network(network: Network) -> None:
    whole = counting.of(network)
    for kind in ("params", "macs", "activations"):
        stages = [getattr(counting.of_stage(stage), kind) for stage in network.stages]
        blocks = [getattr(counting.of_block(block), kind) for stage in network.stages for block in stage.blocks]
        assert sum(stages) == sum(blocks) == getattr(whole, kind)
        assert min(stages) > 0


@given(st.floats(0.1, 3), st.floats(0.1, 8), st.integers(1, 16))
def test_twice_the_pixels_cost_four_times_what_is_paid_per_pixel(depth: float, width: float, tiles: int) -> None:
    small, large = (scale(EFFICIENTNET, depth, width, 32 * tiles * factor) for factor in (1, 2))
    pooled = [
        counting.of_layer(layer)
        for stage in small.stages
        for block in stage.blocks
        for layer in block.layers
        if layer.role in {"squeeze", "excite", "linear"}
    ]
    fixed = counting.total(pooled)
    assert counting.of(large).params == counting.of(small).params
    assert counting.of(large).macs - fixed.macs == 4 * (counting.of(small).macs - fixed.macs)
    assert counting.of(large).activations - fixed.activations == 4 * (
        counting.of(small).activations - fixed.activations
    )
