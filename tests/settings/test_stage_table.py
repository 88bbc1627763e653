"""A stage table of one's own: what is read is what was written, and what cannot be built is refused by name."""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.cost import counting, design_space, memory
from explorer.formats.strict_json import decode
from explorer.models.build import build
from explorer.network.baselines import BASELINES
from explorer.network.description import of_baseline, scale
from explorer.network.scaling import NONE, REFERENCE, ROUNDINGS, Rounding, ScalingError
from explorer.settings import stage_table

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
    ([STEM, {**BLOCK, "kernel": 4}, END], "kernels are odd"),
    ([STEM, {**BLOCK, "stride": 4}, END], "takes 1 or 2"),
    ([STEM, {**BLOCK, "squeeze_ratio": 1.5}, END], "squeeze ratio of stage 2"),
    ([STEM, {**BLOCK, "operator": "<b>attention</b>"}, END], "operator"),
    ([STEM, {**BLOCK, "colour": 1}, END], "unknown field “colour”; known: operator, channels"),
    ([STEM, {**BLOCK, "chanels": 1}, END], "unknown field “chanels” (did you mean “channels”?)"),
    ([STEM, {**BLOCK, "operator": "mbconf"}, END], "“mbconf” (did you mean “mbconv”?)"),
    ([STEM, {"channels": 8}, END], "operator of stage 2 is missing"),
    ([STEM, {"operator": "mbconv"}, END], "channels of stage 2 is missing"),
    ([STEM, {**BLOCK, "scales_width": "no"}, END], "scales_width of stage 2 is “no”"),
    ([STEM, {**BLOCK, "scales_depth": 0}, END], "scales_depth of stage 2 is “0”"),
    ([{**STEM, "scales_depth": True}, BLOCK, END], "has scales_depth"),
    ([{**STEM, "expansion": 6}, BLOCK, END], "only mbconv, fused-mbconv and bottleneck stages take one"),
    ([STEM, BLOCK, {**END, "kernel": 3}], "an end takes 1"),
    ([STEM, BLOCK, {"operator": "classifier", "scales_width": False}], "scales_width and shrinks must be true"),
    ([STEM, BLOCK, {"operator": "classifier", "channels": 25}], "it keeps the 24 of the stage before"),
    ([STEM, *[{**BLOCK, "channels": 16_000, "layers": 90, "expansion": 12, "kernel": 11}] * 2, END], "too large"),
    ([STEM, {**BLOCK, "operator": "separable", "expansion": 1}, END], "only mbconv"),
    ([{**STEM, "skips": False}, BLOCK, END], "only mbconv and fused-mbconv stages have any"),
    ([STEM, {**BLOCK, "expands_output": True}, END], "only fused-mbconv stages of an expansion above 1 can"),
    ([STEM, {**BLOCK, "skips": 1}, END], "skips of stage 2 is “1”; give true or false."),
    ([STEM, {"operator": "bottleneck", "channels": 256, "expansion": 4}, END], "whole ResNet"),
    ([{**STEM, "layers": 2}, BLOCK, END], "a stem or an end has one"),
)
# A document that would be taken for another one, and a part of the refusal.
TABLE: dict[str, Any] = {"stages": [STEM, BLOCK, END]}
STRICT = (
    ({**TABLE, "num_classes": 10}, "unknown field “num_classes” (did you mean “classes”?); known: name, input"),
    ({**TABLE, "channels_in": 1}, "unknown field “channels_in”"),
    ({**TABLE, "in_channels": 17}, "The number of the images' channels is 17; give a number from 1 to 16."),
    ({**TABLE, "classifier": 0}, "classifier of the table is “0”; give true or false."),
    ({**TABLE, "keeps_90_percent": "no"}, "keeps_90_percent of the table is “no”"),
    ({"stage": [STEM, BLOCK, END]}, "unknown field “stage” (did you mean “stages”?)"),
    ({**TABLE, "name": 3}, "The name is “3”; give text."),
    ({**TABLE, "activation": "relu5"}, "“relu5” (did you mean “relu"),
    ({**TABLE, "activation": ["relu"]}, "give one of silu, relu6, relu"),
    ({**TABLE, "classes": "10"}, "The number of classes is “10”"),
    ({**TABLE, "classes": None}, "The number of classes is “None”"),
    ({**TABLE, "input_resolution": 224.5}, "give a whole number"),
)
WRITTEN = json.dumps(TABLE)
MISWRITTEN = (
    ("", "The stage table is empty"),
    ("\ufeff \n", "The stage table is empty"),
    (WRITTEN.replace('"kernel": 5', '"kernel": 5, "kernel": 3'), "gives the field “kernel” twice"),
    (WRITTEN.replace('"stages"', '"classes": 2, "classes": 3, "stages"'), "gives the field “classes” twice"),
    (WRITTEN.replace("0.25", "NaN"), "is not JSON: NaN is no number there"),
    (WRITTEN.replace("0.25", "-Infinity"), "is not JSON: -Infinity is no number there"),
    (WRITTEN.replace("}", "\n", 1), "is not JSON (line 2, column "),
    (WRITTEN.replace("0.25", "9" * 5000), "has a number of too many digits"),
    (WRITTEN.replace('"kernel"', '"\\ud800"'), "unknown field “?”"),
    (WRITTEN.replace('"mbconv"', '"\\ud800"'), "the operator “?”"),
    (WRITTEN + WRITTEN, f"is not JSON (line 1, column {len(WRITTEN) + 1})"),
)
NO_TABLE = ("", "x", "[]", "null", "{}", '{"stages": 3}', '{"stages": [1, 2, 3]}', "[" * 10_000, " " * 30_000)


