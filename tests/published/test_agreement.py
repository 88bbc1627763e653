"""Printed ratios and our exact counts agree with what is printed, or are listed among the discrepancies."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from explorer.cost import counting
from explorer.network.baselines import BASELINES
from explorer.published import discrepancies as listed
from explorer.published import figures, latency, measured, preset_costs, scaled, small, table2, transfer
from explorer.published.discrepancies import STATUSES, discrepancies
from explorer.published.table2 import table8
from tests.published.test_tables import FOLDER, printed

MILLION, BILLION = 1e6, 1e9


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
    for row, text in zip(
        (scaled.table3 if name == "table3.csv" else scaled.table7)(), printed(name, "macs_billions"), strict=True
    ):
        network = row.network()
        if network is not None:
            rebuilt += 1
            counted = counting.of(network).macs / BILLION
            known = [
                each
                for each in discrepancies()
                if each.first_place.startswith(place) and each.recount() == counted and each.first == float(text)
            ]
            assert rounds_to(text, counted) != bool(known), (row.family, row.method)
    assert rebuilt == (12 if name == "table3.csv" else 5)


@pytest.mark.parametrize("row", small.tinynets(), ids=lambda row: row.model)
def test_tinynets_built_again_have_timms_counts(row: small.TinyNet) -> None:
    counted = counting.of(row.network())
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
