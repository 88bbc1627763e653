"""Dataclasses from stored documents, which another version, another program or somebody's editor may have written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from sys import float_info
from typing import TypeVar, get_type_hints

from explorer.study.errors import StudyError

T = TypeVar("T")

SHOWN = 40
"""Characters of a refused value that are repeated."""


def read(kind: type[T], document: object) -> T:
    """The dataclass `kind` from a document: every field is there, and of its type.

    Types are float (finite), int, str, bool, tuple[float, …] and other dataclasses. Fields that this version does not
    know are left out.

    Raises:
        StudyError: it is no such document; the sentence names the field.
        ScalingError: the dataclass itself refuses a value.
    """
    if not isinstance(document, Mapping):
        raise StudyError(f"{_shown(document)} stands where {kind.__name__.lower()} was expected.")
    hints, values = get_type_hints(kind), {}
    for field in fields(kind):  # type: ignore[arg-type]  # a dataclass, says the caller
        if field.name not in document:
            raise StudyError(f"“{field.name}” is missing.")
        values[field.name] = _value(hints[field.name], document[field.name], field.name)
    return kind(**values)


def _value(hint: object, given: object, name: str) -> object:
    """`given` as the type `hint` says: JSON knows no tuples, and writes 1.0 as 1."""
    if is_dataclass(hint):
        return read(hint, given)  # type: ignore[arg-type]  # mypy takes it for an instance
    if hint == tuple[float, ...] and isinstance(given, list | tuple):
        return tuple(_value(float, each, name) for each in given)
    if hint is float and type(given) in {int, float} and abs(given) <= float_info.max:  # type: ignore[arg-type]
        return float(given)  # type: ignore[arg-type]  # a number, says the line above; NaN is not at most anything
    if type(given) is hint and hint is not float:
        return given
    raise StudyError(f"“{name}” is {_shown(given)}.")


def _shown(given: object) -> str:
    text = repr(given)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
