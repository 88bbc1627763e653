"""Who imports what: the pages and the plain core live without torch, and only the pages know Streamlit."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# What no module may import but those that are named below.
HEAVY = frozenset({"torch", "timm", "torchvision", "onnxruntime"})
FORBIDDEN = HEAVY | {"streamlit"}

# The modules that compute with networks; they run in the worker process or on the command line.
WITH_TORCH = frozenset(
    {
        "explorer.models.build",
        "explorer.models.engine",
        "explorer.models.growth",
        "explorer.models.measure",
        "explorer.models.package",
        "explorer.models.stages",
        "explorer.models.threads",
        "explorer.models.weights",
        "explorer.study.training",
        "explorer.vision.sanity_checks",
        "explorer.vision.evidence",
        "explorer.vision.untrained",
    }
)
PAGES = "explorer.ui"
SCRIPT = "explorer.ui.pages"  # run for every visitor, not imported

# What only a study needs, and only while it is read or run.
STUDY_TOOLS = frozenset({"optuna", "sqlalchemy", "ray", "torchvision"})

# A source, and whether it imports Streamlit.
SOURCES = (
    ("import streamlit", True),
    ("import streamlit as st", True),
    ("import numpy, streamlit.components.v1", True),
    ("from streamlit import cache_data", True),
    ("from streamlit.testing.v1 import AppTest", True),
    ("def page():\n    import streamlit", True),
    ("if TYPE_CHECKING:\n    import streamlit", True),
    ("import numpy", False),
    ("'import streamlit'", False),
    ("from explorer.ui import streamlit", False),
)

# Arguments of commands that need no network, or refuse before they do.
LIGHT_COMMANDS = (
    ("scale", "--phi", "1", "--json"),
    ("scale", "--preset", "b7"),
    ("classify", "no-such-file.jpg"),
    ("explain", "pyproject.toml"),
    ("--help",),
)


def module(path: Path) -> str:
    """The module that lies at `path`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module(path): path for path in sorted((ROOT / "explorer").rglob("*.py"))}
PURE = sorted(name for name in FILES if name not in WITH_TORCH and not name.startswith(PAGES))
UI = sorted(name for name in FILES if name.startswith(PAGES) and name != SCRIPT)


def loaded(code: str, watched: Iterable[str] = FORBIDDEN) -> set[str]:
    """Which of the `watched` packages a new process has imported once it has run `code`."""
    script = f"{code}\nimport json, sys\nprint(json.dumps(sorted({set(watched)!r} & set(sys.modules))))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout.splitlines()[-1]))


def imports(names: Iterable[str]) -> str:
    return "\n".join(f"import {name}" for name in names)


def imported_by(source: str) -> set[str]:
    """The packages that `source` imports, wherever the import stands."""
    packages = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            packages |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            packages.add(str(node.module).split(".")[0])
    return packages


def test_the_core_imports_neither_torch_nor_streamlit() -> None:
    assert len(PURE) > 20
    assert loaded(imports(PURE)) == set()


def test_the_pages_do_not_import_torch() -> None:
    assert len(UI) > 2
    assert loaded(imports(UI)) == {"streamlit"}


def test_the_pages_do_not_import_a_studys_tools_before_one_is_read() -> None:
    assert loaded(imports([*UI, "explorer.cli.study"]), STUDY_TOOLS) == set()
    assert loaded("from explorer.study.database import connect\nconnect('sqlite://')", STUDY_TOOLS) >= {"optuna"}


def test_torch_would_be_noticed() -> None:
    assert loaded(imports(["explorer.models.build"])) >= {"torch", "timm"}


def test_the_engine_needs_neither_torch_nor_timm() -> None:
    assert loaded(imports(["explorer.models.engine"])) == {"onnxruntime"}


@pytest.mark.parametrize("name", sorted(WITH_TORCH))
def test_every_exception_is_needed(name: str) -> None:
    source = FILES[name].read_text(encoding="utf-8")
    through = {other for other in WITH_TORCH - {name} if f"from {other} import" in source}
    assert imported_by(source) & HEAVY or through


def test_only_the_pages_import_streamlit() -> None:
    files = {**FILES, "app": ROOT / "app.py"}
    found = {name for name, path in files.items() if "streamlit" in imported_by(path.read_text(encoding="utf-8"))}
    assert {name for name in found if name != "app" and not name.startswith(f"{PAGES}.")} == set()
    assert {name for name in found if name.startswith(f"{PAGES}.")}


@pytest.mark.parametrize(("source", "expected"), SOURCES)
def test_streamlit_would_be_noticed(source: str, expected: bool) -> None:
    assert ("streamlit" in imported_by(source)) is expected


@pytest.mark.parametrize("arguments", LIGHT_COMMANDS, ids=" ".join)
def test_a_command_that_needs_no_network_does_not_import_torch(arguments: tuple[str, ...]) -> None:
    code = f"""
import contextlib, io, runpy, sys
sys.argv = ["explorer", *{arguments!r}]
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()) as printed:
    runpy.run_module("explorer", run_name="__main__")
"""
    assert loaded(code) == set()


def test_an_answer_needs_torch_but_not_timm_which_takes_as_long_to_import() -> None:
    code = """
import contextlib, io
from explorer.__main__ import main
with contextlib.redirect_stdout(io.StringIO()):
    assert main(["classify", "assets/samples/cat.jpg"]) == 0
"""
    assert loaded(code) == {"torch", "onnxruntime"}
