"""The help of every command: it can be printed, also of what comes from data and from the environment."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from explorer.__main__ import _parser
from explorer.cli.terminal import literal
from explorer.planning.budget import OBJECTIVES
from tests.cli.running import run

Named = tuple[tuple[str, ...], argparse.ArgumentParser]


def parsers(parser: argparse.ArgumentParser, name: tuple[str, ...] = ()) -> Iterator[Named]:
    """Every parser of the command line with the words that lead to it."""
    yield name, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, found in action.choices.items():
                yield from parsers(found, (*name, word))


NAMES = [name for name, _ in parsers(_parser())]


def test_there_are_commands_and_commands_of_commands() -> None:
    assert {("scale",), ("solve",), ("study", "run"), ("weights", "fetch"), ("accuracy", "fit")} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES, ids=" ".join)
def test_every_help_is_printed(name: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, *name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: {' '.join(('python -m explorer', *name))}")


@pytest.mark.parametrize("name", NAMES, ids=" ".join)
def test_every_argument_passes_what_python_3_14_checks_when_it_is_added(name: tuple[str, ...]) -> None:
    """Python 3.14 expands each help in `add_argument`, a hidden one too, and refuses what cannot be."""
    parser = dict(parsers(_parser()))[name]
    formatter = parser._get_formatter()
    for action in parser._actions:
        if action.help:
            assert "%%" not in formatter._expand_help(action)
        formatter._format_args(action, str(action.dest))


def test_what_comes_from_elsewhere_is_said_as_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_DATA", "/a%sb/100%")
    assert "/a%sb/100%" in "".join(run(capsys, "study", "resume", "--help").out.split())
    said = " ".join(run(capsys, "solve", "--help").out.split())
    assert all(objective.words in said for objective in OBJECTIVES.values())


def test_the_check_would_notice_a_format() -> None:
    parser = argparse.ArgumentParser()
    with pytest.raises(
        ValueError, match=r"incomplete format|badly formed"
    ):  # at once since Python 3.14, else when it is printed
        parser.add_argument("--x", help="within 3 %") and parser.format_help()
    argparse.ArgumentParser().add_argument("--x", help=literal("within 3 %"))
