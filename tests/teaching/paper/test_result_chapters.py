"""The search's reward, Tables 2, 4, 5, 6 and 8, Figures 1, 5 and 6, what came after, and the errata."""

from __future__ import annotations

import pytest

from explorer.cost import counting
from explorer.cost.latency import Latency
from explorer.published.discrepancies import STATUSES, discrepancies
from explorer.published.table2 import VERSIONS, table2
from explorer.published.transfer import TransferDot
from explorer.teaching.paper import after, errata, latency, objective, results, sizes, transfer
from explorer.teaching.paper.objective import SearchReward

# Network and its ratios to the EfficientNet of its group, printed in Table 2 (v5): parameters, multiply-adds.
RATIOS = (("ResNet-50", 4.9, 11.0), ("ResNeXt-101", 7.0, 18.0), ("GPipe", 8.4, None), ("EfficientNet-B0", 1.0, 1.0))

# Table 2 in v1 against v5, in points of top-1.
CHANGES = (("v1", "−0.8 to 0.1"), ("v3", "0.1 to 0.2"))


def test_the_reward_is_the_accuracy_at_the_target() -> None:
    own = objective.of_paper()
    assert (own.target, own.exponent) == (0.4, -0.07)
    assert own.reward(77.1, 0.4) == pytest.approx(77.1)
    assert own.reward(77.1, 0.8) == pytest.approx(77.1 / 2**0.07)
    assert own.top1_for(own.reward(81.6, 1.8), 1.8) == pytest.approx(81.6)
    assert own.price == pytest.approx(1.0497, abs=1e-4)


def test_without_a_price_only_accuracy_counts() -> None:
    free = objective.ranked(SearchReward(0.4, 0.0))
    assert [reward for reward, _ in free] == sorted((row.top1 for row in table2() if row.macs_billions), reverse=True)
    assert "must bring 0.0 % more" in objective.sentence(SearchReward(0.4, 0.0))
    assert "prefers EfficientNet-B0" in objective.sentence(objective.of_paper())


@pytest.mark.parametrize(("model", "params", "macs"), RATIOS)
def test_ratios_of_table_2(model: str, params: float, macs: float | None) -> None:
    (found,) = (each for each in results.compared("v5") if each.row.model == model)
    assert (found.row.params_ratio, found.row.macs_ratio) == (params, macs)
    assert found.params_from_printed == pytest.approx(params, abs=0.06)
    assert found.params_from_count == pytest.approx(params, rel=0.03)
    if macs is None:
        assert found.macs_from_printed is found.macs_from_count is None
    else:
        assert found.macs_from_printed == pytest.approx(macs, rel=0.05)
        assert found.macs_from_count == pytest.approx(macs, rel=0.05)


@pytest.mark.parametrize(("version", "span"), CHANGES)
def test_versions_differ(version: str, span: str) -> None:
    low, high = span.split(" to ")
    assert f"differ by {low if low.startswith('−') else '+' + low} to +{high} points" in results.sentence(version)


def test_the_last_version_is_named() -> None:
    assert "last version" in results.sentence("v5")
    assert [len(results.table_rows(version)) for version in VERSIONS] == [24, 24, 24]
    assert results.split_rows()[0]["Top-1, validation"] == "77.11 %"
    assert results.version_rows("v1")[0]["Top-1 against v5"] == "−0.8"


def test_the_figures_name_their_widest_gap() -> None:
    assert "ResNet-152" in sizes.sentence(sizes.by_size(), "parameters")
    assert "7.7 times fewer parameters" in sizes.sentence(sizes.by_size(), "parameters")
    assert "ResNeXt-101" in sizes.sentence(sizes.by_cost(), "multiply-adds")
    assert "17.9 times fewer multiply-adds" in sizes.sentence(sizes.by_cost(), "multiply-adds")


def test_our_count_of_a_dot_has_its_unit() -> None:
    assert sizes.counted(sizes.by_size()[0]) == 5.288548
    assert sizes.counted(sizes.by_cost()[0]) == 0.385814752


