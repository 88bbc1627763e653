"""The marks of tests: `-m "not browser"` needs no browser, and nothing is tried again without a reason."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MARKS_OF_FIXTURES, MARKS_OF_FOLDERS, marks, unexplained
from tests.test_rooms import imported

TESTS = Path(__file__).parent
MODULES = sorted(path for path in TESTS.rglob("test_*.py") if path.parent.name != "support")
MARKS = {"browser", "server", "study", "real_weights"}

# A module that imports this needs that mark, on itself or on the test that uses it.
NEEDED = {
    "playwright": "browser",
    "tests.browser.serving.serving": "server",
    "tests.support.visitors": "server",
    "tests.support.samples.classifier": "real_weights",
    "tests.support.samples.NETWORKS": "real_weights",
    "explorer.models.checkpoints.bundled": "real_weights",
}

# A source, and the marks that it needs.
SOURCES: tuple[tuple[str, set[str]], ...] = (
    ("from playwright.sync_api import Page", {"browser"}),
    ("from tests.browser.serving import free_port", set()),
    ("def test():\n    from tests.browser.serving import serving", {"server"}),
    ("from tests.support.samples import LOOKS, classifier", {"real_weights"}),
    ("import tests.support.visitors", {"server"}),
    ("import pytest", set()),
)


def needed(source: str) -> set[str]:
    """The marks that a module needs for what it imports."""
    return {mark for name in imported(source) for part, mark in NEEDED.items() if f"{name}.".startswith(f"{part}.")}


def said(source: str) -> set[str]:
    """The marks of ours that a module names, for itself or for a test."""
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute))
    return {node.attr for node in nodes if ast.unparse(node.value) == "pytest.mark"} & MARKS


def collected(expression: str, *paths: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", expression, *paths)
    return subprocess.run(command, cwd=TESTS.parent, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(TESTS)))
def test_a_module_has_the_marks_of_what_it_imports(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert needed(source) - said(source) - marks(path.relative_to(TESTS).parts, ()) == set()


@pytest.mark.parametrize(("source", "expected"), SOURCES)
def test_a_missing_mark_would_be_noticed(source: str, expected: set[str]) -> None:
    assert needed(source) == expected


def test_marks_come_from_the_folder_and_from_fixtures() -> None:
    assert set(MARKS_OF_FIXTURES.values()).union(*MARKS_OF_FOLDERS.values()) <= MARKS
    assert marks(("browser", "test_camera.py"), ["open_page"]) == {"browser", "server"}
    assert marks(("charts", "test_evidence.py"), ["sights", "tmp_path"]) == {"real_weights"}
    assert marks(("test_rooms.py",), []) == set()


def test_without_browser_server_and_study_none_of_them_is_run() -> None:
    paths = ("tests/browser", "tests/study", "tests/serving/test_server.py")
    found = collected("not (browser or server or study)", *paths)
    assert found.returncode == pytest.ExitCode.NO_TESTS_COLLECTED, found.stdout
    assert collected("browser", "tests/browser/test_camera.py").returncode == pytest.ExitCode.OK


@pytest.mark.parametrize(
    ("arguments", "expected"), [({}, True), ({"reason": " "}, True), ({"reason": "Chromium"}, False)]
)
def test_nothing_is_tried_again_without_a_reason(arguments: dict[str, str], expected: bool) -> None:
    assert unexplained(pytest.mark.flaky(reruns=1, **arguments).mark) is expected
    assert not unexplained(None)
