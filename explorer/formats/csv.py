"""Tables as CSV that a spreadsheet opens as what they are: numbers as numbers, and no text as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

STARTS = ("=", "+", "-", "@", "\t", "\n")
"""What makes a spreadsheet calculate with a cell (OWASP, CSV injection)."""


def as_csv(rows: Sequence[Mapping[str, object]], columns: Sequence[str] = ()) -> str:
    """The rows as CSV with the titles of all their columns; None and what a row lacks is left empty.

    A text that a spreadsheet would take for a formula begins with an apostrophe, which it hides: the names in a table
    can be a stranger's.

    Args:
        rows: a mapping from column title to value for each row.
        columns: the titles in their order, where not all of the rows' or in another one.
    """
    text = io.StringIO()
    titles = list(columns) or list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(cell(title) for title in titles)
    writer.writerows([cell(row.get(title)) for title in titles] for row in rows)
    return text.getvalue()


def cell(value: object) -> object:
    """A value as a cell: a number as it is, a text that would calculate behind an apostrophe, lines ending alike."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")  # a lone one would end the row
    return f"'{text}" if text.startswith(STARTS) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
