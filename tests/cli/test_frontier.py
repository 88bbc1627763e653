"""`python -m explorer frontier` and `choose`: files, recommendations, refusals."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from explorer.published.pareto import published
from tests.cli.running import assert_refused, run

# Arguments, and a part of what is recommended (timm's results files: 82.4 and 85.2 % under NoisyStudent).
CHOICES = (
    (("--max-macs", "1e9"), "EfficientNet-B2 (NoisyStudent"),
    (("--max-macs", "1e10"), "dominates the whole EfficientNet family"),
    (("--max-memory", "1e10"), "Whether a newer family does better is not known"),
    (("--max-macs", "1"), "No published EfficientNet with weights fits"),
)
REFUSED = (
    (("choose",), "Give at least one limit"),
    (("choose", "--max-macs", "-1"), "give a number from 1 upwards"),
    (("choose", "--max-macs", "1e-320"), "give a number from 1 upwards"),
    (("choose", "--max-params", "nan"), "give a number from 1 upwards"),
    (("frontier",), "--csv"),
    (("frontier", "--csv", "/no/such/folder/x.csv"), "cannot be written"),
)


@pytest.mark.parametrize(("arguments", "words"), CHOICES)
def test_a_budget_gets_a_recommendation(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    ran = run(capsys, "choose", *arguments)
    assert ran.code == 0
    assert words in ran.out
    document = json.loads(run(capsys, "choose", *arguments, "--json").out)
    assert document["sentences"] == ran.out.splitlines()


def test_the_csv_holds_every_point(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    printed = run(capsys, "frontier", "--csv", "-").out
    run(capsys, "frontier", "--csv", str(tmp_path / "f.csv"))
    assert (tmp_path / "f.csv").read_text() == printed
    rows = list(csv.DictReader(printed.splitlines()))
    assert len(rows) == len(published())


@pytest.mark.parametrize(("arguments", "words"), REFUSED)
def test_bad_input_is_refused(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str) -> None:
    assert_refused(run(capsys, *arguments), words)
