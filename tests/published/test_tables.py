"""Every published table: read whole, typed, in range, without duplicates, and equal to our counts or listed as not."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from explorer import cost
from explorer.baselines import BASELINES, EFFICIENTNET
from explorer.published import discrepancies as listed
from explorer.published import figures, latency, measured, preset_costs, presets, scaled, small, table2, transfer
from explorer.published.constants import constant, constants
from explorer.published.discrepancies import STATUSES, discrepancies
from explorer.published.rows import rows
from explorer.published.table2 import VERSIONS, Result, table8
from explorer.scaling import Compound

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "published"

# What reads a file, how many rows it has, and the fields that no two rows share.
TABLES: dict[str, tuple[Callable[[], tuple[Any, ...]], int, tuple[str, ...]]] = {
    "table1.csv": (figures.table1, 9, ("stage",)),
    "table2.csv": (table2, 24, ("model",)),
    "table3.csv": (scaled.table3, 14, ("family", "method")),
    "table4.csv": (latency.table4, 4, ("model",)),
    "table5.csv": (transfer.table5, 16, ("dataset", "comparison")),
    "table6.csv": (transfer.table6, 8, ("dataset",)),
    "table7.csv": (scaled.table7, 5, ("method",)),
    "figure1.csv": (figures.figure1, 22, ("model",)),
    "figure3.csv": (figures.figure3, 19, ("dimension", "coefficient")),
    "figure4.csv": (figures.figure4, 34, ("depth", "resolution", "index")),
    "figure5.csv": (figures.figure5, 21, ("model",)),
    "figure6.csv": (transfer.figure6, 159, ("dataset", "model")),
    "figure8.csv": (figures.figure8, 24, ("method", "point")),
    "timm_results.csv": (measured.timm_results, 216, ("model", "input_resolution")),
    "families.csv": (measured.families, 53, ("prefix",)),
    "pycls_zoo.csv": (measured.pycls_zoo, 36, ("model",)),
    "lite.csv": (small.lite, 5, ("model",)),
    "tinynet.csv": (small.tinynets, 5, ("model",)),
    "constants.csv": (constants, 5, ("name",)),
    "discrepancies.csv": (discrepancies, 34, ("key",)),
    "coefficients.csv": (lambda: tuple(presets().values()), 15, ("key",)),
}

# Files that another test reads: printed_counts.csv (test_conventions).
ELSEWHERE = {"printed_counts.csv"}

# The lowest and the highest value of a field, wherever it appears.
RANGES = {
    "top1": (55.0, 91.0),
    "top5": (80.0, 99.0),
    "real_top1": (65.0, 92.0),
    "v2_top1": (44.0, 82.0),
    "accuracy": (65.0, 100.0),
    "ours_accuracy": (80.0, 100.0),
    "other_accuracy": (80.0, 100.0),
    "params_millions": (1.0, 600.0),
    "macs_billions": (0.02, 500.0),
    "activations_millions": (0.5, 2000.0),
    "input_resolution": (7, 800),
    "depth": (0.5, 6.0),
    "width": (0.5, 5.0),
    "resolution": (1.0, 2.5),
    "year": (2014, 2025),
    "crop": (0.8, 1.0),
    "cpu_milliseconds": (2.0, 3500.0),
    "gpu_images_per_second": (20.0, 60_000.0),
    "seconds": (0.05, 20.0),
}

# A network of timm, and what its name says: weights' data, family, year.
NAMES = (
    ("tf_efficientnet_b0.ns_jft_in1k", "JFT-300M, unlabelled", "EfficientNet", 2019),
    ("tf_efficientnetv2_s.in21k_ft_in1k", "ImageNet-21k", "EfficientNetV2", 2021),
    ("tf_efficientnet_cc_b0_4e.in1k", "ImageNet-1k only", "EfficientNet-CondConv", 2019),
    ("resnetrs50.tf_in1k", "ImageNet-1k only", "ResNet-RS", 2021),
    ("deit3_base_patch16_224.fb_in1k", "ImageNet-1k only", "DeiT III", 2022),
    ("swin_large_patch4_window7_224.ms_in22k_ft_in1k", "ImageNet-22k", "Swin", 2021),
    ("efficientnet_b5.sw_in12k_ft_in1k", "ImageNet-12k", "EfficientNet", 2019),
    ("tinynet_e.in1k", "ImageNet-1k only", "TinyNet", 2020),
)

# The paper's text: Figure 3 starts at 76.1 %; Figure 4's last dot; Figure 5 draws v3's accuracies.
DOTS = (
    (figures.figure3, 0, 0.5, 76.1),
    (figures.figure4, -1, 19.01, 82.02),
    (figures.figure5, 0, 0.393, 77.3),
    (figures.figure8, -1, 4.2, 82.6),
)

# B0 to B7 in each version of the paper: the first and the last top-1 in percent.
ACCURACIES = {"v5": (77.1, 84.3), "v3": (77.3, 84.4), "v1": (76.3, 84.4)}

MILLION, BILLION = 1e6, 1e9


def printed(name: str, column: str) -> list[str]:
    """A column of a file as it is written."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def span(text: str) -> tuple[float, float]:
    """The numbers that round to `text` as printed; a whole number of two digits or more may have lost its decimals."""
    half = Decimal(1).scaleb(int(Decimal(text).as_tuple().exponent)) / 2
    return float(Decimal(text) - half), float(Decimal(text) + half)


