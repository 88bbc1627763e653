"""How the benchmarks time and what they print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter

ROUNDS = 7


@dataclass(frozen=True)
class Comparison:
    """Two medians of the same run, in seconds; the ratio says how many times the peer's time ours takes."""

    what: str
    ours: float
    peer: str
    theirs: float

    def __str__(self) -> str:
        ratio = self.ours / self.theirs
        faster = f"{1 / ratio:,.0f}× faster" if ratio < 1 else f"{ratio:.2f}× the time"
        return f"{self.what:<46} {self.ours * 1e3:10.3f} ms   {self.peer:<28} {self.theirs * 1e3:10.3f} ms   {faster}"


def seconds(work: Callable[[], object]) -> float:
    """How long one call of `work` takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def compare(
    what: str, ours: Callable[[], object], peer: str, theirs: Callable[[], object], rounds: int = ROUNDS
) -> Comparison:
    """Time the two in turn, so that a machine that drifts drifts for both; one round before does not count."""
    return compare_timed(what, partial(seconds, ours), peer, partial(seconds, theirs), rounds)


def compare_timed(
    what: str, ours: Callable[[], float], peer: str, theirs: Callable[[], float], rounds: int = ROUNDS
) -> Comparison:
    """As `compare`, of two that time themselves, because not all that they do counts; both give seconds."""
    pairs = [(ours(), theirs()) for _ in range(rounds + 1)][1:]
    return Comparison(what, median(pair[0] for pair in pairs), peer, median(pair[1] for pair in pairs))
