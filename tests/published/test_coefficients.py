"""What is published, against the papers' own numbers and our count of the same networks."""

from __future__ import annotations

import csv
import math
from itertools import pairwise
from pathlib import Path

import pytest
import timm
from hypothesis import given
from hypothesis import strategies as st

from explorer.cost import counting
from explorer.cost.counting import Cost
from explorer.network.baselines import BASELINES
from explorer.network.description import scale
from explorer.published import (
    Preset,
    PublishedResult,
    named,
    nearest,
    preset_costs,
    preset_networks,
    presets,
    same_stages,
    table2,
)

ASSETS = Path(__file__).resolve().parents[2] / "assets"

# Table 2 of arXiv:1905.11946v5: top-1 in percent, parameters in millions, multiply-adds in billions.
PAPER = {
    "EfficientNet-B0": (77.1, 5.3, 0.39),
    "EfficientNet-B1": (79.1, 7.8, 0.70),
    "EfficientNet-B2": (80.1, 9.2, 1.0),
    "EfficientNet-B3": (81.6, 12, 1.8),
    "EfficientNet-B4": (82.9, 19, 4.2),
    "EfficientNet-B5": (83.6, 30, 9.9),
    "EfficientNet-B6": (84.0, 43, 19),
    "EfficientNet-B7": (84.3, 66, 37),
    "ResNet-50": (76.0, 26, 4.1),
    "GPipe": (84.3, 557, None),
}

# Rows of each group of Table 2, which compares one EfficientNet with the networks of its accuracy.
GROUPS = {"B0": 3, "B1": 5, "B2": 3, "B3": 3, "B4": 5, "B5": 2, "B6": 1, "B7": 2}

# Family, depth, width and pixels of the families' reference code.
COEFFICIENTS = {
    "b0": ("efficientnet", 1.0, 1.0, 224),
    "b1": ("efficientnet", 1.1, 1.0, 240),
    "b2": ("efficientnet", 1.2, 1.1, 260),
    "b3": ("efficientnet", 1.4, 1.2, 300),
    "b4": ("efficientnet", 1.8, 1.4, 380),
    "b5": ("efficientnet", 2.2, 1.6, 456),
    "b6": ("efficientnet", 2.6, 1.8, 528),
    "b7": ("efficientnet", 3.1, 2.0, 600),
    "b8": ("efficientnet", 3.6, 2.2, 672),
    "l2": ("efficientnet", 5.3, 4.3, 800),
    "lite0": ("lite", 1.0, 1.0, 224),
    "lite1": ("lite", 1.1, 1.0, 240),
    "lite2": ("lite", 1.2, 1.1, 260),
    "lite3": ("lite", 1.4, 1.2, 280),
    "lite4": ("lite", 1.8, 1.4, 300),
    "v2-b0": ("v2", 1.0, 1.0, 224),
    "v2-b1": ("v2", 1.1, 1.0, 240),
    "v2-b2": ("v2", 1.2, 1.1, 260),
    "v2-b3": ("v2", 1.4, 1.2, 300),
    "edgetpu-s": ("edgetpu", 1.0, 1.0, 224),
    "edgetpu-m": ("edgetpu", 1.1, 1.0, 240),
    "edgetpu-l": ("edgetpu", 1.4, 1.2, 300),
    "mnasnet": ("mnasnet", 1.0, 1.0, 224),
    "mnasnet-a1": ("mnasnet-a1", 1.0, 1.0, 224),
}

# How people write a published network, and which it is.
NAMES = (
    ("b0", "b0"),
    ("B0", "b0"),
    (" EfficientNet-B7", "b7"),
    ("efficientnet_b0", "b0"),
    ("tf_efficientnet_l2", "l2"),
    ("efficientnet-lite0", "lite0"),
    ("tf_efficientnetv2_b3", "v2-b3"),
    ("EfficientNetV2-B0", "v2-b0"),
    ("efficientnet_em", "edgetpu-m"),
    ("mnasnet_100", "mnasnet"),
    ("semnasnet_100", "mnasnet-a1"),
    ("b9", None),
    ("efficientnet", None),
    ("", None),
)

# Columns that say where a row comes from.
SOURCES = {
    "published/table2.csv": ("source",),
    "published/coefficients.csv": ("source",),
    "checkpoints.csv": ("config_source", "licence"),
}

# What the source of a published network names: the authors' code, or a table of their paper.
KNOWN_SOURCES = ("tensorflow/tpu", "automl", "Table")

FAMILIES = tuple(dict.fromkeys(family for family, *_ in COEFFICIENTS.values()))

# This, that, and whether this is as accurate at lower cost.
BETTER = (
    (80.0, 1.0, 79.0, 2.0, True),
    (79.0, 1.0, 79.0, 2.0, True),
    (79.0, 2.0, 79.0, 2.0, False),
    (78.9, 1.0, 79.0, 2.0, False),
    (80.0, 3.0, 79.0, 2.0, False),
    (80.0, None, 79.0, 2.0, False),
    (80.0, 1.0, 79.0, None, False),
)


def result(top1: float, macs_billions: float | None) -> PublishedResult:
    return PublishedResult("a network", "B0", top1, 5.0, macs_billions, "a test")


