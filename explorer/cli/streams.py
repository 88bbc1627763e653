"""A command as a program: whatever its terminal, file or pipe is like, it ends with a sentence, not a traceback."""

from __future__ import annotations

import codecs
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

FAILED = 2
FAULT = 70
"""What a shell reports of a fault within a program: `EX_SOFTWARE` of sysexits.h."""

INTERRUPTED = 130
"""What a shell reports of a program that Ctrl-C has ended."""

READER_LEFT = 141
"""What a shell reports of a program that its reader has left."""

SPELT = "explorer-spelt"
SPELLING = {
    "α": "alpha", "β": "beta", "γ": "gamma", "φ": "phi", "×": "x", "·": "*", "²": "^2", "−": "-", "–": "-", "≈": "~",
    "≥": ">=", "≤": "<=", "→": "->", "“": '"', "”": '"', "’": "'", "…": "...", "█": "#", "░": ".",
}  # fmt: skip
"""What stands for a sign in a terminal that lacks it; for any other, and in names that are no text, its code does."""


def run(command: Callable[[], int]) -> int:
    """The exit code of `command`; an interruption or output that cannot be written ends it in one sentence."""
    _prepare()
    try:
        code = _code(command)
        sys.stdout.flush()
    except ModuleNotFoundError as error:
        if str(error.name).startswith("explorer"):
            raise
        return _ended(FAILED, f"{error.name} is not installed: run pip install -r requirements.txt.")
    except KeyboardInterrupt:
        return _ended(INTERRUPTED, "Interrupted.")
    except BrokenPipeError:
        return _ended(READER_LEFT, "")
    except OSError as error:
        what = error.filename or "The output"
        return _ended(FAILED, f"{what} cannot be read or written: {error.strerror or error}.")
    except Exception as error:  # whatever a command does not document: a sentence, and the rest where it can be sent
        return _ended(FAULT, _fault(error))
    return code


def _fault(error: Exception) -> str:
    """What is said of a fault of this program, whose traceback is kept in a file."""
    with tempfile.NamedTemporaryFile("w", prefix="explorer-", suffix=".txt", encoding="utf-8", delete=False) as file:
        file.writelines(traceback.format_exception(error))
    return (
        f"This could not be done, by a fault of this program and not of what you asked ({type(error).__name__}). "
        f"What went wrong stands in {file.name}: please send it with the command to whoever keeps the program."
    )


def _code(command: Callable[[], int]) -> int:
    """The exit code, also where the arguments alone ended the command."""
    try:
        return command()
    except SystemExit as leaving:
        return int(leaving.code or 0)


def _prepare() -> None:
    """Let both streams take every text; one that was closed before the start takes it to nowhere."""
    codecs.register_error(SPELT, _spelt)
    sys.stdout, sys.stderr = _open(sys.stdout), _open(sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=SPELT)


def _open(stream: TextIO | None) -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8") if stream is None else stream


def _spelt(error: UnicodeError) -> tuple[str, int]:
    """For `codecs`: what is written for the part of a text that the stream's encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(
        SPELLING.get(sign) or sign.encode("ascii", "backslashreplace").decode() for sign in lacking
    ), error.end


def _ended(code: int, words: str) -> int:
    """Say why, where that can still be said, and let Python not complain once more when it closes the streams."""
    with suppress(OSError):
        print(words, end="\n" if words else "", file=sys.stderr, flush=True)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(nowhere, stream.fileno())
    return code
