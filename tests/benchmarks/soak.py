"""One server for a long day: many moves and photographs; what it holds after the first tenth and at the end.

Fewer moves: EXPLORER_BENCH_MOVES; photographs are a tenth of them.
"""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks.timing import Comparison
from tests.browser.serving import serving
from tests.support.crowd import NETWORKS, PHI, SAMPLES, STEPS, photograph
from tests.support.visitors import Visitor, visiting

MOVES = int(os.environ.get("EXPLORER_BENCH_MOVES", "20000"))
PARTS, FIRST = 10, 0
MOVERS = 4
PER_PHOTOGRAPH = 10
MOST_GROWTH = 1.05
SEED = 11


@dataclass(frozen=True)
class Held:
    """What the server holds: MiB of the interface and of its workers, descriptors, threads, temporary files."""

    interface: float
    workers: float
    descriptors: int
    threads: int
    files: int

    def __str__(self) -> str:
        return (
            f"interface {self.interface:.0f} MiB, workers {self.workers:.0f} MiB, {self.descriptors} descriptors, "
            f"{self.threads} threads, {self.files} temporary files"
        )


def comparisons() -> Iterator[Comparison]:
    """Nothing is compared with a peer: the server is compared with itself."""
    with tempfile.TemporaryDirectory() as folder, serving(settings={"TMPDIR": folder}) as (address, server):
        held = asyncio.run(_scene(address, server, Path(folder)))
    first, last = held[FIRST], held[-1]
    print(f"  after {MOVES // PARTS:,} moves and {MOVES // PARTS // PER_PHOTOGRAPH} photographs: {first}")
    print(f"  after {MOVES:,} moves and {MOVES // PER_PHOTOGRAPH:,} photographs: {last}")
    print(f"  interface {last.interface / first.interface:.3f}×, workers {last.workers / first.workers:.3f}×", end=" ")
    print(f"(asked: at most {MOST_GROWTH}×)")
    yield from ()


async def _scene(address: str, server: psutil.Process, folder: Path) -> list[Held]:
    """The same visitors all day: a server keeps for two minutes whoever has left, in case they come back."""
    held: list[Held] = []
    chance = random.Random(SEED)
    async with AsyncExitStack() as day:
        movers = [await day.enter_async_context(visiting(address)) for _ in range(MOVERS)]
        looker = await day.enter_async_context(visiting(address, "look", "network=lite0&photo=upload"))
        for part in range(PARTS):
            moving = [_move(mover, MOVES // PARTS // MOVERS, random.Random(chance.random())) for mover in movers]
            await asyncio.gather(*moving, _look(looker, MOVES // PARTS // PER_PHOTOGRAPH, chance))
            held.append(_held(server, folder))
            print(f"  part {part + 1}: {held[-1]}", flush=True)
    return held


async def _move(visitor: Visitor, moves: int, chance: random.Random) -> None:
    for _ in range(moves):
        await visitor.move(PHI, chance.choice(STEPS))


async def _look(visitor: Visitor, photographs: int, chance: random.Random) -> None:
    for _ in range(photographs):
        await visitor.choose("Network", chance.choice(NETWORKS))
        sample = chance.choice(SAMPLES)
        await visitor.upload(f"{sample}.jpg", photograph(sample))


def _held(server: psutil.Process, folder: Path) -> Held:
    workers = sum(child.memory_info().rss for child in server.children(recursive=True))
    return Held(
        server.memory_info().rss / 2**20,
        workers / 2**20,
        server.num_fds(),
        server.num_threads(),
        sum(1 for _ in folder.rglob("*")),
    )
