"""The tables under assets/published/, read into frozen records: a column is a field, and its text becomes its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, get_type_hints

from explorer.assets import table

Record = TypeVar("Record")

FOLDER = "published"


def _optional(text: str) -> float | None:
    return float(text) if text else None


def _filled(text: str) -> str:
    if not text:
        raise ValueError("nothing stands here")
    return text


def _maybe(text: str) -> str | None:
    return text or None


CONVERTERS: Mapping[object, Callable[[str], object]] = {
    str: _filled,
    str | None: _maybe,
    int: int,
    float: float,
    float | None: _optional,
}


@cache
def rows(record: type[Record], name: str) -> tuple[Record, ...]:
    """Every row of assets/published/`name` as a `record`, whose fields are the columns in any order.

    Raises:
        ValueError: a column is missing or superfluous, or a text is not of its field's type; the text says where.
    """
    hints = get_type_hints(record)
    names = [field.name for field in fields(record)]  # type: ignore[arg-type]  # a dataclass, as every caller gives
    found = []
    for number, row in enumerate(table(f"{FOLDER}/{name}"), start=2):
        if set(row) != set(names):
            raise ValueError(f"{name} has the columns {', '.join(map(str, row))}; expected: {', '.join(names)}.")
        values: dict[str, Any] = {column: _convert(row[column], hints[column], name, number) for column in names}
        found.append(record(**values))
    return tuple(found)


def _convert(text: str, kind: object, name: str, number: int) -> object:
    try:
        return CONVERTERS[kind](text)
    except ValueError as error:
        raise ValueError(f"{name}, line {number}: “{text}” is no {kind}.") from error