def rounds_to(text: str, value: float) -> bool:
    low, high = span(text)
    return low <= value <= high


def contradicted(place: str, number: float) -> bool:
    """Whether the list of discrepancies holds this number of this place."""
    return any(each.first_place.startswith(place) and each.first == number for each in discrepancies())


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_whole_and_without_duplicates(name: str) -> None:
    read, count, key = TABLES[name]
    found = read()
    assert len(found) == count
    names = Counter(tuple(getattr(row, field) for field in key) for row in found)
    assert [name for name, times in names.items() if times > 1] == []


def test_every_file_is_read_here_or_elsewhere() -> None:
    assert {path.name for path in FOLDER.iterdir()} == TABLES.keys() | ELSEWHERE


@pytest.mark.parametrize("name", sorted(TABLES.keys() | ELSEWHERE))
def test_every_row_names_its_source(name: str) -> None:
    assert all(source.strip() for source in printed(name, "source"))


@pytest.mark.parametrize("name", TABLES)
def test_numbers_are_in_range(name: str) -> None:
    seen = 0
    for row in TABLES[name][0]():
        for field in fields(row):
            value = getattr(row, field.name)
            if field.name in RANGES and value is not None and name != "discrepancies.csv":
                low, high = RANGES[field.name]
                assert low <= value <= high, (field.name, row)
                seen += 1
    assert seen or name in {"table6.csv", "discrepancies.csv", "constants.csv"}


@pytest.mark.parametrize(("name", "data", "family", "year"), NAMES)
def test_a_name_tells_family_and_data(name: str, data: str, family: str, year: int) -> None:
    row = next(row for row in measured.timm_results() if row.model == name)
    assert (row.data, row.family.family, row.family.year) == (data, family, year)
    assert f"{row.architecture}.{row.recipe}" == name


def test_every_network_of_timm_has_a_family_and_every_family_a_network() -> None:
    assert {row.family.prefix for row in measured.timm_results()} == {each.prefix for each in measured.families()}


@pytest.mark.parametrize(("read", "index", "macs", "top1"), DOTS)
def test_dots_of_the_figures(read: Callable[[], tuple[Any, ...]], index: int, macs: float, top1: float) -> None:
    assert (read()[index].macs_billions, read()[index].top1) == (macs, top1)


def test_table_1_is_the_network_that_we_build() -> None:
    for row, template in zip(figures.table1(), EFFICIENTNET.stages, strict=True):
        assert (row.channels, row.layers, row.kernel) == (template.channels, template.layers, template.kernel)
        assert row.stride == template.stride
        assert (row.expansion or 1, row.squeeze_ratio or 0) == (template.expansion, template.squeeze_ratio)


