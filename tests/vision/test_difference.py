"""Why one class and not another: maps, sums and sentences against the two logits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from explorer.vision.activation_maps import CamMethod
from explorer.vision.classification import Classification
from explorer.vision.difference import Difference
from explorer.vision.difference_narrative import covered_sentence, difference_sentence, method_sentence, region_sentence
from explorer.vision.region import EVERYTHING, Region
from tests.support.samples import LOOKS

pytestmark = pytest.mark.real_weights

ESPRESSO, CUP, TABBY = 967, 968, 281

# Logits of the two classes, and how much more probable the first is said to be.
RATIOS = (
    (np.log(4.0), 0.0, "so “espresso” is 4.00× as probable"),
    (0.0, np.log(4.0), "so “espresso” is less probable, by a factor of 4.00"),
    (1.0, 1.0, "so “espresso” is 1.00× as probable"),
    (80.0, 0.0, "more than 1,000,000× as probable"),
)

# Method, whether its stage is the last, and what the sentence must say of its numbers.
MEANINGS = (
    (CamMethod.GRAD_CAM, True, "its sum is the logit without the bias"),
    (CamMethod.HIRES_CAM, True, "its sum is the logit without the bias"),
    (CamMethod.GRAD_CAM, False, "no meaning in logits"),
    (CamMethod.HIRES_CAM, False, "its sum is their inner product"),
    (CamMethod.LAYER_CAM, True, "no meaning in logits"),
    (CamMethod.GRAD_CAM_PLUS_PLUS, False, "no meaning in logits"),
)


@pytest.mark.parametrize(("network", "name"), LOOKS)
def test_the_map_and_the_biases_add_up_to_the_difference_of_the_logits(
    network: str, name: str, sights: Mapping[tuple[str, str], Classification]
) -> None:
    sight = sights[network, name]
    difference = Difference(sight, ESPRESSO, TABBY)
    lead = float(sight.logits[ESPRESSO]) - float(sight.logits[TABBY])
    total = (sight.maps[ESPRESSO].astype(float) - sight.maps[TABBY].astype(float)).sum()
    assert difference.lead == lead
    assert total + difference.bias == pytest.approx(lead, rel=1e-4, abs=1e-4)
    assert difference.residual <= 1e-4
    ratio = sight.probabilities[ESPRESSO] / sight.probabilities[TABBY]
    assert np.exp(lead) == pytest.approx(ratio, rel=1e-9)


def test_swapped_every_number_changes_its_sign(sights: Mapping[tuple[str, str], Classification]) -> None:
    one = Difference(sights["lite0", "coffee"], ESPRESSO, CUP)
    other = Difference(one.sight, CUP, ESPRESSO)
    assert np.array_equal(one.map, -other.map)
    assert (one.lead, one.bias, one.residual) == (-other.lead, -other.bias, other.residual)


def test_what_a_map_does_not_explain_is_shown(sights: Mapping[tuple[str, str], Classification]) -> None:
    sight = sights["lite0", "coffee"]
    maps = sight.maps.copy()
    maps[ESPRESSO, 0, 0] += 1
    broken = Difference(replace(sight, maps=maps), ESPRESSO, CUP)
    assert broken.residual == pytest.approx(1 / max(abs(broken.lead), 1), rel=1e-4)


@pytest.mark.parametrize(("one", "other", "words"), RATIOS)
def test_a_difference_of_logits_is_told_as_a_ratio_of_probabilities(
    one: float, other: float, words: str, sights: Mapping[tuple[str, str], Classification]
) -> None:
    sight = sights["lite0", "coffee"]
    logits = sight.logits.copy()
    logits[[ESPRESSO, CUP]] = one, other
    assert words in difference_sentence(Difference(replace(sight, logits=logits), ESPRESSO, CUP))


def test_the_share_in_a_rectangle_is_told_with_its_cells() -> None:
    text = region_sentence(np.array([[3.0, 1.0], [-9.0, 0.0]]), ESPRESSO, Region(0, 0, 50, 100))
    assert text.startswith("**75.0 % of the evidence for “espresso” lies in the rectangle you drew** (2 of 4 cells")
    assert "No cell speaks for “espresso”" in region_sentence(-np.ones((2, 2)), ESPRESSO, EVERYTHING)


def test_what_covering_did_is_told_beside_what_the_map_said(sights: Mapping[tuple[str, str], Classification]) -> None:
    sight = sights["lite0", "coffee"]
    before = Difference(sight, ESPRESSO, CUP)
    logits = sight.logits.copy()
    logits[ESPRESSO] = logits[CUP] - 1
    after = Difference(replace(sight, logits=logits), ESPRESSO, CUP)
    text = covered_sentence(before, after, Region(0, 0, 100, 50))
    said = before.map[: before.map.shape[0] // 2].sum()  # 7 rows: the centre of the fourth lies on the edge
    parts = (
        f"“espresso” falls from {sight.logits[ESPRESSO]:.2f} to {logits[ESPRESSO]:.2f} logits",
        f"“cup” stays at {sight.logits[CUP]:.2f} logits",
        "to −1.00: “cup” is now the likelier of the two.",
        f"held {said:+.2f} of the difference: without just them it would move by {-said:+.2f}, ".replace("-", "−"),
        f"and it moved by {after.lead - before.lead:+.2f}.".replace("-", "−"),
    )
    assert [part for part in parts if part not in text] == []
    assert "still the likelier" in covered_sentence(before, before, EVERYTHING)


@pytest.mark.parametrize(("method", "last", "words"), MEANINGS)
def test_what_the_numbers_of_a_method_mean_is_said(method: CamMethod, last: bool, words: str) -> None:
    text = method_sentence(method, 5, ESPRESSO, np.array([[0.5, -0.25]]), last=last)
    assert text.startswith(f"**{method.value} at stage 5, 1 × 2 cells")
    assert words in text
    assert "add up to 0.25;" in text
