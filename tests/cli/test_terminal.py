"""How the commands write: files that are whole or not there, tables, JSON."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from explorer.cli.terminal import CommandError, print_json, print_table, write_whole
from tests.cli.running import assert_refused, run

# What a writer raises after it has written half, and what the caller gets.
FAILURES: tuple[tuple[BaseException, type[BaseException]], ...] = (
    (ValueError("no"), ValueError),
    (OSError(28, "No space left on device"), CommandError),
    (KeyboardInterrupt(), KeyboardInterrupt),
    (MemoryError(), MemoryError),
)

# A mask of the user, and the permissions that a new file then has.
MASKS = ((0o022, 0o644), (0o077, 0o600), (0o002, 0o664))

# Header, rows, columns to the left, and the lines.
TABLES: tuple[tuple[tuple[str, ...], list[tuple[str, ...]], int, list[str]], ...] = (
    (("Class", "n"), [("a", "1"), ("bcdefg", "200")], 1, ["Class     n", "a         1", "bcdefg  200"]),
    (("#", "Name", "n"), [("1", "x", "7")], 2, ["#  Name  n", "1  x     7"]),
    (("Only",), [], 1, ["Only"]),
)


def failing(error: BaseException) -> Callable[[BinaryIO], None]:
    def write(file: BinaryIO) -> None:
        file.write(b"half of it")
        file.flush()
        raise error

    return write


def write_x(file: BinaryIO) -> None:
    file.write(b"x")


@pytest.fixture
def mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.parametrize(("raised", "expected"), FAILURES, ids=lambda value: getattr(value, "__name__", ""))
@pytest.mark.parametrize("old", [None, b"the old file"])
def test_a_failing_writer_leaves_nothing_and_keeps_the_old_file(
    raised: BaseException, expected: type[BaseException], old: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "map.npy"
    if old is not None:
        path.write_bytes(old)
    with pytest.raises(expected):
        write_whole(path, failing(raised))
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == ({} if old is None else {path.name: old})


def test_the_file_does_not_appear_before_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "map.npy"

    def write(file: BinaryIO) -> None:
        file.write(b"whole")
        file.flush()
        assert not path.exists()

    write_whole(path, write)
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("user_mask", "permissions"), MASKS)
@pytest.mark.usefixtures("mask")
def test_the_file_is_as_readable_as_any_other(user_mask: int, permissions: int, tmp_path: Path) -> None:
    os.umask(user_mask)
    write_whole(tmp_path / "map.npy", write_x)
    assert stat.S_IMODE((tmp_path / "map.npy").stat().st_mode) == permissions
    assert os.umask(user_mask) == user_mask


@pytest.mark.parametrize("place", ["none/map.npy", "file/map.npy", "folder"])
def test_a_place_that_cannot_be_written_is_named(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CommandError, match=f"{place} cannot be written: .+\\.$"):
        write_whole(tmp_path / place, write_x)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(("header", "rows", "left", "lines"), TABLES)
def test_tables_are_aligned(
    header: tuple[str, ...],
    rows: list[tuple[str, ...]],
    left: int,
    lines: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_table(header, rows, left)
    assert capsys.readouterr().out.splitlines() == lines


def test_json_is_one_document_that_every_reader_takes(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"φ": 1.5, "none": None, "list": [1, 2]}
    print_json(value)
    printed = capsys.readouterr().out
    assert json.loads(printed) == value
    assert "φ" in printed


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_json_has_no_numbers_that_are_none(value: float, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="JSON"):
        print_json({"x": value})
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("scale", "--alpha", "9" * 3000),
        ("scale", "--alpha", "x" * 3000),
        ("scale", "--family", "x" * 3000),
        ("scale", "--preset", "x" * 3000),
        ("scale", "--baseline", "x" * 3000),
        ("scale", "--" + "x" * 3000),
        ("x" * 3000,),
    ],
)
def test_a_refused_word_is_not_repeated_whole(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, *arguments)
    assert_refused(ran, "")
    assert len(ran.err) < 600
