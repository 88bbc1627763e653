"""Every convention against the figures that tools and papers print."""

from __future__ import annotations

import pytest

from explorer.assets import table
from explorer.cost import conventions
from explorer.published import presets, printed_keras_params

# B0 at 224 px under each convention.
B0 = {"paper_macs": 385_814_752, "with_biases": 385_825_092, "fvcore": 399_352_864, "torch": 771_629_504}


def test_b0_has_four_honest_answers() -> None:
    assert conventions.flops(presets()["b0"].network()) == B0


@pytest.mark.parametrize("key", [f"b{number}" for number in range(8)])
def test_keras_total_is_what_keras_documents(key: str) -> None:
    documented = printed_keras_params(presets()[key])
    assert documented is not None
    assert conventions.keras_params(presets()[key].network()) == documented


def test_keras_documents_nothing_for_lite() -> None:
    assert printed_keras_params(presets()["lite0"]) is None


def test_timms_tables_round_our_fvcore_count() -> None:
    printed = {row["model"]: float(row["timm_gmacs"]) for row in table("published/printed_counts.csv")}
    network = presets()["b0"].network()
    assert round(conventions.fvcore(network) / 1e9, 1) == printed["efficientnet-b0"]


def test_every_convention_says_what_it_leaves_out() -> None:
    for key, convention in conventions.CONVENTIONS.items():
        assert convention.key == key
        assert convention.counts
        assert convention.leaves_out