@pytest.mark.parametrize("key", BASELINES)
def test_every_family_survives_the_round_trip(key: str) -> None:
    baseline = BASELINES[key]
    read = stage_table.from_json(stage_table.to_json(baseline))
    assert read.stages == baseline.stages
    assert counting.of(of_baseline(read)) == counting.of(of_baseline(baseline))
    assert counting.of(scale(read, 1.3, 1.35, 97)) == counting.of(scale(baseline, 1.3, 1.35, 97))


@pytest.mark.parametrize("task", [{"classes": 10}, {"in_channels": 1}, {"classifier": False}])
def test_the_task_survives_the_round_trip(task: dict[str, Any]) -> None:
    baseline = replace(stage_table.own(BASELINES["v2"]), name="Edited", **task)
    assert stage_table.from_json(stage_table.to_json(baseline)) == baseline


@pytest.mark.parametrize(("stages", "said"), REFUSED)
def test_what_cannot_be_built_is_refused_by_name(stages: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ScalingError) as refusal:
        stage_table.from_json(json.dumps({"stages": stages}))
    assert said in str(refusal.value)
    assert len(str(refusal.value)) < 300


@pytest.mark.parametrize(("document", "said"), STRICT)
def test_nothing_of_a_document_is_dropped_or_guessed(document: dict[str, Any], said: str) -> None:
    assert stage_table.from_json(WRITTEN).classes == 1000
    with pytest.raises(ScalingError) as refusal:
        stage_table.from_json(json.dumps(document))
    assert said in str(refusal.value)


@pytest.mark.parametrize(("text", "said"), MISWRITTEN)
def test_miswritten_json_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ScalingError) as refusal:
        stage_table.from_json(text)
    assert said in str(refusal.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_a_table_may_begin_with_a_byte_order_mark(encoding: str) -> None:
    name = "Réseau d’essai 网络".replace("’", " ")
    text = json.dumps({"name": name, **TABLE}, ensure_ascii=False)
    assert stage_table.from_json(decode(text.encode(encoding))).name == name
    assert stage_table.from_json("\ufeff" + text).name == name


@pytest.mark.parametrize("key", BASELINES)
@pytest.mark.parametrize("rounding", [REFERENCE, NONE])
def test_whatever_the_families_become_is_a_table_again(key: str, rounding: Rounding) -> None:
    for size in (0.1, 0.25, 1.0, 3.3, 8.0):
        network = scale(BASELINES[key], size, size, 1024, rounding)
        read = stage_table.from_json(stage_table.table_of(network, "φ = <b>3</b>"))
        assert scale(read, 1.0, 1.0, 1024, NONE).shape == network.shape
        assert counting.of(scale(read, 1.0, 1.0, 1024, NONE)) == counting.of(network)
        assert read.name == "φ  b3b"


def test_a_table_that_could_not_be_read_again_is_not_written() -> None:
    stages = [STEM, *[{**BLOCK, "layers": 60}] * 3, END]
    deep = scale(stage_table.from_json(json.dumps({"stages": stages})), 2.0, 1.0, 224)
    with pytest.raises(ScalingError, match="120"):
        stage_table.table_of(deep, "deep")


@pytest.mark.parametrize("rounding", ROUNDINGS.values(), ids=ROUNDINGS)
def test_the_largest_table_that_is_taken_can_be_mapped(rounding: Rounding) -> None:
    """Its costs fit in 64 bits wherever the sliders go, in bytes and for a batch too."""

    def table(channels: int) -> str:
        stages = [STEM, *[{**BLOCK, "channels": channels, "layers": 99, "expansion": 12}] * 2, END]
        return json.dumps({"stages": stages})

    fits = bisect_left(range(1, 16_385), True, key=lambda channels: not _is_read(table(channels)))
    assert 1000 < fits < 16_384
    baseline = stage_table.from_json(table(fits))
    largest = design_space.costs(baseline, 8.0, 8.0, 1024, rounding)
    network = scale(baseline, 8.0, 8.0, 1024, rounding)
    assert int(largest.macs) == counting.of(network).macs > 10**17
    assert memory.training(network, 256).total < 2**63
    assert not _is_read(table(fits + 1))


def _is_read(text: str) -> bool:
    try:
        stage_table.from_json(text)
    except ScalingError:
        return False
    return True


@pytest.mark.parametrize("text", NO_TABLE)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(ScalingError):
        stage_table.from_json(text)


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
    end=st.sampled_from([END, {"operator": "classifier"}]),
)
def test_whatever_is_accepted_is_built_as_described(
    blocks: list[dict[str, Any]], depth: float, width: float, end: dict[str, Any]
) -> None:
    plain = {"squeeze_ratio": 0.0, "expansion": 1}
    stages = [{**block, **plain} if block["operator"] == "separable" else block for block in blocks]
    baseline = stage_table.from_json(json.dumps({"stages": [STEM, *stages, end], "classes": 10}))
    network = scale(baseline, depth, width, 64)
    with torch.device("meta"):
        module = build(network)
    assert counting.of(network).params == sum(value.numel() for value in module.parameters())


@given(st.text(max_size=200))
def test_no_text_at_all_is_a_table_by_chance(text: str) -> None:
    with pytest.raises(ScalingError):
        stage_table.from_json(text)
