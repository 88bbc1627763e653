"""`python -m explorer scale`: its JSON, its tables, and its refusals."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from explorer.cost import counting
from explorer.network.description import Stage
from explorer.planning.narrative import comparison, headline
from explorer.settings.built import build
from explorer.settings.declarations import Architecture
from tests.cli.running import Ran, assert_keeps, assert_refused, run

ROOT = Path(__file__).resolve().parents[2]

COUNTS = {"params": int, "macs": int, "activations": int}
CONTRACT = {
    "family": str,
    "rounding": str,
    "settings": {"phi": float, "alpha": float, "beta": float, "gamma": float},
    "multipliers": {"depth": float, "width": float, "resolution": float},
    "input_resolution": int,
    "stages": [{"stage": int, "operator": str, "resolution": int, "channels": int, "layers": int, **COUNTS}],
    "totals": COUNTS,
}

# Arguments, and the settings of the app that build the same.
ARGUMENTS: tuple[tuple[tuple[str, ...], Architecture], ...] = (
    ((), Architecture(phi=0.0)),
    (("--phi", "1"), Architecture()),
    (("--phi", "-1.5"), Architecture(phi=-1.5)),
    (
        ("--phi", "2", "--alpha", "1.3", "--beta", "1.05", "--gamma", "1.1"),
        Architecture(phi=2, alpha=1.3, beta=1.05, gamma=1.1),
    ),
    (("--family", "lite", "--phi", "1"), Architecture(family="lite")),
    (("--family", "lite"), Architecture(family="lite", phi=0.0)),
    (
        ("--depth", "1.8", "--width", "1.4", "--input-resolution", "380"),
        Architecture(by="direct", depth=1.8, width=1.4, pixels=380),
    ),
    (("--input-resolution", "32"), Architecture(by="direct", pixels=32)),
    (("--family", "lite", "--width", "0.5"), Architecture(family="lite", by="direct", width=0.5)),
    (("--preset", "b4"), Architecture(by="direct", depth=1.8, width=1.4, pixels=380)),
    (
        ("--preset", "lite2", "--family", "lite"),
        Architecture(family="lite", by="direct", depth=1.2, width=1.1, pixels=260),
    ),
    (("--preset", "tf_efficientnet_b4"), Architecture(by="direct", depth=1.8, width=1.4, pixels=380)),
    (("--preset", "v2-b1"), Architecture(family="v2", by="direct", depth=1.1, width=1.0, pixels=240)),
)

# Arguments that no network can be built from, and a part of the sentence that says why.
REFUSED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("--phi", "9"), "phi (φ, the compound coefficient) is 9; give a number from -3 to 8."),
    (("--phi", "nan"), "is nan; give a number from -3 to 8."),
    (("--phi", "inf"), "is inf; give a number from -3 to 8."),
    (("--phi=-inf",), "is -inf; give a number from -3 to 8."),
    (("--phi", "1e308"), "give a number from -3 to 8."),
    (("--phi", "one"), "--phi"),
    (("--phi", ""), "--phi"),
    (("--phi",), "--phi"),
    (("--phi", "1", "--alpha", "0.4"), "alpha is 0.4; give a number from 0.5 to 2.5."),
    (("--phi", "1", "--beta", "-1"), "beta is -1; give a number from 0.5 to 2.5."),
    (("--phi", "1", "--gamma", "nan"), "gamma is nan; give a number from 0.5 to 2.5."),
    (("--phi", "8", "--alpha", "2.5"), "depth multiplier"),
    (("--phi", "8", "--beta", "2.5"), "width multiplier"),
    (("--phi", "8", "--gamma", "2.5"), "input resolution"),
    (("--depth", "0"), "The depth multiplier is 0; give a number from 0.1 to 8."),
    (("--depth", "1e400"), "The depth multiplier is inf"),
    (("--width", "8.5"), "The width multiplier is 8.5; give a number from 0.1 to 8."),
    (("--input-resolution", "31"), "give a number from 32 to 1024."),
    (("--input-resolution", "1025"), "give a number from 32 to 1024."),
    (("--input-resolution", "1" + "0" * 300), "give a number from 32 to 1024."),
    (("--input-resolution", "224.5"), "--input-resolution"),
    (("--preset", "b9"), "There is no published network “b9”"),
    (("--preset", "efficientnet"), "There is no published network “efficientnet”: give one of b0, b1,"),
    (("--family", "resnet"), "--family"),
    (("--preset", "b4", "--family", "lite"), "EfficientNet-B4 is of the family efficientnet"),
    (("--preset", "b4", "--phi", "1"), "one way only"),
    (("--phi", "1", "--depth", "2"), "one way only"),
    (("--alpha", "1.3", "--width", "2"), "one way only"),
    (("--preset", "b4", "--phi", "1", "--depth", "1"), "one way only"),
    (("--colour", "red"), "--colour"),
    (("b4",), "b4"),
    (("--json", "--phi", "9"), "give a number from -3 to 8."),
)


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    ran = run(capsys, "scale", *arguments, "--json")
    assert (ran.code, ran.err) == (0, "")
    parsed: dict[str, Any] = json.loads(ran.out, parse_constant=pytest.fail)
    return parsed


def stage_row(stage: Stage) -> dict[str, object]:
    spent = counting.of_stage(stage)
    return {
        "stage": stage.number,
        "operator": stage.operator,
        "resolution": stage.input_resolution,
        "channels": stage.channels,
        "layers": stage.depth,
        "params": spent.params,
        "macs": spent.macs,
        "activations": spent.activations,
    }


@pytest.mark.parametrize("arguments", [("--phi", "1"), ("--family", "lite", "--phi", "-1"), ()], ids=" ".join)
def test_the_document_keeps_its_contract(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, *arguments)
    assert_keeps(CONTRACT, found)
    assert len(found["stages"]) == 9


@pytest.mark.parametrize("arguments", [("--preset", "b4"), ("--width", "2")], ids=" ".join)
def test_settings_are_null_where_phi_gave_nothing(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    found = document(capsys, *arguments)
    assert found["settings"] == {"phi": None, "alpha": None, "beta": None, "gamma": None}
    assert_keeps({name: part for name, part in CONTRACT.items() if name != "settings"}, found)


@pytest.mark.parametrize(("arguments", "settings"), ARGUMENTS)
def test_the_document_is_the_network_of_the_app(
    arguments: tuple[str, ...], settings: Architecture, capsys: pytest.CaptureFixture[str]
) -> None:
    built, found = build(settings), document(capsys, *arguments)
    assert found["family"] == settings.family
    assert found["rounding"] == "reference"
    assert found["input_resolution"] == built.network.input_resolution
    multipliers = built.multipliers
    assert found["multipliers"] == {
        "depth": multipliers.depth,
        "width": multipliers.width,
        "resolution": multipliers.resolution,
    }
    expected = [stage_row(stage) for stage in built.network.stages]
    assert [{name: row[name] for name in expected[0]} for row in found["stages"]] == expected
    for kind in COUNTS:
        assert found["totals"][kind] == getattr(built.cost, kind) == sum(row[kind] for row in found["stages"])


def test_every_published_network_is_counted_to_the_last_digit(capsys: pytest.CaptureFixture[str]) -> None:
    with (ROOT / "tests" / "golden" / "exact_counts.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["model"].removeprefix("efficientnet_"): row for row in csv.DictReader(file)}
    for key in rows:
        totals = document(capsys, "--preset", key)["totals"]
        assert totals["params"] == int(rows[key]["params_exact"])
        assert totals["activations"] == int(rows[key]["acts_exact"])


@pytest.mark.parametrize(("arguments", "settings"), ARGUMENTS)
def test_the_tables_say_the_same(
    arguments: tuple[str, ...], settings: Architecture, capsys: pytest.CaptureFixture[str]
) -> None:
    ran, built = run(capsys, "scale", *arguments), build(settings)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[:2] == [headline(built), comparison(built)]
    (total,) = (line for line in lines if line.split()[:1] == ["Total"])
    assert total.split()[1:] == [f"{getattr(built.cost, kind):,}" for kind in COUNTS]
    rows = [line.split() for line in lines if line[:1].isdigit()]
    assert [row[0] for row in rows] == [str(stage.number) for stage in built.network.stages]
    assert [row[-5] for row in rows] == [str(stage.channels) for stage in built.network.stages]
    assert max(len(line) for line in lines[3:]) <= 120


@pytest.mark.parametrize(("arguments", "words"), REFUSED, ids=lambda value: " ".join(value)[:40])
def test_bad_input_is_refused_in_one_sentence(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert_refused(run(capsys, "scale", *arguments), words)


@pytest.mark.parametrize("arguments", [(), ("scales",), ("--scale",), ("-x",)], ids=" ".join)
def test_without_a_command_nothing_happens(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert_refused(run(capsys, *arguments), "python -m explorer --help")


@pytest.mark.parametrize("arguments", [("--help",), ("scale", "--help"), ("classify", "-h"), ("explain", "-h")])
def test_help_explains_on_stdout(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, *arguments)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("usage: python -m explorer")


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version") == Ran(0, "0.1.0\n", "")


def test_the_examples_of_the_help_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = run(capsys, "scale", "--help").out.splitlines()
    examples = [line.split("   ")[0].split() for line in lines if line.startswith("  scale ")]
    assert len(examples) >= 5
    for example in examples:
        assert run(capsys, *example).code == 0


def test_as_a_program() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "explorer", "scale", "--preset", "b0", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["totals"]["macs"] == 385_814_752


def test_as_a_program_that_refuses() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "explorer", "scale", "--phi", "9"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert_refused(Ran(ran.returncode, ran.stdout, ran.stderr), "is 9; give a number from -3 to 8.")
