"""Rectangles in a map and in a picture, against a count of every cell and every pixel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from explorer.vision.region import EVERYTHING, Region, around_strongest, covered, share_within

# Rows, columns, a rectangle, and the cells (row, column) whose centres lie in it.
CELLS: tuple[tuple[int, int, Region, set[tuple[int, int]]], ...] = (
    (2, 2, EVERYTHING, {(0, 0), (0, 1), (1, 0), (1, 1)}),
    (2, 2, Region(0, 0, 50, 50), {(0, 0)}),
    (2, 2, Region(0, 0, 25, 100), set()),  # the centres of the left cells lie on its right edge
    (2, 2, Region(25, 0, 75, 100), {(0, 0), (1, 0)}),
    (2, 2, Region(30, 30, 70, 70), set()),
    (1, 4, Region(40, 40, 90, 60), {(0, 2), (0, 3)}),
    (3, 3, Region(50, 50, 50, 50), set()),
)

# A map, a rectangle, and the share of its positive evidence in there.
SHARES = (
    ([[1.0, 3.0], [-8.0, 0.0]], Region(0, 0, 50, 100), 0.25),
    ([[1.0, 3.0], [-8.0, 0.0]], Region(0, 50, 100, 100), 0.0),
    ([[1.0, 3.0], [-8.0, 0.0]], EVERYTHING, 1.0),
    ([[-1.0, 0.0], [-2.0, -3.0]], EVERYTHING, 0.0),
)

# A map's rows and columns, its strongest cell, and the rectangle around it.
STRONGEST = (
    (10, 10, (5, 2), Region(10, 40, 40, 70)),
    (10, 10, (0, 9), Region(80, 0, 100, 20)),
    (1, 1, (0, 0), EVERYTHING),
)

edges = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted)
regions = st.builds(lambda x, y: Region(x[0], y[0], x[1], y[1]), edges, edges)


def noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize(("rows", "columns", "region", "expected"), CELLS)
def test_a_cell_is_in_a_rectangle_with_its_centre(
    rows: int, columns: int, region: Region, expected: set[tuple[int, int]]
) -> None:
    found = {(int(row), int(column)) for row, column in np.argwhere(region.cells((rows, columns)))}
    assert found == expected


@pytest.mark.parametrize(("values", "region", "share"), SHARES)
def test_the_share_is_that_of_the_evidence_for_the_class(
    values: list[list[float]], region: Region, share: float
) -> None:
    assert share_within(np.array(values), region) == pytest.approx(share)


@given(regions, st.integers(0, 100), st.integers(1, 9), st.integers(1, 9))
def test_two_halves_of_a_rectangle_share_its_evidence(region: Region, cut: int, rows: int, columns: int) -> None:
    evidence = np.random.default_rng((rows, columns)).normal(size=(rows, columns))
    middle = min(max(cut, region.left), region.right)
    halves = (
        Region(region.left, region.top, middle, region.bottom),
        Region(middle, region.top, region.right, region.bottom),
    )
    assert sum(share_within(evidence, half) for half in halves) == pytest.approx(share_within(evidence, region))


@pytest.mark.parametrize(("rows", "columns", "place", "expected"), STRONGEST)
def test_the_strongest_cell_is_framed_with_its_neighbours(
    rows: int, columns: int, place: tuple[int, int], expected: Region
) -> None:
    evidence = np.zeros((rows, columns))
    evidence[place] = 1
    assert around_strongest(evidence) == expected


@given(regions, st.integers(1, 40), st.integers(1, 40))
def test_covering_changes_the_rectangle_only_and_keeps_its_mean(region: Region, height: int, width: int) -> None:
    seen = noise(height, width)
    before, changed = seen.copy(), covered(seen, region)
    rows, columns = region.pixels(height, width)
    inside = np.zeros((height, width), bool)
    inside[rows, columns] = True
    assert np.array_equal(seen, before)
    assert np.array_equal(changed[~inside], seen[~inside])
    if inside.any():
        assert len(np.unique(changed[inside], axis=0)) == 1
        assert np.abs(changed[inside].mean(axis=0) - seen[inside].mean(axis=0)).max() <= 0.5


def test_edges_are_rounded_to_pixels() -> None:
    assert Region(25, 10, 75, 50).pixels(30, 40) == (slice(3, 15), slice(10, 30))
    assert EVERYTHING.pixels(30, 40) == (slice(0, 30), slice(0, 40))
    assert (EVERYTHING.whole, Region(0, 0, 100, 99).whole) == (True, False)
