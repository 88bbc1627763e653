"""A first `scale` from a fresh Python, against importing timm."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

from tests.benchmarks.timing import Comparison, compare

ROUNDS = 5


def comparisons() -> Iterator[Comparison]:
    """Whole processes, each a new one."""
    yield compare(
        "python -m explorer scale", _run("-m", "explorer", "scale"), "import timm", _run("-c", "import timm"), ROUNDS
    )


def _run(*arguments: str) -> Callable[[], object]:
    def run() -> object:
        return subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)

    return run
