"""Which network to take within a budget, against every published one looked at by hand."""

from __future__ import annotations

import pytest

from explorer.planning.budget import BudgetLimits
from explorer.planning.recommend import choose
from explorer.published.pareto import published

# Budgets that no EfficientNet with weights keeps: of multiply-adds, of parameters, of both.
SMALL = (
    BudgetLimits(macs=2e8),
    BudgetLimits(macs=5e7),
    BudgetLimits(params=3e6),
    BudgetLimits(macs=3e8, params=3e6),
    BudgetLimits(activations=2e6),
)


@pytest.mark.parametrize("limits", SMALL)
def test_where_no_efficientnet_fits_another_family_is_named(limits: BudgetLimits) -> None:
    answer = choose(limits)
    given = {key: value for key, value in vars(limits).items() if value is not None}
    fits = [each for each in published() if all(each.costs.get(key, 1e99) <= given[key] for key in given)]
    assert answer.published is None
    assert answer.other in fits
    assert answer.other.accuracies["top1"] == max(each.accuracies["top1"] for each in fits)
    assert answer.other.network in answer.sentences[0]
    assert f"{answer.other.accuracies['top1']:.1f} % ImageNet top-1" in answer.sentences[0]


def test_where_nothing_fits_that_is_said() -> None:
    answer = choose(BudgetLimits(macs=1e5))
    assert (answer.published, answer.other) == (None, None)
    assert answer.sentences[0] == (
        "No published EfficientNet with weights fits this budget, nor does any other published network here."
    )


def test_where_one_fits_no_other_is_named() -> None:
    assert choose(BudgetLimits(macs=1e9)).other is None


def test_of_other_families_the_memory_is_not_known() -> None:
    answer = choose(BudgetLimits(training_memory=1e6), training_memory=lambda _: 1e9)
    assert answer.other is None
    assert answer.sentences[0] == "No published EfficientNet with weights fits this budget."
