"""The proof agrees where everything is right, and says so where anything is wrong."""

from __future__ import annotations

import pytest

from explorer.cost import conventions, counting
from explorer.jobs import tasks
from explorer.network.description import Network
from explorer.network.layers import Layer
from explorer.planning import proof
from explorer.published import presets


@pytest.fixture(scope="module")
def b0() -> Network:
    return presets()["b0"].network()


@pytest.fixture(scope="module")
def measured(b0: Network) -> proof.MeasuredCounts:
    return tasks.count(b0)


def test_b0_is_proven(b0: Network, measured: proof.MeasuredCounts) -> None:
    rows = proof.rows(b0, presets()["b0"], measured)
    assert [row.agrees for row in rows if row.tool] == [True] * 4
    assert rows[0].published == "5.3 million (paper, Table 2)"
    assert rows[-1].analytic == 5_330_571


def test_without_a_measurement_nothing_is_claimed(b0: Network) -> None:
    assert {row.agrees for row in proof.rows(b0, None, None)} == {None}


def test_a_corrupted_formula_is_caught(
    b0: Network, measured: proof.MeasuredCounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = counting.of_layer

    def without_normalisation(layer: Layer) -> counting.Cost:
        spent = right(layer)
        return counting.Cost(spent.params - (2 if layer.norm else 0), spent.macs + 1, spent.activations)

    monkeypatch.setattr(counting, "of_layer", without_normalisation)
    rows = proof.rows(b0, None, measured)
    assert [row.agrees for row in rows if row.tool] == [False] * 4
    assert conventions.flops(b0)["paper_macs"] != 385_814_752
