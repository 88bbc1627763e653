"""Every published table: read whole, typed, in range, without duplicates, and equal to our counts or listed as not."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from explorer.network.baselines import EFFICIENTNET
from explorer.network.scaling import Compound
from explorer.published import figures, latency, measured, presets, scaled, small, table2, transfer
from explorer.published.constants import constant, constants
from explorer.published.discrepancies import discrepancies
from explorer.published.rows import rows
from explorer.published.table2 import VERSIONS, PublishedResult

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
    "families.csv": (measured.families, 57, ("prefix",)),
    "pycls_zoo.csv": (measured.pycls_zoo, 36, ("model",)),
    "lite.csv": (small.lite, 5, ("model",)),
    "mobilenetv2.csv": (small.mobilenets, 22, ("model",)),
    "tinynet.csv": (small.tinynets, 5, ("model",)),
    "constants.csv": (constants, 5, ("name",)),
    "discrepancies.csv": (discrepancies, 34, ("key",)),
    "coefficients.csv": (lambda: tuple(presets().values()), 24, ("key",)),
}

# Files that another test reads: printed_counts.csv (test_conventions).
ELSEWHERE = {"printed_counts.csv"}

# The lowest and the highest value of a field, wherever it appears.
RANGES = {
    "top1": (45.0, 91.0),
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
    "width": (0.35, 5.0),
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


def printed(name: str, column: str) -> list[str]:
    """A column of a file as it is written."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


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


ONLY_IN_TABLE_2 = ("polynet", "senet", "amoebanet", "gpipe")
"""Families that the paper compares with and timm has no results of."""


def test_every_network_of_timm_has_a_family_and_every_family_a_network() -> None:
    known = {each.prefix for each in measured.families()}
    assert {row.family.prefix for row in measured.timm_results()} == known - set(ONLY_IN_TABLE_2)
    printed = [row.model.lower() for row in table2()]
    assert all(any(model.startswith(prefix) for model in printed) for prefix in ONLY_IN_TABLE_2)


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


def test_a_table_that_does_not_fit_its_record_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.published.rows.table", lambda name: [{"model": name}])
    with pytest.raises(ValueError, match=r"nowhere\.csv has the columns model; expected: model, top1"):
        rows(latency.PrintedLatency, "nowhere.csv")


def test_a_text_where_a_number_belongs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    row = dict.fromkeys([field.name for field in fields(PublishedResult)], "x")
    monkeypatch.setattr("explorer.published.rows.table", lambda _: [row])
    with pytest.raises(ValueError, match=r"wrong\.csv, line 2: “x”"):
        rows(PublishedResult, "wrong.csv")
