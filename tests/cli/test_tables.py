"""Stage tables on the command line: what `scale --write-table` writes, and what `--baseline` takes and refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from explorer.cli.scale import TABLE_HELP
from explorer.network.baselines import BASELINES
from explorer.network.description import as_baseline
from explorer.settings import stage_fields, stage_table
from explorer.settings.built import build
from explorer.settings.declarations import Architecture
from tests.cli.running import assert_refused, run
from tests.support.samples import sample

DOCS = Path(__file__).resolve().parents[2] / "docs"
CAT = str(sample("cat"))
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

COMMANDS = (
    ("scale", "--baseline", "{table}"),
    ("solve", "--max-macs", "1e9", "--baseline", "{table}"),
    ("study", "run", "--baseline", "{table}"),
    ("export", "--output", "{table}.d", "--baseline", "{table}"),
)
NO_TABLES = (
    (b"", "is empty: give a stage table as JSON"),
    (BYTE_ORDER_MARK, "is empty: give a stage table as JSON"),
    (b" \n\t", "is empty: give a stage table as JSON"),
    (b"\xff\xfe\xff", "is not text: give a stage table as JSON"),
)


@pytest.mark.parametrize(("data", "said"), NO_TABLES)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_file_that_holds_no_table_is_no_table(
    command: tuple[str, ...], data: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.json"
    table.write_bytes(data)
    assert_refused(run(capsys, *(word.format(table=table) for word in command)), said)


def test_a_byte_order_mark_before_a_table_is_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "table.json"
    table.write_bytes(BYTE_ORDER_MARK + stage_table.to_json(BASELINES["mobilenetv1"]).encode())
    ran = run(capsys, "scale", "--baseline", str(table), "--json")
    assert json.loads(ran.out)["totals"]["params"] == 4_231_976


def test_a_written_table_is_the_network_that_was_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = str(tmp_path / "b3.json")
    once = run(capsys, "scale", "--preset", "b3", "--json", "--write-table", table)
    again = run(capsys, "scale", "--baseline", table, "--rounding", "none", "--json")
    assert (once.code, once.err, again.err) == (0, "", "")
    assert json.loads(again.out)["stages"] == json.loads(once.out)["stages"]
    assert json.loads(Path(table).read_text(encoding="utf-8"))["name"] == "EfficientNet-B3"


def test_a_table_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert_refused(run(capsys, "scale", "--write-table", str(tmp_path / "none" / "b0.json")), "cannot be written")


@pytest.mark.parametrize("key", BASELINES)
def test_the_example_of_each_family_is_what_write_table_writes(
    key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.json"
    assert run(capsys, "scale", "--family", key, "--write-table", str(table)).code == 0
    assert (DOCS / "stage-tables" / f"{key}.json").read_bytes() == table.read_bytes()
    read = stage_table.from_json(table.read_text(encoding="utf-8"))
    assert read.stages == as_baseline(build(Architecture(family=key, phi=0.0)).network).stages == BASELINES[key].stages


def test_the_page_about_tables_names_every_field_and_limit() -> None:
    page = (DOCS / "stage-tables.md").read_text(encoding="utf-8")
    fields = (*stage_table.FIELDS, *stage_fields.FIELDS, *stage_table.ACTIVATIONS, *stage_fields.OPERATORS)
    assert [name for name in fields if f"`{name}`" not in page] == []
    for allowed in (stage_table.CLASSES, stage_fields.CHANNELS, stage_fields.LAYERS):
        assert f"{allowed.highest:,}" in page
    assert "docs/stage-tables.md" in TABLE_HELP


# A task, a command on a table for it, and how that is refused: photographs, also those of a study, have three channels.
OTHER_TASKS = (
    ({"in_channels": 1}, ("classify", CAT, "--allow-untrained"), "Its images have 1 channel, and a photograph has 3."),
    ({"in_channels": 1}, ("classify", CAT), "Its images have 1 channel, and a photograph has 3."),
    ({"classifier": False}, ("classify", CAT, "--allow-untrained"), "It has no classifier, so it names no class."),
    ({"classes": 10}, ("classify", CAT), "It tells 10 classes apart, whose names are not known here"),
    ({"in_channels": 1}, ("study", "run"), "leave in_channels and classifier out of the table"),
)


@pytest.mark.parametrize(("task", "command", "said"), OTHER_TASKS)
def test_a_network_of_another_task_is_refused_what_it_cannot_do(
    task: dict[str, Any], command: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.json"
    table.write_text(stage_table.to_json(replace(BASELINES["lite"], **task)), encoding="utf-8")
    ran = run(capsys, *command, "--baseline", str(table))
    assert ran.code in {2, 3}
    assert ran.out == ""
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_a_table_for_another_task_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "table.json"
    for task, params in (
        ({"classes": 10}, 4_020_358),
        ({"classifier": False}, 4_007_548),
        ({"in_channels": 1}, 5_287_972),
    ):
        table.write_text(stage_table.to_json(replace(BASELINES["efficientnet"], **task)), encoding="utf-8")
        ran = run(capsys, "scale", "--baseline", str(table), "--json")
        assert json.loads(ran.out)["totals"]["params"] == params
