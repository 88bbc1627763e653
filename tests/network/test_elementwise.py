"""One number and an array of them give the same integers."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.network.elementwise import Real, Whole, anywhere, at_least, rounded_up, truncated, where
from explorer.network.scaling import MULTIPLIER, ROUNDINGS, round_depth, round_width

# A function, and the values where it could differ.
REALS: tuple[Callable[[Real], Whole], ...] = (truncated, rounded_up)
EXACT = (0.0, 0.5, 0.999999, 1.0, math.nextafter(1.0, 2.0), math.nextafter(2.0, 1.0), 2.5, 7.0, 1e9 + 0.5, 2.0**52 + 1)


@pytest.mark.parametrize("rule", REALS)
def test_an_array_is_made_whole_as_each_of_its_elements(rule: Callable[[Real], Whole]) -> None:
    found = rule(np.array(EXACT))
    assert isinstance(found, np.ndarray)
    assert found.dtype == np.int64
    assert found.tolist() == [rule(value) for value in EXACT]


def test_one_number_stays_pythons_own() -> None:
    assert [type(value) for value in (truncated(2.5), rounded_up(2.5), at_least(1, 0), where(True, 3, 4))] == [int] * 4
    assert (truncated(2.5), rounded_up(2.5), at_least(1, 0), at_least(1, 5)) == (2, 3, 1, 5)
    assert (where(True, 3, 4), where(False, 3, 4)) == (3, 4)


def test_a_bound_and_a_choice_are_made_for_each_element() -> None:
    values = np.array([-1, 0, 1, 2])
    assert np.asarray(at_least(1, values)).tolist() == [1, 1, 1, 2]
    assert np.asarray(where(values < 1, 9, values)).tolist() == [9, 9, 1, 2]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [(True, True), (False, False), (0, False), (3, True), (np.zeros(3, np.int64), False), (np.array([0, 2]), True)],
)
def test_one_element_is_enough(condition: bool | Whole, expected: bool) -> None:
    assert anywhere(condition) is expected


@given(st.integers(1, 4096), st.lists(st.floats(MULTIPLIER.lowest, MULTIPLIER.highest), min_size=1, max_size=20))
def test_widths_and_depths_are_rounded_alike(count: int, multipliers: list[float]) -> None:
    array = np.array(multipliers)
    for rounding in ROUNDINGS.values():
        for rule in (round_width, round_depth):
            one_by_one = [rule(count, multiplier, rounding) for multiplier in multipliers]
            assert np.asarray(rule(count, array, rounding)).tolist() == one_by_one
