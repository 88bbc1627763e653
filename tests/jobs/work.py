"""Jobs for real workers, which find them by name: patient, stubborn, greedy and broken ones."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from explorer.models.errors import JobError
from explorer.progress import report

STEP_SECONDS = 0.01


def steps(count: int) -> int:
    """Report before each of `count` steps."""
    for step in range(count):
        report(step / count, f"step {step + 1}")
        time.sleep(STEP_SECONDS)
    return os.getpid()


def steps_noted(path: Path) -> None:
    """Step on without end, and note in a file how it was stopped."""
    try:
        steps(10**6)
    finally:
        path.write_text(type(sys.exc_info()[1]).__name__, encoding="utf-8")


def swallow_everything() -> None:
    """Step on without end, whatever goes wrong."""
    while True:
        with suppress(Exception):
            steps(10**6)


REFUSAL = "This one cannot be done: take another."


def refuse() -> None:
    """Refuse as a job documents it."""
    raise JobError(REFUSAL)


def fail() -> None:
    """Fail as nobody foresaw."""
    raise KeyError("nobody knows")


def main_module() -> str:
    """What the process runs as its script."""
    return str(sys.modules["__main__"].__spec__ and sys.modules["__main__"].__spec__.name)


def niceness() -> int:
    return os.nice(0)


@cache
def hoard(megabytes: int) -> NDArray[np.uint8]:
    """Keep memory between jobs."""
    return np.ones(megabytes * 2**20, np.uint8)


def grow(megabytes: int) -> int:
    hoard(megabytes)
    return os.getpid()


def echo(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return values


def unsendable() -> object:
    """A result that no other process can have."""
    return Lock()


class PickyError(Exception):
    """An exception that can be written but not read again."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first + second)


def fail_pickily() -> None:
    raise PickyError("too", " picky")


def leave() -> None:
    sys.exit(3)


def die() -> None:
    os._exit(9)


class NoPicture:
    """What nobody would pass for a photograph."""

    @property
    def data(self) -> bytes:
        raise AttributeError("no_such_picture")


def talk() -> str:
    """Print, let another program print, and read what there is to read."""
    print("It is said.", flush=True)
    subprocess.run((sys.executable, "-c", "print('It is said.')"), check=True)
    return "said" + sys.stdin.read()
