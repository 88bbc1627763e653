"""How the tests run a command: in this process, with everything it prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from explorer.__main__ import main

BAD_INPUT = 2


@dataclass(frozen=True)
class Ran:
    """A command that has run: its exit code and what it printed."""

    code: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ran:
    """Run `python -m explorer` with `arguments`."""
    capsys.readouterr()
    try:
        code = main(arguments)
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    printed = capsys.readouterr()
    return Ran(code, printed.out, printed.err)


def assert_refused(ran: Ran, words: str) -> None:
    """Exit code 2, one sentence on stderr that contains `words`, and nothing on stdout."""
    assert ran.code == BAD_INPUT
    assert ran.out == ""
    assert ran.err.endswith(".\n")
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err
    assert words in ran.err


def assert_keeps(contract: object, document: Any, path: str = "") -> None:  # noqa: ANN401 - any JSON
    """Whether `document` has every name of `contract` with a value of its type (lists: of their first element's)."""
    if isinstance(contract, Mapping):
        for name, part in contract.items():
            assert name in document, f"{path}.{name}"
            assert_keeps(part, document[name], f"{path}.{name}")
    elif isinstance(contract, Sequence):
        assert document, path
        for place, element in enumerate(document):
            assert_keeps(contract[0], element, f"{path}[{place}]")
    else:
        assert type(document) is contract, path
