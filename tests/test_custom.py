"""A stage table of one's own: what is read is what was written, and what cannot be built is refused by name."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import cost, custom
from explorer.baselines import BASELINES
from explorer.models.build import build
from explorer.network import of_baseline, scale
from explorer.scaling import ScalingError

STEM = {"operator": "conv", "channels": 32, "stride": 2}
BLOCK = {"operator": "mbconv", "channels": 24, "layers": 2, "kernel": 5, "expansion": 4, "squeeze_ratio": 0.25}
END = {"operator": "head", "channels": 640, "kernel": 1}

# What is changed in a table that can be built, and a word of the refusal.
REFUSED: tuple[tuple[list[dict[str, Any]], str], ...] = (
    ([STEM, END], "2 stages"),
    ([STEM, BLOCK], "2 stages"),
    ([STEM] + [BLOCK] * 30 + [END], "32 stages"),
    ([BLOCK, BLOCK, END], "first stage must be a stem"),
    ([STEM, BLOCK, BLOCK], "last an end"),
    ([STEM, STEM, END], "none between"),
    ([STEM, {**BLOCK, "channels": 10**9}, END], "channels of stage 2"),
    ([STEM, {**BLOCK, "channels": 10**400}, END], "channels of stage 2"),
    ([STEM, {**BLOCK, "channels": "many"}, END], "channels of stage 2"),
    ([STEM, {**BLOCK, "channels": 24.5}, END], "whole number"),
    ([STEM, {**BLOCK, "layers": 0}, END], "layers of stage 2"),
    ([STEM, *[{**BLOCK, "layers": 90}] * 3, END], "272 layers"),
    ([STEM, {**BLOCK, "kernel": 4}, END], "kernels odd"),
    ([STEM, {**BLOCK, "stride": 4}, END], "takes 1 or 2"),
    ([STEM, {**BLOCK, "squeeze_ratio": float("nan")}, END], "squeeze ratio of stage 2"),
    ([STEM, {**BLOCK, "operator": "<b>attention</b>"}, END], "operator"),
    ([STEM, {**BLOCK, "colour": 1}, END], "unknown field"),
    ([STEM, {**BLOCK, "operator": "separable"}, END], "only mbconv"),
    ([STEM, {"operator": "bottleneck", "channels": 256, "expansion": 4}, END], "whole ResNet"),
    ([{**STEM, "layers": 2}, BLOCK, END], "a stem or an end has one"),
)
NO_TABLE = ("", "x", "[]", "null", "{}", '{"stages": 3}', '{"stages": [1, 2, 3]}', "[" * 10_000, " " * 30_000)


@pytest.mark.parametrize("key", BASELINES)
def test_every_family_survives_the_round_trip(key: str) -> None:
    baseline = BASELINES[key]
    read = custom.from_json(custom.to_json(baseline))
    assert read.stages == baseline.stages
    assert cost.of(of_baseline(read)) == cost.of(of_baseline(baseline))


@pytest.mark.parametrize(("stages", "said"), REFUSED)
def test_what_cannot_be_built_is_refused_by_name(stages: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ScalingError) as refusal:
        custom.from_json(json.dumps({"stages": stages}))
    assert said in str(refusal.value)
    assert len(str(refusal.value)) < 300


@pytest.mark.parametrize("text", NO_TABLE)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(ScalingError):
        custom.from_json(text)


@settings(max_examples=40, deadline=None)
@given(
    blocks=st.lists(
        st.fixed_dictionaries(
            {
                "operator": st.sampled_from(["mbconv", "separable"]),
                "channels": st.integers(1, 200),
                "layers": st.integers(1, 3),
                "kernel": st.sampled_from([1, 3, 5, 7]),
                "stride": st.sampled_from([1, 2]),
                "expansion": st.integers(1, 6),
                "squeeze_ratio": st.sampled_from([0.0, 0.1, 0.25, 1.0]),
            }
        ),
        min_size=1,
        max_size=5,
    ),
    depth=st.floats(0.3, 2),
    width=st.floats(0.3, 2),
    end=st.sampled_from([END, {"operator": "classifier", "channels": 1, "kernel": 1}]),
)
def test_whatever_is_accepted_is_built_as_described(
    blocks: list[dict[str, Any]], depth: float, width: float, end: dict[str, Any]
) -> None:
    stages = [{**block, "squeeze_ratio": 0.0} if block["operator"] == "separable" else block for block in blocks]
    baseline = custom.from_json(json.dumps({"stages": [STEM, *stages, end], "classes": 10}))
    network = scale(baseline, depth, width, 64)
    with torch.device("meta"):
        module = build(network)
    assert cost.of(network).params == sum(value.numel() for value in module.parameters())


@given(st.text(max_size=200))
def test_no_text_at_all_is_a_table_by_chance(text: str) -> None:
    with pytest.raises(ScalingError):
        custom.from_json(text)
