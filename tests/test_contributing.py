"""CONTRIBUTING.md is followed: a toy family is added by its steps, in a copy, and counted by hand."""

from __future__ import annotations

import json
import math
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEPS = PAGE[PAGE.index("## Add a family") : PAGE.index("## Add an operator")]
CLASSES = 1000

# Depth, width, pixels, and the options that ask for them.
SETTINGS: tuple[tuple[float, float, int, tuple[str, ...]], ...] = (
    (1.0, 1.0, 96, ("--family", "toy")),
    (1.2, 1.1, 110, ("--family", "toy", "--phi", "1")),
    (1.1, 1.2, 128, ("--preset", "toy-2")),
)

PAGE_OF_IT = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("explorer/ui/pages.py", default_timeout=120)
app.query_params["family"] = "toy"
app.run()
assert not app.exception
print("Toy" in app.sidebar.selectbox[0].options, app.metric[0].value)
"""


def block(language: str) -> str:
    """The code of the steps in a language, each block of which there is one or more."""
    return "".join(dedent(each) for each in re.findall(rf"```{language}\n(.*?)```", STEPS, re.DOTALL))


def insert(path: Path, before: str, text: str) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count(before) == 1
    path.write_text(source.replace(before, text + before), encoding="utf-8")


def run(checkout: Path, *arguments: str) -> str:
    ran = subprocess.run(
        (sys.executable, *arguments),
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this one in which the steps were followed, but for the last."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("explorer", "assets", "docs", "tests", ".streamlit"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "CONTRIBUTING.md", "app.py"):
        shutil.copy(ROOT / name, copy / name)
    baselines = copy / "explorer" / "network" / "baselines.py"
    insert(baselines, "BASELINES: Mapping", block("python") + "\n")
    insert(baselines, "    )\n}", "        TOY,\n")
    with (copy / "assets" / "published" / "coefficients.csv").open("a", encoding="utf-8") as file:
        file.write(block("csv"))
    insert(
        copy / "tests" / "published" / "test_coefficients.py",
        "}\n\n# How people",
        '    "toy-2": ("toy", 1.1, 1.2, 128),\n',
    )
    tables = copy / "tests" / "published" / "test_tables.py"
    tables.write_text(
        tables.read_text(encoding="utf-8").replace("presets().values()), 24,", "presets().values()), 25,")
    )
    command, *_ = commands()
    run(copy, *shlex.split(command)[1:])
    return copy


def commands() -> list[str]:
    return block("sh").splitlines()


def rounded(channels: float) -> int:
    """Channels to a multiple of 8, and up again where that loses more than a tenth (arXiv:1905.11946's code)."""
    found = max(8, int(channels + 4) // 8 * 8)
    return found + 8 if found < 0.9 * channels else found


def convolutions(depth: float, width: float, pixels: int) -> Iterator[tuple[int, int, int, int, int, int]]:
    """Layer by layer: inputs, outputs, kernel, pixels out, groups, parameters for each output beside the weights."""
    stem, separable, wide, last = (rounded(width * channels) for channels in (16, 24, 40, 320))
    half, quarter = math.ceil(pixels / 2), math.ceil(math.ceil(pixels / 2) / 2)
    yield 3, stem, 3, half, 1, 2
    given = stem
    for _ in range(math.ceil(depth * 1)):
        yield given, given, 3, half, given, 2
        yield given, separable, 1, half, 1, 2
        given = separable
    for layer in range(math.ceil(depth * 2)):
        hidden, squeezed = 3 * given, given // 4
        yield given, hidden, 1, half if layer == 0 else quarter, 1, 2
        yield hidden, hidden, 5, quarter, hidden, 2
        yield hidden, squeezed, 1, 1, 1, 1
        yield squeezed, hidden, 1, 1, 1, 1
        yield hidden, wide, 1, quarter, 1, 2
        given = wide
    yield wide, last, 1, quarter, 1, 2
    yield last, CLASSES, 1, 1, 1, 1


def counted(depth: float, width: float, pixels: int) -> dict[str, int]:
    """Parameters, multiply-adds and activations, by the definitions of the README alone."""
    params = macs = activations = 0
    for inputs, outputs, kernel, left, groups, beside in convolutions(depth, width, pixels):
        weights = kernel**2 * (inputs // groups) * outputs
        params += weights + beside * outputs
        macs += weights * left**2
        activations += outputs * left**2
    return {"params": params, "macs": macs, "activations": activations}


@pytest.mark.parametrize(("depth", "width", "pixels", "options"), SETTINGS)
def test_the_family_is_built_and_counted(
    checkout: Path, depth: float, width: float, pixels: int, options: tuple[str, ...]
) -> None:
    found = json.loads(run(checkout, "-m", "explorer", "scale", *options, "--json"))["totals"]
    expected = counted(depth, width, pixels)
    assert {name: found[name] for name in expected} == expected


def test_the_family_is_in_the_sidebar_and_its_numbers_on_the_page(checkout: Path) -> None:
    assert run(checkout, "-c", PAGE_OF_IT).split() == ["True", "424", "k"]


def test_the_last_step_holds_it_against_timm_and_torch(checkout: Path) -> None:
    for command, least in zip(commands()[1:], (15, 100), strict=True):
        said = run(checkout, *shlex.split(command)[1:], "-q", "-n", "0", "-p", "no:cacheprovider")
        passed = re.search(r"(\d+) passed", said)
        assert passed is not None
        assert int(passed[1]) > least
