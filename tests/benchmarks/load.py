"""A class at one server over the real protocol: thirty visitors, ten who look, two who compare, a hundred idle.

Shorter than five minutes: EXPLORER_BENCH_SECONDS.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from statistics import median, quantiles

import psutil

from tests.benchmarks.timing import Comparison
from tests.browser.serving import serving
from tests.support.crowd import Account, Crowd, gather, single

SECONDS = float(os.environ.get("EXPLORER_BENCH_SECONDS", "300"))
CROWD = Crowd(movers=18, lookers=10, comparers=2, idle=100, seconds=SECONDS)
ALONE = 40
MOST = 8.0


def comparisons() -> Iterator[Comparison]:
    """The 95th percentile of a move under load, against one visitor's median in the same run."""
    with serving() as (address, process):
        moves, looks, compared = asyncio.run(single(address, ALONE))
        before = _memory(process)
        account = asyncio.run(gather(address, CROWD, looks, compared))
        _print("moves of a slider", account.moves)
        _print("uploads classified", account.looks)
        _print("comparisons", account.comparisons)
        print(f"  wrong answers: {len(account.wrong)} {account.wrong[:3]}")
        print(f"  memory of the interface: {before:.0f} MiB before, {_memory(process):.0f} MiB after")
        yield Comparison(
            "p95 of a move, class of 30", _percentile(account.moves), "one visitor's median", median(moves)
        )
        _judge(account, median(moves))


def _judge(account: Account, alone: float) -> None:
    assert account.wrong == []
    ratio = _percentile(account.moves) / alone
    print(f"  asked: at most {MOST:.0f}× the single visitor's median; measured {ratio:.1f}×")


def _percentile(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]


def _print(what: str, seconds: list[float]) -> None:
    if len(seconds) > 1:
        spread = f"median {median(seconds) * 1000:.0f} ms, p95 {_percentile(seconds) * 1000:.0f} ms"
        print(f"  {len(seconds)} {what}: {spread}, longest {max(seconds) * 1000:.0f} ms")


def _memory(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 2**20