def test_resnet_152_is_built_whole() -> None:
    # torchvision's documentation: 60,192,808 parameters and 11.51 GFLOPS.
    spent = counting.of(latency.resnet_152())
    assert (spent.params, round(spent.macs / 1e9, 2)) == (60192808, 11.51)


def test_times_measured_here_stand_beside_the_papers() -> None:
    assert [row["This machine, one core"] for row in latency.rows(None)].count("not measured yet") == 2
    measured = [Latency(median, median, median, 1, 5) for median in (200.0, 50.0)]
    rows = latency.rows(measured)
    assert [row["This machine, one core"] for row in rows] == ["200 ms", "50 ms", "cannot be built here", "not timed"]
    assert "4.00× as long as B1" in latency.here_sentence(measured)
    assert "5.65×" in latency.here_sentence(measured)
    found = latency.milliseconds(measured)
    assert [name for name, _, _ in found[latency.THIS_MACHINE]] == ["EfficientNet-B1", "ResNet-152"]
    assert [time for _, _, time in found[latency.THIS_MACHINE]] == [50.0, 200.0]
    assert latency.THIS_MACHINE not in latency.milliseconds(None)


def test_a_dot_is_matched_by_one_that_is_no_larger_and_no_less_accurate() -> None:
    def dot(model: str, params: float, accuracy: float) -> TransferDot:
        return TransferDot("Pets", model, params, accuracy, "a test")

    own = (dot("EfficientNet-B0", 4.0, 90.0), dot("EfficientNet-B1", 8.0, 92.0))
    assert transfer.ahead((*own, dot("equal", 4.0, 90.0))) == 1
    assert transfer.ahead((*own, dot("smaller", 3.9, 89.0))) == 0
    assert transfer.ahead((*own, dot("better", 7.9, 91.0))) == 0
    assert transfer.ahead((*own, dot("larger", 8.0, 91.0))) == 1


def test_eight_panels_hold_every_dot() -> None:
    assert [len(dots) for dots in transfer.panels().values()] == [20, 20, 20, 20, 19, 20, 20, 20]
    assert "stay ahead on CIFAR-10, Stanford Cars, Oxford-IIIT Pets." in transfer.sentence()
    pets = next(row for row in transfer.table_rows() if row["Data set"] == "Oxford-IIIT Pets")
    assert (pets["Ratio printed"], pets["Recomputed"]) == (5.6, 3.4)


def test_families_after_the_paper_grow_in_cost_and_accuracy() -> None:
    for name in after.SHOWN:
        rows = after.family(name)
        assert len(rows) >= 5
        assert [row.top1 for row in rows] == sorted(row.top1 for row in rows)
        assert len({row.architecture for row in rows}) == len(rows)
    assert len(after.family("EfficientNet")) == 8
    assert "tf_efficientnetv2_m (85.2 %)" in after.speed_sentence()


def test_tinynets_are_counted_to_timms_digits() -> None:
    for each in after.tinynet():
        assert round(each.params / 1e6, 2) == each.timm.params_millions


def test_errata_are_listed_by_status_and_counted() -> None:
    assert sum(len(errata.of_status(status)) for status in STATUSES) == len(errata.of_status("")) == 34
    assert errata.sentence(errata.of_status("")).startswith("34 pairs of numbers")
    text = errata.items(errata.of_status(""))
    assert all(f"**{each.first:g}**" in text and f"**{each.second:g}**" in text for each in discrepancies())
    assert "Our recount: **14.571**." in text


def test_deviations_are_sorted_and_only_of_what_is_counted() -> None:
    found = errata.deviations(errata.of_status(""))
    assert [value for _, value in found] == sorted(value for _, value in found)
    assert {each.key for each, _ in found} == {each.key for each in discrepancies() if each.recount() is not None}
    (b4,) = (value for each, value in found if each.key == "table2-b4")
    assert b4 == pytest.approx(-4.4, abs=0.05)
    assert errata.deviation_sentence(()) == "None of these can be counted again."