@pytest.mark.parametrize("version", VERSIONS)
def test_versions_differ_in_the_efficientnets_only(version: str) -> None:
    rows_of = [row for row in table2(version) if row.is_efficientnet]
    assert (rows_of[0].top1, rows_of[-1].top1) == ACCURACIES[version]
    others = [row for row in table2(version) if not row.is_efficientnet]
    assert others == [row for row in table2() if not row.is_efficientnet]


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(KeyError):
        table2("v2")


def test_the_papers_constants_are_the_sliders_start() -> None:
    start = Compound(1.0)
    assert [constant(name) for name in ("alpha", "beta", "gamma")] == [start.alpha, start.beta, start.gamma]
    with pytest.raises(KeyError):
        constant("delta")


def test_table_8_validation_rounds_to_table_2() -> None:
    results = {row.model: row for row in table2()}
    assert [row.model for row in table8()] == [f"EfficientNet-B{size}" for size in range(8)]
    for row in table8():
        assert rounds_to(f"{results[row.model].top1:.1f}", row.validation_top1)


def ratio_span(above: str, below: str) -> tuple[float, float]:
    (low, high), (least, most) = span(above), span(below)
    return low / most, high / least


def reference(row: dict[str, str], table: list[dict[str, str]]) -> dict[str, str]:
    return next(each for each in table if each["group"] == row["group"] and each["param_ratio_printed"] == "1")


