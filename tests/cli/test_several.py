"""`classify` with several files and folders: what is answered, what is named as refused, and the exit code."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from explorer.vision.classification import Classification
from tests.cli.running import BAD_INPUT, run
from tests.support.samples import sample

pytestmark = pytest.mark.real_weights

UNTRAINED = 3
NAMES = ("cat", "coffee")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two photographs, with files beside them that are not asked about."""
    for name in NAMES:
        shutil.copy(sample(name), tmp_path / f"{name}.JPG")
    (tmp_path / "notes.txt").write_text("Nobody asks about this file.")
    (tmp_path / "folder.jpg").mkdir()
    return tmp_path


def documents(text: str) -> list[dict[str, Any]]:
    parsed: list[dict[str, Any]] = json.loads(text)
    return parsed


def test_a_folder_is_a_list_in_the_order_of_names(
    folder: Path, capsys: pytest.CaptureFixture[str], sights: Mapping[tuple[str, str], Classification]
) -> None:
    ran = run(capsys, "classify", str(folder), "--json", "--top", "3")
    assert (ran.code, ran.err) == (0, "")
    found = documents(ran.out)
    assert [item["file"] for item in found] == [str(folder / f"{name}.JPG") for name in NAMES]
    for name, item in zip(NAMES, found, strict=True):
        expected = sights["lite0", name].top(3)
        assert [each["class_index"] for each in item["predictions"]] == [each.class_index for each in expected]
        alone = json.loads(run(capsys, "classify", item["file"], "--json", "--top", "3").out)
        assert {**alone, "milliseconds": 0, "runs": 0} == {
            key: 0 if key in {"milliseconds", "runs"} else value for key, value in item.items() if key != "file"
        }


def test_what_is_refused_is_named_and_the_others_are_answered(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "broken.png").write_bytes(b"no picture")
    ran = run(capsys, "classify", str(folder), str(folder / "none.jpg"), str(sample("rocket")), "--json")
    assert ran.code == BAD_INPUT
    broken, missing = ran.err.splitlines()
    assert "“broken.png” is not an image" in broken
    assert "none.jpg cannot be read" in missing
    assert [Path(item["file"]).stem for item in documents(ran.out)] == [*NAMES, "rocket"]


def test_csv_has_a_row_for_each_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "classify", str(folder), "--csv", "--top", "2")
    assert (ran.code, ran.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [Path(row["file"]).stem for row in rows] == list(NAMES)
    assert rows[1]["label_1"] == "espresso"
    assert rows[1]["class_index_1"] == "967"
    assert 1 > float(rows[1]["probability_1"]) > float(rows[1]["probability_2"]) > 0
    assert float(rows[1]["milliseconds"]) > 0
    alone = run(capsys, "classify", str(sample("coffee")), "--csv", "--top", "2")
    assert len(list(csv.DictReader(io.StringIO(alone.out)))) == 1


@pytest.mark.parametrize("top", ["1", "5"])
def test_in_words_a_line_for_each_file(top: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "classify", str(folder), "--top", top)
    header, *lines = ran.out.splitlines()
    assert header.split() == ["File", "First", "answer", "Second", "answer", "Time"]
    assert len(lines) == len(NAMES)
    assert "espresso" in lines[1]


@pytest.mark.parametrize("form", [("--json",), ("--csv",), ()])
def test_nothing_answered_is_nothing_printed(
    form: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = run(capsys, "classify", str(tmp_path / "a.jpg"), str(tmp_path / "b.jpg"), *form)
    assert (ran.code, ran.out) == (BAD_INPUT, "")
    assert ran.err.count("cannot be read") == ran.err.count("\n") == len(NAMES)


def test_an_untrained_network_answers_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "classify", str(folder), "--phi", "1")
    assert (ran.code, ran.out) == (UNTRAINED, "")
    assert ran.err.count("\n") == 1
    allowed = run(
        capsys, "classify", str(folder), "--family", "mobilenetv1", "--phi", "0", "--allow-untrained", "--json"
    )
    assert {each["label"] for item in documents(allowed.out) for each in item["predictions"]} == {None}
