"""What the commands share: how they speak, refuse and write files."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, NoReturn

BAD_INPUT = 2
UNTRAINED = 3

LONGEST_WORD = 200
"""Characters of one word that a sentence repeats: longer than any path that people type."""


class CommandError(ValueError):
    """Input that a command cannot take; its text is one sentence for the user."""


class UntrainedError(CommandError):
    """A network without trained weights was asked for an answer; its text says why, and what to ask instead."""


class Parser(argparse.ArgumentParser):
    """An argument parser that refuses with one sentence instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2."""
        sentence = one_line(f"{message[:1].upper()}{message[1:].rstrip('.')}. See {self.prog} --help.")
        self.exit(BAD_INPUT, f"{sentence}\n")


def one_line(text: str) -> str:
    """`text` without line breaks, which names of files and arguments may hold, and with long words shortened."""
    return " ".join(word if len(word) <= LONGEST_WORD else f"{word[:60]}…{word[-20:]}" for word in text.split())


def reason(error: OSError | ValueError) -> str:
    """Why a file could not be used, in the system's words."""
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def literal(text: str) -> str:
    """`text` as a help that says just that: argparse takes what follows a per cent sign for a format."""
    return text.replace("%", "%%")


def print_json(value: object) -> None:
    """Print one JSON document; signs that the output's encoding lacks are escaped, so that it stays one."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=2, allow_nan=False)
    print(text)


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> None:
    """Print aligned columns: the first `left` to the left, the others (numbers) to the right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        cells = [
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def write_whole(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file through `write`: it appears complete or not at all.

    Raises:
        CommandError: the file cannot be written there.
    """
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise CommandError(f"{path} cannot be written: {reason(error)}.") from error
    try:
        try:
            with os.fdopen(descriptor, "wb") as file:
                write(file)
            # The temporary file is private; the result is as readable as any file that the user makes.
            mask = os.umask(0)
            os.umask(mask)
            Path(temporary).chmod(0o666 & ~mask)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {reason(error)}.") from error
