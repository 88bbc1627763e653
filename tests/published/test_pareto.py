"""Dominance and the Pareto front, against comparing every pair; the points, against their files."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from explorer.accuracy.predict import Prediction, predict
from explorer.cost import counting
from explorer.formats.measures import AXES
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import scale
from explorer.planning import sampled_designs
from explorer.published.pareto import dominating, front, front_of, nearest, published
from explorer.published.wording import dominated
from explorer.settings import pins
from explorer.settings.built import build
from explorer.settings.declarations import Architecture

PUBLISHED = Path(__file__).resolve().parents[2] / "assets" / "published"
FILES = ("table2.csv", "timm_results.csv", "pycls_zoo.csv")
PAIRS = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=1, max_size=20)


@given(PAIRS, st.booleans())
def test_the_front_is_what_no_other_dominates(pairs: list[tuple[int, int]], more: bool) -> None:
    sign = -1 if more else 1
    expected = [not any(sign * c <= sign * x and a >= y and (c, a) != (x, y) for c, a in pairs) for x, y in pairs]
    assert front(*zip(*pairs, strict=True), more_is_better=more).tolist() == expected


def test_every_published_row_is_a_point_with_a_name_of_its_own() -> None:
    rows = sum(len(list(csv.DictReader((PUBLISHED / name).read_text().splitlines()))) for name in FILES)
    assert len(published()) == rows
    assert len({point.name for point in published()}) == rows
    assert all(point.source for point in published())


def test_a_network_that_is_built_here_stands_at_its_exact_cost() -> None:
    costs = {point.costs["macs"] for point in published() if point.network == "EfficientNet-B0 at 224 px"}
    assert costs == {385_814_752}  # explorer.cost.counting, and fvcore on timm's module


def test_what_dominates_is_no_worse_and_what_is_on_the_front_is_undominated() -> None:
    axis = AXES["macs"]
    best = {point.name for point in front_of(published(), axis, "top1")}
    for point in published():
        if "macs" not in point.costs:
            continue
        found = dominating(point, published(), axis, "top1")
        assert bool(found) == (point.name not in best)
        assert all(each.points >= 0 and each.ratio >= 1 for each in found)
        assert ("on the Pareto front" in dominated(found, axis, "top1")) == (point.name in best)


def test_the_nearest_is_by_ratio() -> None:
    found = nearest(published(), AXES["macs"], "top1", 385_814_752)
    assert found is not None
    assert found.costs["macs"] == 385_814_752


def test_the_cloud_counts_and_predicts_what_is_built() -> None:
    found = sampled_designs.compute(300)
    for place in range(0, 300, 60):
        network = scale(EFFICIENTNET, found.depth[place], found.width[place], int(found.input_resolution[place]))
        assert found.costs["macs"][place] == counting.of(network).macs
        expected = predict(network)
        assert isinstance(expected, Prediction)
        assert abs(expected.top1 - found.top1[place]) < 1e-9
    for logarithmic in (True, False):
        density = sampled_designs.density(found.costs["macs"], found.top1, logarithmic=logarithmic)
        assert density.count.shape == (sampled_designs.ROWS, sampled_designs.COLUMNS)
        assert density.count.sum() == 300
        dearest = found.costs["macs"].argmax()
        row = np.searchsorted(density.top1, found.top1[dearest], side="right") - 1
        assert density.count[min(row, sampled_designs.ROWS - 1), -1] > 0
    assert np.all(np.diff(found.top1[found.front("macs")]) >= 0)


def test_a_pin_builds_what_was_pinned_and_broken_ones_are_counted() -> None:
    built = build(Architecture(phi=1.37))
    pin = pins.of_built(built)
    assert pin is not None
    kept, broken = pins.read(f"{pins.write((pin,))};nonsense;lite,nan,1,224,reference")
    assert [each.network() for each in kept] == [built.network]
    assert broken == 2