@pytest.mark.parametrize(("column", "ratio"), [("params_M", "param_ratio_printed"), ("flops_B", "flops_ratio_printed")])
def test_printed_ratios_follow_from_printed_numbers_or_are_listed(column: str, ratio: str) -> None:
    with (FOLDER / "table2.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    for row in table:
        if row[ratio] and row[column]:
            low, high = ratio_span(row[column], reference(row, table)[column])
            least, most = span(row[ratio])
            agrees = least <= high and low <= most
            assert agrees != contradicted("Table 2, printed ratio", float(row[ratio])), row["model"]


def test_printed_ratios_of_table_5_follow_or_are_listed() -> None:
    for row in transfer.table5():
        if row.params_ratio_printed and row.other_params_millions and row.ours_params_millions:
            low, high = ratio_span(f"{row.other_params_millions:g}", f"{row.ours_params_millions:g}")
            least, most = span(f"{row.params_ratio_printed:g}")
            agrees = least <= high and low <= most
            assert agrees != contradicted("Table 5, printed ratio", row.params_ratio_printed), row.dataset


def test_printed_speedups_follow() -> None:
    seconds = {row.model: row.seconds for row in latency.table4()}
    for row in latency.table4():
        if row.against:
            assert rounds_to(str(row.speedup_printed), seconds[row.against] / row.seconds)


@pytest.mark.parametrize(
    ("column", "unit", "count"), [("flops_B", listed.MACS, "macs"), ("params_M", listed.PARAMS, "params")]
)
def test_our_count_rounds_to_table_2_or_is_listed(column: str, unit: str, count: str) -> None:
    size = {listed.MACS: BILLION, listed.PARAMS: MILLION}[unit]
    for model, text in zip(printed("table2.csv", "model"), printed("table2.csv", column), strict=True):
        if model.startswith("EfficientNet-"):
            ours = getattr(preset_costs("efficientnet")[model.removeprefix("EfficientNet-").lower()], count) / size
            known = any(
                each.first == float(text) and each.unit == unit and each.key.startswith("table2-")
                for each in discrepancies()
            )
            assert rounds_to(text, ours) != known, model


@pytest.mark.parametrize("name", ["table3.csv", "table7.csv"])
def test_networks_built_again_cost_what_is_printed_or_are_listed(name: str) -> None:
    place = "Table 3" if name == "table3.csv" else "Table 7"
    rebuilt = 0
    for row, text in zip(TABLES[name][0](), printed(name, "macs_billions"), strict=True):
        network = row.network()
        if network is not None:
            rebuilt += 1
            counted = cost.of(network).macs / BILLION
            known = [
                each
                for each in discrepancies()
                if each.first_place.startswith(place) and each.recount() == counted and each.first == float(text)
            ]
            assert rounds_to(text, counted) != bool(known), (row.family, row.method)
    assert rebuilt == (12 if name == "table3.csv" else 5)


@pytest.mark.parametrize("row", small.tinynets(), ids=lambda row: row.model)
def test_tinynets_built_again_have_timms_counts(row: small.TinyNet) -> None:
    counted = cost.of(row.network())
    (timm,) = (each for each in measured.timm_results() if each.architecture == row.model.replace("-", "_"))
    assert rounds_to(f"{timm.params_millions:.2f}", counted.params / MILLION)
    assert rounds_to(f"{timm.activations_millions:.2f}", counted.activations / MILLION)


@pytest.mark.parametrize("row", small.lite(), ids=lambda row: row.model)
def test_lite_has_the_printed_size(row: small.PrintedLite) -> None:
    counted = preset_costs("lite")[row.model.removeprefix("efficientnet-")]
    assert rounds_to(f"{row.params_millions:.1f}", counted.params / MILLION)
    # The list says why the cost is not the printed one: three operations for each activation more.
    assert counted.macs + 3 * counted.activations == pytest.approx(row.macs_billions * BILLION, rel=0.005)


@pytest.mark.parametrize("each", discrepancies(), ids=lambda each: each.key)
def test_a_discrepancy_is_one(each: listed.Discrepancy) -> None:
    assert each.status in STATUSES
    assert each.words.endswith(".")
    numbers = {each.first, each.second} | ({each.recount()} - {None})
    assert len(numbers) > 1 or each.key == "figure1-unlabelled"
    if each.family is not None:
        assert each.family in BASELINES
        assert each.recount() is not None


def test_the_contradicting_numbers_are_those_of_the_tables() -> None:
    by_key = {each.key: each for each in discrepancies()}
    dots = {(dot.dimension, dot.coefficient): dot for dot in figures.figure3()}
    again = {(dot.depth, dot.resolution): dot for dot in figures.figure4() if dot.index == 0}
    assert (by_key["depth2"].first, by_key["depth2"].second) == (dots["depth", 2.0].top1, again[2.0, 1.0].top1)
    there = by_key["resolution13"]
    assert (there.first, there.second) == (dots["resolution", 1.3].top1, again[1.0, 1.3].top1)
    drawn = {dot.model: dot.top1 for dot in figures.figure1()}
    told = {row.model: row.top1 for row in table2()}
    for key, model in (("figure1-b0", "EfficientNet-B0"), ("figure1-b7", "EfficientNet-B7")):
        assert (by_key[key].first, by_key[key].second) == (drawn[model], told[model])
    for name in ("Birdsnap", "FGVC Aircraft", "Food-101"):
        (dot,) = (each for each in transfer.figure6() if each.dataset == name and each.model == "Inception-v4")
        row = next(each for each in transfer.table5() if each.dataset == name and each.other == "Inception-v4")
        assert any((each.first, each.second) == (dot.accuracy, row.other_accuracy) for each in discrepancies())


def test_a_table_that_does_not_fit_its_record_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.published.rows.table", lambda name: [{"model": name}])
    with pytest.raises(ValueError, match=r"nowhere\.csv has the columns model; expected: model, top1"):
        rows(latency.PrintedLatency, "nowhere.csv")


def test_a_text_where_a_number_belongs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    row = dict.fromkeys([field.name for field in fields(Result)], "x")
    monkeypatch.setattr("explorer.published.rows.table", lambda _: [row])
    with pytest.raises(ValueError, match=r"wrong\.csv, line 2: “x”"):
        rows(Result, "wrong.csv")
