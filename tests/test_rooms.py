"""The house: every module lies in a room, and a room imports only itself and the rooms before it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[1] / "explorer"

# From the foundation upwards. What stands beside the rooms may be imported by all of them.
ROOMS = (
    "formats",
    "network",
    "cost",
    "published",
    "settings",
    "accuracy",
    "models",
    "planning",
    "vision",
    "jobs",
    "study",
    "teaching",
    "charts",
    "serving",
    "ui",
    "cli",
)
BESIDE = {"__init__.py", "__main__.py", "assets.py", "progress.py"}
FILES = sorted(path for path in HOUSE.rglob("*.py") if path.parent != HOUSE)

# A room, a source in it, and the rooms that it must not import.
SOURCES: tuple[tuple[str, str, list[str]], ...] = (
    ("network", "from explorer.cost import counting", ["cost"]),
    ("network", "from explorer.cost.counting import Cost", ["cost"]),
    ("network", "from explorer import planning, formats", ["planning"]),
    ("network", "import explorer.ui.pages", ["ui"]),
    ("network", "def late():\n    from explorer.cli import scale", ["cli"]),
    ("cost", "from explorer.network import description", []),
    ("cost", "from explorer.cost.memory import peak", []),
    ("cost", "from explorer import assets\nfrom explorer.progress import report", []),
    ("cost", "from somewhere.ui import thing", []),
)


def imported(source: str) -> Iterator[str]:
    """The dotted names that `source` imports, wherever the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def later_rooms(room: str, source: str) -> list[str]:
    """The rooms after `room` that `source` imports all the same."""
    parts = [name.split(".") for name in imported(source)]
    entered = [part[1] for part in parts if part[0] == "explorer" and len(part) > 1 and part[1] in ROOMS]
    return [other for other in entered if ROOMS.index(other) > ROOMS.index(room)]


def test_every_module_lies_in_a_room() -> None:
    assert {path.name for path in HOUSE.glob("*.py")} == BESIDE
    assert {path.relative_to(HOUSE).parts[0] for path in FILES} == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_for(room: str) -> None:
    assert ast.get_docstring(ast.parse((HOUSE / room / "__init__.py").read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_no_import_runs_back_up(path: Path) -> None:
    assert later_rooms(path.relative_to(HOUSE).parts[0], path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(("room", "source", "expected"), SOURCES)
def test_an_import_that_runs_back_up_would_be_noticed(room: str, source: str, expected: list[str]) -> None:
    assert later_rooms(room, source) == expected


def public_classes(source: str) -> list[str]:
    return [
        node.name for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]


def test_no_two_public_classes_share_a_name() -> None:
    names = Counter(name for path in FILES for name in public_classes(path.read_text(encoding="utf-8")))
    assert len(names) > 200
    assert [name for name, count in names.items() if count > 1] == []


def test_a_class_would_be_found() -> None:
    assert public_classes(
        "class A: ...\nclass _B: ...\nasync def f(): ...\n@dataclass\nclass C:\n    class D: ..."
    ) == ["A", "C"]
