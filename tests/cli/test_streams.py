"""`python -m explorer` as a program: terminals that lack signs, full disks, readers that leave, Ctrl-C."""

from __future__ import annotations

import codecs
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from explorer.cli import streams
from tests.support.samples import sample

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "-m", "explorer")

# Commands whose output has signs beyond ASCII, or names of files.
SPEAKING = (
    ("solve", "--max-macs", "1e9"),
    ("solve", "--help"),
    ("scale", "--phi", "1"),
    ("study", "run", "--help"),
    ("choose", "--max-macs", "1e9"),
    ("frontier", "--csv", "-"),
)
ENCODINGS = ("ascii", "cp1252", "utf-8")
FULL = Path("/dev/full")


def program(
    *arguments: str, environment: dict[str, str] | None = None, stdout: int | IO[bytes] = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        (*PROGRAM, *arguments),
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
        cwd=ROOT,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "encoding"),
    [(arguments, "ascii") for arguments in SPEAKING] + [(SPEAKING[0], encoding) for encoding in ENCODINGS],
)
def test_every_terminal_gets_an_answer(arguments: tuple[str, ...], encoding: str) -> None:
    ran = program(*arguments, environment={"PYTHONIOENCODING": encoding})
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.decode(encoding)


def test_signs_that_a_terminal_lacks_are_spelt() -> None:
    ran = program("solve", "--max-macs", "1e9", environment={"PYTHONIOENCODING": "ascii"})
    assert ran.stdout.startswith(b"phi = 1.03, alpha = 1.2, beta = 1.1, gamma = 1.15 is the largest")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_is_the_same_document_in_every_encoding(encoding: str) -> None:
    arguments = ("solve", "--max-macs", "1e9", "--json")
    ran = program(*arguments, environment={"PYTHONIOENCODING": encoding})
    assert json.loads(ran.stdout.decode(encoding))["sentence"].startswith("φ = 1.03, α = 1.2")


def test_a_name_that_is_no_text_is_written_by_its_codes() -> None:
    codecs.register_error(streams.SPELT, streams._spelt)
    assert "a\udcffé".encode("utf-8", streams.SPELT).decode() == "a\\udcffé"
    assert "φ ☃ é".encode("ascii", streams.SPELT).decode() == "phi \\u2603 \\xe9"


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose name, and that of one of its two photographs, is not UTF-8."""
    folder = tmp_path_factory.mktemp("photographs") / os.fsdecode(b"f\xfcr")
    folder.mkdir()
    for name, photograph in ((b"caf\xe9.jpg", "coffee"), (b"cat.jpg", "cat")):
        (folder / os.fsdecode(name)).write_bytes(sample(photograph).read_bytes())
    return folder


@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",)], ids=["text", "json", "csv"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_folder_with_names_that_are_no_text_is_answered_whole(
    form: tuple[str, ...], encoding: str, foreign: Path
) -> None:
    ran = program("classify", str(foreign), *form, environment={"PYTHONIOENCODING": encoding})
    assert (ran.returncode, ran.stderr) == (0, b"")
    said = ran.stdout.decode(encoding)
    assert said.count("caf\\udce9.jpg") == 1
    assert said.count("cat.jpg") == 1
    if form == ("--json",):
        assert {os.fsencode(each["file"]) for each in json.loads(said)} == set(map(os.fsencode, foreign.iterdir()))


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['timm'] = sys.modules['torch'] = None\n")
    ran = program("classify", str(sample("cat")), environment={"PYTHONPATH": str(tmp_path)})
    assert (ran.returncode, ran.stdout) == (streams.FAILED, b"")
    assert ran.stderr.decode() in {
        f"{name} is not installed: run pip install -r requirements.txt.\n" for name in ("timm", "torch")
    }


@pytest.mark.parametrize("arguments", [*SPEAKING[:3], SPEAKING[-1], ("--version",)], ids=" ".join)
def test_a_full_disk_is_one_sentence(arguments: tuple[str, ...]) -> None:
    with FULL.open("wb") as full:
        ran = program(*arguments, stdout=full)
    said = ran.stderr.decode()
    if ran.returncode:
        assert (ran.returncode, said.count("\n")) == (2, 1)
        assert "No space left on device" in said
    else:  # argparse itself says nothing of help that cannot be written
        assert said == ""
        assert {"--help", "--version"} & set(arguments)


@pytest.mark.parametrize("arguments", [*SPEAKING[:3], SPEAKING[-1], ("scale", "--phi", "99")], ids=" ".join)
def test_nobody_reads_any_more_and_nothing_is_said(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run((*PROGRAM, *arguments), stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    os.close(writing)
    assert b"Traceback" not in ran.stderr
    assert b"Exception ignored" not in ran.stderr
    assert ran.returncode in {0, 2, streams.READER_LEFT}


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-", "2>/dev/full"])
def test_closed_streams_are_no_fault(closed: str) -> None:
    for arguments, code in (("frontier --csv -", 0), ("scale --phi 99", 2)):
        command = f'"{sys.executable}" -m explorer {arguments} {closed}'
        ran = subprocess.run(("sh", "-c", command), capture_output=True, cwd=ROOT, check=False)
        assert ran.returncode == code
        assert b"Traceback" not in ran.stderr


def test_ctrl_c_is_a_word() -> None:
    """Sent at the first of its own modules that a command imports, and thus while it starts."""
    code = (
        "import os, runpy, signal, sys\n"
        "def at(event, found):\n"
        "    if event == 'import' and found[0] == 'explorer.cli.accuracy': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.addaudithook(at)\n"
        "sys.argv = ['explorer', 'scale', '--phi', '1']\n"
        "runpy.run_module('explorer', run_name='__main__')\n"
    )
    ran = subprocess.run((sys.executable, "-c", code), capture_output=True, cwd=ROOT, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (streams.INTERRUPTED, b"", b"Interrupted.\n")


def interrupted(running: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """What a process says at Ctrl-C, pressed again where it came in the moment before a read, which goes on then."""
    while True:
        running.send_signal(signal.SIGINT)
        try:
            return running.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            continue


def test_ctrl_c_at_work_is_a_word(tmp_path: Path) -> None:
    """A pipe as the photograph: opened for reading, the command waits for its bytes and has long begun."""
    photograph = tmp_path / "photograph.jpg"
    os.mkfifo(photograph)
    running = subprocess.Popen(
        (*PROGRAM, "classify", str(photograph)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    with photograph.open("wb"):  # returns when the command has opened it
        said = interrupted(running)
    assert (running.returncode, *said) == (streams.INTERRUPTED, b"", b"Interrupted.\n")


def test_a_fault_of_the_program_is_a_sentence_that_names_where_the_rest_stands(tmp_path: Path) -> None:
    ran = subprocess.run(
        (sys.executable, "-c", "import sys; from explorer.cli import streams; sys.exit(streams.run(lambda: 1 // 0))"),
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        cwd=ROOT,
        check=False,
    )
    (kept,) = tmp_path.iterdir()
    assert (ran.returncode, ran.stdout) == (streams.FAULT, "")
    assert ran.stderr.count("\n") == 1
    assert "by a fault of this program and not of what you asked (ZeroDivisionError)" in ran.stderr
    assert str(kept) in ran.stderr
    assert "Traceback" in kept.read_text(encoding="utf-8")
