"""One thing is told in the singular: a count stands before its noun through one function, everywhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.formats.quantities import counted

ROOT = Path(__file__).resolve().parents[1] / "explorer"

NOUNS = re.compile(
    r" (?:[a-z-]+ )?(blocks|candidates|cells|channels|cores|different networks|epochs|files|images|layers|minutes|"
    r"processors|questions|runs|seeds|stages|steps|threads|triples)\b"
)

# What is never one thing, with the reason.
NEVER_ONE = {
    "BATCH": "a constant, 32",
    "MOST_FILES": "a constant, 64",
    "MOST": "a constant, above 1",
    "layers": "more than the most layers of a table",
    "stage.layers": "told only where it is not 1",
    "len(sizes)": "more than the most files",
    "len(self._waiting)": "the longest queue",
    "columns": "rows × columns cells",
    "resolutions[number]": "rows × columns cells",
    "len(found.alpha)": "108 candidates, of the paper's grid",
    "network.baseline.name": "a name",
    "_grown(before.depth, stage.depth)": "a change, or a factor",
    "_grown(before.channels, stage.channels)": "a change, or a factor",
}

WORDS = ((0, "seed", "0 seeds"), (1, "seed", "1 seed"), (2, "seed", "2 seeds"), (1200, "block", "1,200 blocks"))


def uncounted(source: str) -> Iterator[str]:
    """The values of f-strings that stand as they are before a noun in the plural."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            for value, text in zip(node.values, node.values[1:], strict=False):
                noun = isinstance(text, ast.Constant) and NOUNS.match(str(text.value))
                if noun and isinstance(value, ast.FormattedValue):
                    yield ast.unparse(value.value)


@pytest.mark.parametrize(("count", "noun", "words"), WORDS)
def test_a_count_and_its_noun_agree(count: int, noun: str, words: str) -> None:
    assert counted(count, noun) == words
    assert counted(count, "class", "classes").endswith("class" if count == 1 else "classes")


@pytest.mark.parametrize("module", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_count_before_a_noun_agrees_with_it(module: Path) -> None:
    assert [value for value in uncounted(module.read_text(encoding="utf-8")) if value not in NEVER_ONE] == []


def test_the_rule_can_fail() -> None:
    assert list(uncounted('f"{latency.threads} threads"')) == ["latency.threads"]
    assert list(uncounted('f"{number} trained seeds"')) == ["number"]
    assert not list(uncounted("f\"{counted(latency.threads, 'thread')}\""))
