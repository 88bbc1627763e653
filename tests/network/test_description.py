"""The description, against the paper's Table 1 and the published channels and layers of every network."""

from __future__ import annotations

import csv
import math
from dataclasses import FrozenInstanceError
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.network.baselines import BASELINES, EFFICIENTNET, LITE, Baseline, Operator
from explorer.network.description import Network, of_baseline, scale
from explorer.network.layers import BlockShape
from explorer.network.scaling import ScalingError
from explorer.published import presets

ROOT = Path(__file__).resolve().parents[2]


def rows(path: str) -> list[dict[str, str]]:
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TABLE_1 = rows("tests/golden/table1_b0.csv")
COEFFICIENTS = rows("assets/published/coefficients.csv")

# How Table 1 prints the operator of a row: the transcript leaves the kernel of the MBConv rows to its own column.
OPERATORS = {
    "Conv3x3": "Conv3x3",
    "MBConv1": "MBConv1, k{kernel}x{kernel}",
    "MBConv6": "MBConv6, k{kernel}x{kernel}",
    "Conv1x1+Pool+FC": "Conv1x1 & Pooling & FC",
}

# Depth, width, pixels, and what the refusal says.
REFUSED = (
    (0.09, 1.0, 224, "The depth multiplier is 0.09; give a number from 0.1 to 8."),
    (8.5, 1.0, 224, "The depth multiplier is 8.5; give a number from 0.1 to 8."),
    (math.nan, 1.0, 224, "The depth multiplier is nan; give a number from 0.1 to 8."),
    (1.0, -1.0, 224, "The width multiplier is -1; give a number from 0.1 to 8."),
    (1.0, math.inf, 224, "The width multiplier is inf; give a number from 0.1 to 8."),
    (1.0, 1.0, 31, "The input resolution in pixels is 31; give a number from 32 to 1024."),
    (1.0, 1.0, 1025, "The input resolution in pixels is 1025; give a number from 32 to 1024."),
    (1.0, 1.0, 0, "The input resolution in pixels is 0; give a number from 32 to 1024."),
)

# In channels, out channels, stride, whether the input is added to the output.
SKIPS = ((24, 24, 1, True), (24, 40, 1, False), (24, 24, 2, False), (24, 40, 2, False))

# Family and the layers of one block of each stage: depthwise and project, expand from stage 3, two for SE.
LAYERS_OF_A_BLOCK = (
    (EFFICIENTNET, (1, 4, 5, 5, 5, 5, 5, 5, 2)),
    (LITE, (1, 2, 3, 3, 3, 3, 3, 3, 2)),
)

multipliers = st.floats(0.1, 8)
networks = st.builds(scale, st.sampled_from((EFFICIENTNET, LITE)), multipliers, multipliers, st.integers(32, 1024))


@pytest.mark.parametrize("row", TABLE_1, ids=lambda row: row["stage"])
def test_b0_is_table_1(row: dict[str, str]) -> None:
    stage = of_baseline(EFFICIENTNET).stages[int(row["stage"]) - 1]
    assert stage.number == int(row["stage"])
    assert stage.operator == OPERATORS[row["operator"]].format(**row)
    assert stage.input_resolution == int(row["input_resolution"])
    assert stage.channels == int(row["out_channels"])
    assert stage.depth == int(row["layers"])
    assert stage.blocks[0].shape.kernel == int(row["kernel"])
    assert stage.blocks[0].shape.stride == int(row["stride_first"])
    if row["expand_ratio"]:
        assert stage.blocks[0].shape.expansion == int(row["expand_ratio"])
        assert stage.blocks[0].shape.squeeze_ratio == float(row["se_ratio"])


def test_table_1_has_no_other_stages() -> None:
    assert len(TABLE_1) == len(of_baseline(EFFICIENTNET).stages) == 9


@pytest.mark.parametrize("row", COEFFICIENTS, ids=lambda row: row["key"])
def test_published_coefficients_build_the_published_channels_and_layers(row: dict[str, str]) -> None:
    preset = presets()[row["key"]]
    built = preset.network()
    stem, *trunk, head = built.stages
    assert stem.channels == int(row["stem"])
    assert [stage.channels for stage in trunk] == [int(text) for text in row["stage_channels"].split()]
    assert [stage.depth for stage in trunk] == [int(text) for text in row["stage_repeats"].split()]
    assert head.channels == int(row["head"])
    assert built.block_count == int(row["blocks"])
    assert (stem.depth, head.depth) == (1, 1)
    assert built.input_resolution == int(row["resolution"])


def test_every_published_network_is_checked() -> None:
    assert {row["key"] for row in COEFFICIENTS} == set(presets())


@pytest.mark.parametrize("baseline", BASELINES.values(), ids=BASELINES)
def test_multipliers_of_one_change_nothing(baseline: Baseline) -> None:
    unscaled = of_baseline(baseline)
    assert unscaled == scale(baseline, 1.0, 1.0, baseline.input_resolution)
    assert unscaled.shape == tuple((stage.channels, stage.layers) for stage in baseline.stages)


