"""Measured times of networks on this machine, and where fewer multiply-adds run slower."""

from __future__ import annotations

import math
import os
import platform
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from explorer.formats.quantities import counted


@dataclass(frozen=True)
class Latency:
    """Milliseconds for one image in float32: median and quartiles over `runs` after a warm-up, on `threads` threads."""

    median_ms: float
    lower_quartile_ms: float
    upper_quartile_ms: float
    threads: int
    runs: int


@dataclass(frozen=True)
class Timing:
    """A network that was timed here: what it is called, its multiply-adds, its latency."""

    title: str
    macs: int
    latency: Latency


def inversions(timings: Iterable[Timing]) -> tuple[tuple[Timing, Timing], ...]:
    """Pairs (cheaper, dearer) of which the cheaper in multiply-adds is slower, beyond both quartile ranges."""
    pairs = (sorted(pair, key=lambda timing: timing.macs) for pair in combinations(timings, 2))
    return tuple(
        (cheaper, dearer)
        for cheaper, dearer in pairs
        if cheaper.macs < dearer.macs and cheaper.latency.lower_quartile_ms > dearer.latency.upper_quartile_ms
    )


def machine() -> str:
    """The processor of this machine and its cores, as people name it."""
    return f"{_processor()}, {counted(os.cpu_count() or 1, 'core')}"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.is_file() else []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def estimator(timings: Iterable[Timing]) -> Callable[[int], float]:
    """Milliseconds for a number of multiply-adds, interpolated between timed networks on logarithmic scales.

    Outside the timed range the time grows in proportion to the multiply-adds. It is an estimate: networks of equal
    multiply-adds differ in time.

    Raises:
        ValueError: there are no timings.
    """
    known = sorted({timing.macs: timing.latency.median_ms for timing in timings}.items())
    if not known:
        raise ValueError("No network has been timed here.")
    costs, times = zip(*((math.log(macs), math.log(median)) for macs, median in known), strict=True)

    def estimate(macs: int) -> float:
        at = math.log(macs)
        if at <= costs[0]:
            return math.exp(times[0] + at - costs[0])
        if at >= costs[-1]:
            return math.exp(times[-1] + at - costs[-1])
        above = bisect_right(costs, at)
        share = (at - costs[above - 1]) / (costs[above] - costs[above - 1])
        return math.exp(times[above - 1] + share * (times[above] - times[above - 1]))

    return estimate
