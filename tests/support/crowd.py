"""A class of visitors at one server, each of whom checks every answer."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import cycle
from time import monotonic

from explorer.assets import ASSETS
from explorer.formats.quantities import engineering
from explorer.settings.built import build
from explorer.settings.declarations import Architecture
from tests.support.visitors import Visitor, visiting

PHI = "φ: compound coefficient"
NETWORKS = ("Lite0", "Lite1", "Lite2")
SAMPLES = ("cat", "coffee", "rocket", "camera")
ANSWER = re.compile(r"\*\*(EfficientNet-Lite\d says “[^”]+”, [^ ]+ % sure)")
COLUMN = re.compile(r"\*\*(Baseline|Deeper|Wider|Higher resolution|Compound)\*\*\n([\d.]+ %)")
COLUMNS = 5
STEPS = tuple(round(-2 + 0.05 * step, 2) for step in range(121))

Looks = dict[tuple[str, str], str]
"""What a network says of a photograph, in the words of the page."""


@dataclass
class Account:
    """What a crowd has seen: seconds of each move of a slider, of each look and of each comparison, and errors."""

    moves: list[float] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    comparisons: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Crowd:
    """How many come and for how long; each moves after a pause of between `pauses` seconds, and at least once."""

    movers: int
    lookers: int
    comparers: int
    idle: int
    seconds: float
    pauses: tuple[float, float] = (2.0, 4.0)


async def gather(address: str, crowd: Crowd, alone: Looks, compared: list[tuple[str, str]], seed: int = 0) -> Account:
    """Let `crowd` use the app at `address`; `alone` and `compared` are the answers given to a single visitor."""
    account = Account()
    async with AsyncExitStack() as stack:
        for _ in range(crowd.idle):
            await stack.enter_async_context(visiting(address))
        until = monotonic() + crowd.seconds

        async def turns(who: int) -> AsyncIterator[None]:
            chance = random.Random(1000 * seed + who)
            while True:
                await asyncio.sleep(chance.uniform(*crowd.pauses))
                yield
                if monotonic() > until:
                    return

        tasks = [_mover(address, turns(who), account, who) for who in range(crowd.movers)]
        tasks += [_looker(address, turns(100 + who), account, alone, who) for who in range(crowd.lookers)]
        tasks += [_comparer(address, turns(200 + who), account, compared) for who in range(crowd.comparers)]
        await asyncio.gather(*tasks)
    return account


async def single(address: str, rounds: int) -> tuple[list[float], Looks, list[tuple[str, str]]]:
    """What one visitor alone sees: the seconds of moves, the answer to every look, and one comparison."""
    account, looks = Account(), Looks()
    async with visiting(address) as visitor:
        for step in range(rounds):
            await _move(visitor, STEPS[20 + step], account)
    async with visiting(address, "look", "network=lite0&photo=upload") as visitor:
        for sample in SAMPLES:
            await visitor.upload(f"{sample}.jpg", photograph(sample))
            for network in NETWORKS:
                await visitor.choose("Network", network)
                looks[network, sample] = _answer(visitor)
    async with visiting(address, "look", "network=lite0&photo=coffee&view=compare") as visitor:
        compared = await compare(visitor)
    assert account.wrong == []
    return account.moves, looks, compared


async def _move(visitor: Visitor, phi: float, account: Account) -> None:
    """Move φ, and hold what is shown against the explorer's own functions."""
    account.moves.append(await visitor.move(PHI, phi))
    cost = build(Architecture(phi=phi)).cost
    for label, value in (("Parameters", cost.params), ("Multiply-adds", cost.macs), ("Activations", cost.activations)):
        if visitor.metric(label) != engineering(value):
            account.wrong.append(f"{label} at φ = {phi}: {visitor.metric(label)}, not {engineering(value)}")


async def _mover(address: str, turns: AsyncIterator[None], account: Account, who: int) -> None:
    chance = random.Random(who)
    async with visiting(address) as visitor:
        async for _ in turns:
            await _move(visitor, chance.choice(STEPS), account)


async def _looker(address: str, turns: AsyncIterator[None], account: Account, alone: Looks, who: int) -> None:
    """Upload photographs, and ask a network after the other."""
    samples, networks = cycle(SAMPLES), cycle(NETWORKS[who % 3 :] + NETWORKS[: who % 3])
    async with visiting(address, "look", "network=lite0&photo=upload") as visitor:
        async for _ in turns:
            sample, network = next(samples), next(networks)
            await visitor.choose("Network", network)
            account.looks.append(await visitor.upload(f"{sample}.jpg", photograph(sample)))
            if _answer(visitor) != alone[network, sample]:
                account.wrong.append(f"{network} of {sample}: {_answer(visitor)}, not {alone[network, sample]}")


async def _comparer(address: str, turns: AsyncIterator[None], account: Account, alone: list[tuple[str, str]]) -> None:
    """Compare the paper's five networks on a photograph, each time as a new visitor."""
    async for _ in turns:
        async with visiting(address, "look", "network=lite0&photo=coffee&view=compare") as visitor:
            began = monotonic()
            found = await compare(visitor)
            account.comparisons.append(monotonic() - began)
        if found != alone:
            account.wrong.append(f"The comparison says {found}, not {alone}")


async def compare(visitor: Visitor) -> list[tuple[str, str]]:
    """Press the button of the view Side by side and wait for its columns: names and probabilities."""

    def waiting() -> bool:
        return any(each.button.label == "Cancel" for each in visitor.elements("button"))

    await visitor.press("Compare")
    await visitor.until(lambda: len(COLUMN.findall(visitor.text)) == COLUMNS and not waiting())
    return COLUMN.findall(visitor.text)


def photograph(sample: str) -> bytes:
    """The bytes of a sample photograph."""
    return (ASSETS / "samples" / f"{sample}.jpg").read_bytes()


def _answer(visitor: Visitor) -> str:
    found = ANSWER.search(visitor.text)
    return found[1] if found else visitor.text[:200]
