"""`study run | resume | status | export` on the command line."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from explorer.assets import DATA_VARIABLE
from explorer.settings import stage_table
from explorer.study import plan as planning
from explorer.study.candidates import SMALL
from explorer.study.plan import Plan
from explorer.study.results import read
from explorer.study.store import create
from tests.cli.running import assert_refused, run
from tests.study.samples import QUICK, outcome

PLAN = Plan(most=2, seeds=2, protocol=QUICK)
DONE = 4

REFUSED = (
    (("run", "--seeds", "1"), "The number of seeds is 1"),
    (("run", "--images", "64"), "larger than the 64 training images"),
    (("run", "--data", "no/such/folder"), "is not a folder"),
    (("run", "--family", "lite", "--baseline", "table.json"), "leave one of them out"),
    (("run", "--baseline", "table.json"), "cannot be read"),
    (("run", "--jobs", "0"), "The number of processes (--jobs) is 0"),
    (("run", "--max-minutes", "-1"), "The time limit (--max-minutes) is -1"),
    (("run", "--grid-step", "nan"), "The step of the grid is nan"),
    (("run", "--grid-step", "0.5", "--tolerance", "0.001"), "widen the tolerance"),
    (("run", "--name", "a\udcff"), "is not printable text"),
    (("status", "--name", "a\0b"), "is not printable text"),
    (("resume",), "There is no study at"),
    (("status",), "There is no study at"),
    (("export", "--csv", "-"), "There is no study at"),
    (("export",), "Say what to write"),
    (("stop",), "invalid choice"),
)


@pytest.fixture
def place(tmp_path: Path) -> str:
    """A record of which a few runs are done."""
    place = str(tmp_path / "study.db")
    store = create(place, PLAN)
    store.enqueue(planning.runs(PLAN, ()))
    for index in range(DONE):
        claimed = store.claim()
        assert claimed is not None
        assert store.complete(claimed, outcome(PLAN, claimed, 80.0 + index).result)
    store.close()
    return place


def test_the_status_says_how_far_it_is(capsys: pytest.CaptureFixture[str], place: str) -> None:
    ran = run(capsys, "study", "status", "--store", place)
    assert ran.code == 0
    assert ran.out.startswith("4 of 34 runs are done, ")
    assert "has the highest mean accuracy: 83.0 % (one seed) over 1 seed" in ran.out
    document = json.loads(run(capsys, "study", "status", "--store", place, "--json").out)
    assert (document["done"], document["total"], document["running"]) == (4, 34, [])
    assert document["plan"]["seeds"] == 2


def test_the_export_can_be_read_again(capsys: pytest.CaptureFixture[str], place: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    files = ("--csv", str(folder / "runs.csv"), "--json", str(folder / "study.json"))
    assert run(capsys, "study", "export", "--store", place, *files).code == 0
    plan, outcomes = read(folder)
    assert planning.from_json(plan) == PLAN
    assert [each.result.accuracy for each in outcomes] == [80.0, 82.0, 81.0, 83.0]
    printed = run(capsys, "study", "export", "--store", place, "--csv", "-").out
    assert [row["accuracy"] for row in csv.DictReader(io.StringIO(printed))] == ["80.0", "82.0", "81.0", "83.0"]


def test_a_file_that_cannot_be_written_is_named(capsys: pytest.CaptureFixture[str], place: str) -> None:
    assert_refused(run(capsys, "study", "export", "--store", place, "--csv", "/no/such/runs.csv"), "cannot be written")


@pytest.mark.parametrize(("arguments", "words"), REFUSED, ids=lambda value: " ".join(value) if value else "")
def test_what_cannot_be_done_is_one_sentence(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    assert_refused(run(capsys, "study", *arguments), words)
    assert not (tmp_path / "data" / "study.db").exists()


def test_another_study_is_not_overwritten(capsys: pytest.CaptureFixture[str], place: str) -> None:
    assert_refused(run(capsys, "study", "run", "--store", place), "holds a study with other settings")


def test_a_record_of_another_program_is_one_sentence(capsys: pytest.CaptureFixture[str], place: str) -> None:
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("UPDATE study_user_attributes SET value_json = '{\"lessons\": 3}'")
    for action in (("status",), ("resume",), ("export", "--csv", "-"), ("run",)):
        assert_refused(run(capsys, "study", *action, "--store", place), "plan cannot be read")


def test_a_run_that_cannot_be_read_is_said_and_left_out(capsys: pytest.CaptureFixture[str], place: str) -> None:
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("UPDATE trial_user_attributes SET value_json = '{}' WHERE trial_id = 1 AND key = 'result'")
    ran = run(capsys, "study", "status", "--store", place)
    assert ran.out.startswith("3 of 34 runs are done, ")
    assert "1 run of the record says not what a run must say" in ran.out
    assert json.loads(run(capsys, "study", "status", "--store", place, "--json").out)["unreadable"] == 1


def test_a_grid_that_step_2_cannot_scale_is_refused_before_anything_is_trained(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = json.loads(stage_table.to_json(stage_table.own(SMALL))) | {"input_resolution": 512}
    (tmp_path / "table.json").write_text(json.dumps(table))
    place = str(tmp_path / "study.db")
    asked = ("run", "--baseline", str(tmp_path / "table.json"), "--store", place)
    assert_refused(run(capsys, "study", *asked), "resolution")
    assert not Path(place).exists()