def nearest_key(macs: int, family: str) -> str:
    """The key of the published network that is nearest to one of `macs`."""
    found = nearest(Cost(1, macs, 1), family)
    assert found is not None
    return found.key


def test_table_2_is_whole() -> None:
    assert len(table2()) == 24
    assert {group: sum(row.group == group for row in table2()) for group in GROUPS} == GROUPS
    assert len({row.model for row in table2()}) == len(table2())


@pytest.mark.parametrize("model", PAPER)
def test_table_2_has_the_papers_numbers(model: str) -> None:
    (row,) = (row for row in table2() if row.model == model)
    assert (row.top1, row.params_millions, row.macs_billions) == PAPER[model]


def test_the_efficientnets_are_b0_to_b7() -> None:
    names = [row.model for row in table2() if row.is_efficientnet]
    assert names == [f"EfficientNet-B{size}" for size in range(8)]


@pytest.mark.parametrize("name", SOURCES)
def test_every_row_has_a_source(name: str) -> None:
    with (ASSETS / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert [row for row in rows if not all((row[column] or "").strip() for column in SOURCES[name])] == []


def test_every_result_and_preset_carries_its_source() -> None:
    assert all("1905.11946" in row.source for row in table2())
    assert [each.key for each in presets().values() if not any(text in each.source for text in KNOWN_SOURCES)] == []


@pytest.mark.parametrize("key", COEFFICIENTS)
def test_presets_have_the_reference_codes_numbers(key: str) -> None:
    preset = presets()[key]
    assert (preset.family, preset.depth, preset.width, preset.input_resolution) == COEFFICIENTS[key]
    assert preset.key == key
    assert preset.key == preset.short.lower().replace("mnasnet-b1", "mnasnet")
    assert preset.baseline is BASELINES[preset.family]


@pytest.mark.parametrize(("text", "key"), NAMES)
def test_a_published_network_is_found_by_the_names_that_people_type(text: str, key: str | None) -> None:
    assert named(text) is (presets()[key] if key else None)


@pytest.mark.parametrize("preset", presets().values(), ids=presets())
def test_timm_knows_every_name(preset: Preset) -> None:
    known = [name for name in preset.names if timm.is_model(name)]
    assert known or not preset.names
    assert all(named(name) is preset for name in (*preset.names, preset.title, preset.key.upper()))


def test_presets_come_in_the_order_of_their_size() -> None:
    assert list(presets()) == list(COEFFICIENTS)
    for family in FAMILIES:
        counts = [spent.macs for spent in preset_costs(family).values()]
        assert counts == sorted(counts)


def test_families_share_no_preset() -> None:
    assert [key for family in FAMILIES for key in preset_networks(family)] == list(presets())
    assert {key: counting.of(network) for key, network in preset_networks("lite").items()} == preset_costs("lite")


@pytest.mark.parametrize("size", range(8))
def test_our_count_is_what_the_paper_prints(size: int) -> None:
    (row,) = (row for row in table2() if row.model == f"EfficientNet-B{size}")
    spent = preset_costs("efficientnet")[f"b{size}"]
    assert row.macs_billions is not None
    assert spent.params / 1e6 == pytest.approx(row.params_millions, rel=0.02)
    assert spent.macs / 1e9 == pytest.approx(row.macs_billions, rel=0.05)


@pytest.mark.parametrize("key", presets())
def test_a_published_network_is_nearest_to_itself(key: str) -> None:
    preset = presets()[key]
    assert nearest(preset_costs(preset.family)[key], preset.family) is preset


@pytest.mark.parametrize("family", FAMILIES)
def test_between_two_published_networks_the_ratio_decides(family: str) -> None:
    for (smaller, low), (larger, high) in pairwise(preset_costs(family).items()):
        middle = math.sqrt(low.macs * high.macs)
        assert nearest_key(round(middle * 0.999), family) == smaller
        assert nearest_key(round(middle * 1.001), family) == larger


@given(st.integers(1, 10**13), st.sampled_from(FAMILIES))
def test_nothing_is_nearer_than_the_nearest(macs: int, family: str) -> None:
    distances = {key: abs(math.log(spent.macs / macs)) for key, spent in preset_costs(family).items()}
    assert distances[nearest_key(macs, family)] == pytest.approx(min(distances.values()), abs=1e-9)


@pytest.mark.parametrize("key", presets())
def test_the_same_stages_are_found_at_any_resolution(key: str) -> None:
    preset = presets()[key]
    assert same_stages(preset.network()) is preset
    assert same_stages(scale(preset.baseline, preset.depth, preset.width, 97)) is preset


def test_other_stages_are_nobodys() -> None:
    assert same_stages(scale(BASELINES["efficientnet"], 2.0, 1.0, 224)) is None
    assert same_stages(scale(BASELINES["lite"], 3.1, 2.0, 600)) is None


@pytest.mark.parametrize(("top1", "macs", "other_top1", "other_macs", "better"), BETTER)
def test_as_good_at_lower_cost(
    top1: float, macs: float | None, other_top1: float, other_macs: float | None, better: bool
) -> None:
    assert result(top1, macs).at_least_as_good(result(other_top1, other_macs)) is better
