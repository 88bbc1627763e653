"""CSV that calculates nothing."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.formats.csv import STARTS, as_csv, cell

# What a stranger can call a photograph, or a network.
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1+1",
    '=HYPERLINK("http://x","cat.jpg")',
    "=cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
)
NUMBERS = ("-0.07", "+3", "-1e-3")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_a_text(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_stays_one(text: str) -> None:
    assert cell(text) == text


@pytest.mark.parametrize("value", [-1, -0.5, None, True, "a = b", "", "φ"])
def test_all_else_is_as_it_is(value: object) -> None:
    assert cell(value) == value


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "=c"]), st.none() | st.integers() | st.text()), max_size=5))
def test_no_cell_calculates_and_every_text_comes_back(rows: list[dict[str, object]]) -> None:
    read = list(csv.reader(io.StringIO(as_csv(rows))))
    titles = dict.fromkeys(title for row in rows for title in row)
    assert [title.removeprefix("'") for title in (read[0] if titles else [])] == list(titles)
    for row, cells in zip(rows, read[1:], strict=bool(titles)):
        for title, shown in zip(titles, cells, strict=True):
            value = row.get(title)
            said = "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n")
            assert shown.removeprefix("'") == said.removeprefix("'")
            if shown.startswith(STARTS):
                float(shown)


def test_a_carriage_return_ends_no_row() -> None:
    assert as_csv([{"a": "\r=1+1"}]) == 'a\n"\'\n=1+1"\n'


def test_columns_can_be_chosen() -> None:
    assert as_csv([{"a": 1, "b": 2}], ["b"]) == "b\n2\n"
