"""Measured times of networks on this machine, and where fewer multiply-adds run slower."""

from __future__ import annotations

import math
import os
import platform
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations
from pathlib import Path
from statistics import quantiles

from explorer.cost import counting
from explorer.formats.quantities import counted, duration
from explorer.network.description import Network


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
    """A network that was timed here, what it is called, and its latency."""

    title: str
    network: Network
    latency: Latency

    @property
    def macs(self) -> int:
        """Its multiply-adds."""
        return counting.of(self.network).macs


def of_runs(seconds: Sequence[float], threads: int) -> Latency:
    """The latency of two or more runs that took so many seconds each."""
    lower, middle, upper = (1000 * quartile for quartile in quantiles(seconds, n=4, method="inclusive"))
    return Latency(middle, lower, upper, threads, len(seconds))


def latency_words(latency: Latency) -> str:
    """The median and how it was found, for a sentence."""
    return f"{duration(latency.median_ms)} (median of {counted(latency.runs, 'run')} after a warm-up)"


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


def medians(timings: Iterable[Timing]) -> dict[Hashable, float]:
    """Median milliseconds by the identity of the network."""
    return {timing.network.identity: timing.latency.median_ms for timing in timings}


def alike(timings: Iterable[Timing], network: Network) -> tuple[Timing, ...]:
    """The timings of networks of the same make as `network`, whose times say something of its own."""
    return tuple(timing for timing in timings if timing.network.make == network.make)


def basis_sentence(timings: Sequence[Timing]) -> str:
    """Between which times others are estimated."""
    timed = (f"{timing.title} {latency_words(timing.latency)}" for timing in timings)
    return f"Times are measured or estimated between these, of the same kind: {'; '.join(timed)}."


def estimator(timings: Iterable[Timing]) -> Callable[[Network], float]:
    """Milliseconds of a network: its own median where it was timed, else an estimate from networks of its make.

    The estimate interpolates between their multiply-adds on logarithmic scales and never falls as those grow; outside
    the timed range it grows in proportion. Networks of equal multiply-adds differ in time. It is infinite where none
    of the make was timed.
    """
    known = tuple(timings)
    own = medians(known)
    of_make: dict[Hashable, list[Timing]] = {}
    for timing in known:
        of_make.setdefault(timing.network.make, []).append(timing)
    lines = {make: _line(those) for make, those in of_make.items()}

    def estimate(network: Network) -> float:
        line = lines.get(network.make)
        if line is None:
            return math.inf
        return own.get(network.identity) or line(counting.of(network).macs)

    return estimate


def _line(timings: Iterable[Timing]) -> Callable[[int], float]:
    """Milliseconds for a number of multiply-adds: no fewer than any timed network of fewer multiply-adds takes."""
    ordered = sorted((math.log(timing.macs), math.log(timing.latency.median_ms)) for timing in timings)
    highest = accumulate((time for _, time in ordered), max)
    costs, times = zip(*{cost: time for (cost, _), time in zip(ordered, highest, strict=True)}.items(), strict=True)

    def at(macs: int) -> float:
        cost = math.log(macs)
        if cost <= costs[0]:
            return math.exp(times[0] + cost - costs[0])
        if cost >= costs[-1]:
            return math.exp(times[-1] + cost - costs[-1])
        above = bisect_right(costs, cost)
        share = (cost - costs[above - 1]) / (costs[above] - costs[above - 1])
        return math.exp(times[above - 1] + share * (times[above] - times[above - 1]))

    return at
