"""JSON that people write, read strictly: whatever would be dropped or guessed in silence is refused by its name."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from typing import NoReturn

BYTE_ORDER_MARK = "\ufeff"
LONGEST_WORD = 20
"""Characters of a refused word that are repeated."""


class JsonError(ValueError):
    """A document that is refused; its text says what it is or has, and follows its name: "is empty"."""


def decode(data: bytes) -> str:
    """The text in a file of UTF-8, UTF-16 or UTF-32, with or without a byte order mark.

    Raises:
        UnicodeDecodeError: it is no text.
    """
    return data.decode(json.detect_encoding(data)).removeprefix(BYTE_ORDER_MARK)


def parse(text: str) -> object:
    """What a JSON document holds; a byte order mark before it is ignored.

    Raises:
        JsonError: it is empty, no JSON, or gives a field of an object twice.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    if not text.strip():
        raise JsonError("is empty")
    try:
        return json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise JsonError(f"is not JSON (line {error.lineno}, column {error.colno})") from error
    except JsonError:
        raise
    except ValueError as error:
        raise JsonError("has a number of too many digits") from error
    except RecursionError as error:
        raise JsonError("is not JSON: it is nested too deeply") from error


def unknown_field(fields: Iterable[object], known: Sequence[str]) -> str:
    """The first of `fields` that is not `known`, and which it may stand for; "" where all are known."""
    unknown = [str(field) for field in fields if field not in known]
    if not unknown:
        return ""
    return f"an unknown field “{shown(unknown[0])}”{nearest(unknown[0], known)}; known: {', '.join(known)}"


def shown(word: object) -> str:
    """A refused word as far as it is repeated: short, and of characters that can be written."""
    return str(word)[:LONGEST_WORD].encode("utf-8", "replace").decode()


def nearest(word: object, known: Sequence[str]) -> str:
    """A question that names the known word most like `word`; "" where none is like it."""
    found = difflib.get_close_matches(str(word)[: 2 * LONGEST_WORD], known, n=1)
    return f" (did you mean “{found[0]}”?)" if found else ""


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise JsonError(f"gives the field “{shown(name)}” twice")
        found[name] = value
    return found


def _no_number(name: str) -> NoReturn:
    raise JsonError(f"is not JSON: {name} is no number there")
