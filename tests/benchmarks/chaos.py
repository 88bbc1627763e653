"""The workers killed at random moments while visitors ask: everybody gets an answer or a sentence, and nothing is left.

Fewer kills: EXPLORER_BENCH_KILLS.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from tests.benchmarks.timing import Comparison
from tests.browser.serving import serving
from tests.support.crowd import ANSWER, NETWORKS, SAMPLES, photograph
from tests.support.visitors import visiting

KILLS = int(os.environ.get("EXPLORER_BENCH_KILLS", "200"))
VISITORS = 6
PAUSES = (0.1, 2.0)
"""Seconds between two kills, from the loading of torch to the middle of an answer."""
SENTENCE = "Look again"
SHARED = Path("/dev/shm")  # noqa: S108 - what is looked at, not written to


def comparisons() -> Iterator[Comparison]:
    """Nothing is compared here: what came of it is printed."""
    shared = _shared()
    with serving() as (address, server):
        answered = asyncio.run(_scene(address, server))
        family = server.children(recursive=True)
        zombies = [each for each in family if each.status() == psutil.STATUS_ZOMBIE]
        print(f"  {KILLS} kills: {dict(answered)}; the next look of everybody was answered")
        print(f"  processes left beside the interface: {len(family)}, of them zombies: {len(zombies)}")
        print(f"  memory of the interface: {server.memory_info().rss / 2**20:.0f} MiB")
    print(f"  shared memory left behind: {sorted(_shared() - shared)}")
    assert set(answered) <= {"answer", "sentence"}
    yield from ()


async def _scene(address: str, server: psutil.Process) -> Counter[str]:
    over = asyncio.Event()
    found: Counter[str] = Counter()
    asking = [asyncio.create_task(_ask(address, over, found, who)) for who in range(VISITORS)]
    await _kill(server)
    over.set()
    await asyncio.gather(*asking)
    return found


async def _kill(server: psutil.Process) -> None:
    """Kill one worker after the other, each time one that is there."""
    chance = random.Random(0)
    killed = 0
    while killed < KILLS:
        await asyncio.sleep(chance.uniform(*PAUSES))
        with suppress(psutil.NoSuchProcess):
            workers = server.children()
            if workers:
                chance.choice(workers).send_signal(signal.SIGKILL)
                killed += 1


async def _ask(address: str, over: asyncio.Event, found: Counter[str], who: int) -> None:
    """Ask until it is over, then once more: that must be answered."""
    chance = random.Random(who)
    async with visiting(address, "look", "network=lite0&photo=upload") as visitor:
        while not over.is_set():
            await visitor.choose("Network", chance.choice(NETWORKS))
            sample = chance.choice(SAMPLES)
            await visitor.upload(f"{sample}.jpg", photograph(sample))
            buttons = [each.button.label for each in visitor.elements("button")]
            outcome = "answer" if ANSWER.search(visitor.text) else "sentence" if SENTENCE in buttons else visitor.text
            found[outcome[:200]] += 1
        while not ANSWER.search(visitor.text):
            await visitor.upload("coffee.jpg", photograph("coffee"))


def _shared() -> set[str]:
    return {each.name for each in SHARED.iterdir()} if SHARED.is_dir() else set()