def test_equal_settings_give_equal_networks_with_equal_hashes() -> None:
    one, same, other = (scale(EFFICIENTNET, depth, 1.1, 258) for depth in (1.2, 1.2, 1.3))
    assert one == same
    assert hash(one) == hash(same)
    assert len({one, same, other}) == 2
    assert one != scale(EFFICIENTNET, 1.2, 1.1, 259)
    assert one != scale(LITE, 1.2, 1.1, 258)


def test_nothing_in_a_network_can_be_changed() -> None:
    built = of_baseline(EFFICIENTNET)
    stage = built.stages[1]
    block = stage.blocks[0]
    parts: tuple[tuple[object, str], ...] = (
        (built, "input_resolution"),
        (built.baseline, "input_resolution"),
        (stage, "number"),
        (stage.template, "channels"),
        (block, "layers"),
        (block.shape, "stride"),
        (block.layers[0], "kernel"),
    )
    for part, name in parts:
        with pytest.raises(FrozenInstanceError):
            setattr(part, name, 1)
    assert built == of_baseline(EFFICIENTNET)


@pytest.mark.parametrize(("in_channels", "out_channels", "stride", "skip"), SKIPS)
def test_the_input_is_added_only_where_no_shape_changes(
    in_channels: int, out_channels: int, stride: int, skip: bool
) -> None:
    shape = BlockShape("blocks.1.1", in_channels, out_channels, 56, 3, stride, 6, 0.25, "silu")
    assert shape.skip is skip


def test_b0_adds_the_input_in_every_repeated_block() -> None:
    skips = [[block.shape.skip for block in stage.blocks] for stage in of_baseline(EFFICIENTNET).stages[1:-1]]
    assert skips == [[False] + [True] * (int(row["layers"]) - 1) for row in TABLE_1[1:-1]]


@pytest.mark.parametrize(("baseline", "expected"), LAYERS_OF_A_BLOCK)
def test_each_block_has_the_layers_of_its_operator(baseline: Baseline, expected: tuple[int, ...]) -> None:
    built = scale(baseline, 2.0, 1.0, 224)
    assert tuple({len(block.layers) for block in stage.blocks} for stage in built.stages) == tuple(
        {count} for count in expected
    )


@given(networks)
def test_each_block_takes_what_the_one_before_gives(built: Network) -> None:
    shapes = [block.shape for stage in built.stages for block in stage.blocks]
    assert (shapes[0].in_channels, shapes[0].input_resolution) == (3, built.input_resolution)
    for before, after in pairwise(shapes):
        assert (after.in_channels, after.input_resolution) == (before.out_channels, before.output_resolution)


@given(networks)
def test_only_the_first_block_of_a_stage_has_its_stride(built: Network) -> None:
    for stage in built.stages:
        assert [block.shape.stride for block in stage.blocks] == [stage.template.stride] + [1] * (stage.depth - 1)
        assert stage.output_resolution == math.ceil(stage.input_resolution / stage.template.stride)


@given(networks)
def test_all_scaled_channels_are_multiples_of_8(built: Network) -> None:
    assert all(stage.channels % 8 == 0 for stage in built.stages)
    assert all(stage.depth >= 1 for stage in built.stages)


@given(multipliers, multipliers, st.integers(32, 1024))
def test_lite_keeps_its_ends(depth: float, width: float, pixels: int) -> None:
    stem, first, *_, last, head = scale(LITE, depth, width, pixels).stages
    assert (stem.channels, head.channels) == (32, 1280)
    assert (first.depth, last.depth) == (1, 1)


@given(multipliers, multipliers, st.integers(32, 1024))
def test_stem_and_head_are_one_layer_deep(depth: float, width: float, pixels: int) -> None:
    for baseline in (EFFICIENTNET, LITE):
        ends = [
            stage
            for stage in scale(baseline, depth, width, pixels).stages
            if stage.template.operator is not Operator.MBCONV
        ]
        assert [(stage.number, stage.depth) for stage in ends] == [(1, 1), (9, 1)]


@given(multipliers, multipliers, multipliers, multipliers)
def test_larger_multipliers_never_make_a_smaller_network(d: float, other_d: float, w: float, other_w: float) -> None:
    smaller = scale(EFFICIENTNET, min(d, other_d), min(w, other_w), 224)
    larger = scale(EFFICIENTNET, max(d, other_d), max(w, other_w), 224)
    for small, large in zip(smaller.shape, larger.shape, strict=True):
        assert small[0] <= large[0]
        assert small[1] <= large[1]


@pytest.mark.parametrize(("depth", "width", "pixels", "sentence"), REFUSED)
def test_a_network_outside_the_limits_is_refused(depth: float, width: float, pixels: int, sentence: str) -> None:
    with pytest.raises(ScalingError) as refusal:
        scale(EFFICIENTNET, depth, width, pixels)
    assert str(refusal.value) == sentence


def test_numpys_numbers_build_a_network_of_pythons() -> None:
    given = scale(EFFICIENTNET, np.float64(1.3), np.float64(1.25), np.int64(97))  # type: ignore[arg-type]
    assert given == scale(EFFICIENTNET, 1.3, 1.25, 97)
    layers = [layer for stage in given.stages for block in stage.blocks for layer in block.layers]
    numbers = [
        value
        for layer in layers
        for value in (layer.in_channels, layer.out_channels, layer.input_resolution, layer.output_resolution)
    ]
    assert {type(number) for number in (*numbers, given.input_resolution)} == {int}
