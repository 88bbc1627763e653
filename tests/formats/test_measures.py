"""Each quantity has its words in one table, which every axis, column and limit reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from explorer.cost.counting import Cost
from explorer.formats.measures import AXES, BATCH, COUNTED, MEMORY, TIME, Measure
from explorer.planning.budget import LIMITS, BudgetLimits

EXPLORER = Path(__file__).resolve().parents[2] / "explorer"
TABLE = EXPLORER / "formats" / "measures.py"
SIZES = {"MILLION", "BILLION", "GIB"}

# A source, and what of it should have come from the table.
SOURCES: tuple[tuple[str, list[str]], ...] = (
    ('head = ("Stage", "Multiply-adds")', ["Multiply-adds"]),
    ('title = "multiply-adds, billions (as drawn)"', ["multiply-adds, billions (as drawn)"]),
    ('label = "At most, million multiply-adds"', ["At most, million multiply-adds"]),
    ('row = {"Activations": 1}', ["Activations"]),
    ("BILLION = 1e9", ["BILLION"]),
    ("MILLION, GIB = 1e6, 2**30", ["MILLION", "GIB"]),
    ('"""multiply-adds"""', []),
    ('said = "Half of the multiply-adds are in stage 7."', []),
    ('document["activations"]', []),
    ("from explorer.formats.measures import BILLION", []),
)
HEADS = tuple(
    word
    for measure in COUNTED.values()
    for word in (measure.column, f"{measure.label}, {measure.scale}", measure.title)
)
BEGINNINGS = (
    "multiply-adds, billion",
    "multiply-adds, ×",
    "Multiply-adds, ",
    "At most, million ",
    "activations, million",
    "parameters, million",
)


def by_hand(source: str) -> Iterator[str]:
    """The heads of columns, titles of axes and sizes that a source writes itself."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose | pieces:
            if node.value in (*HEADS, "multiply-adds") or node.value.startswith(BEGINNINGS):
                yield node.value
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in SIZES:
            yield node.id


@pytest.mark.parametrize("path", sorted(set(EXPLORER.rglob("*.py")) - {TABLE}), ids=lambda path: path.stem)
def test_words_and_sizes_come_from_the_table(path: Path) -> None:
    assert list(by_hand(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(("source", "expected"), SOURCES)
def test_words_written_by_hand_would_be_noticed(source: str, expected: list[str]) -> None:
    assert list(by_hand(source)) == expected


def test_what_is_counted_has_its_words() -> None:
    assert set(COUNTED) == {field.name for field in fields(Cost)}
    assert all(measure.meaning for measure in COUNTED.values())
    assert all(key == measure.key for key, measure in AXES.items())


def test_every_limit_has_its_words() -> None:
    assert set(LIMITS) == {field.name for field in fields(BudgetLimits)}
    for key, measure in COUNTED.items():
        assert (LIMITS[key].words, LIMITS[key].amount(1234567)) == (measure.label, f"1,234,567 {measure.label}")
    assert LIMITS["training_memory"].amount(2**30) == f"1,073,741,824 bytes of {MEMORY.label}"
    assert LIMITS[TIME.key].amount(12.3456) == "12.35 ms for an image"


@pytest.mark.parametrize(
    ("key", "title", "unit"),
    [
        ("macs", "multiply-adds, billions (the paper's FLOPS)", "billion multiply-adds"),
        ("params", "parameters, millions", "million parameters"),
        ("activations", "activations, millions (outputs of layers)", "million activations"),
        ("memory", f"training memory, GB (float32, SGD, batch of {BATCH})", "GB of training memory"),
        ("gpu", "images a second (RTX 3090, measured by timm)", "images a second"),
        ("cpu", "ms for an image (i9-10940X, measured by timm)", "ms on timm's processor"),
        ("here", "ms for an image (measured on this server)", "ms here"),
    ],
)
def test_an_axis_says_scale_and_convention(key: str, title: str, unit: str) -> None:
    assert (AXES[key].title, AXES[key].unit) == (title, unit)


def test_a_column_begins_with_a_capital() -> None:
    assert Measure("macs", "multiply-adds", "billions", "").column == "Multiply-adds"
