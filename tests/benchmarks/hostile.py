"""Thousands of hostile pictures: each is shown right or refused, with what memory and time.

Cut off at each percent, with flipped bytes, lying headers, bombs: the cases of the tests of `explorer.vision.images`,
many more of them. They are read in a process of its own, whose peak is set back before each (Linux).
"""

from __future__ import annotations

import multiprocessing
import resource
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

import numpy as np

from explorer.vision import images
from tests.benchmarks.timing import Comparison
from tests.vision.test_images import BUSY, SAMPLES, TOO_LARGE
from tests.vision.test_sandbox import SIDE, lying

FLIPS = 150
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Read:
    """What came of a case: its kind, seconds, and MiB above what the process held before, its decoder's included."""

    outcome: str
    seconds: float
    mebibytes: float


def comparisons() -> Iterator[Comparison]:
    """Nothing is compared with a peer: what came of the cases is printed."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    found: dict[str, Read] = {}
    for name, data in cases():
        ours.send(data)
        found[name] = ours.recv()
    ours.send(None)
    process.join()
    counted = Counter(read.outcome for read in found.values())
    print(f"  {len(found):,} cases: {dict(counted)}")
    for what, unit in (("seconds", "s"), ("mebibytes", "MiB")):
        name = max(found, key=lambda case: float(getattr(found[case], what)))
        print(f"  most {what}: {getattr(found[name], what):.2f} {unit} for {name}")
    print("  asked: 5,000 cases, nothing but pictures and refusals, at most 2 s and 400 MiB each")
    assert set(counted) <= {"picture", "refused"}
    yield from ()


def cases() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each case, always the same."""
    for kind, make in SAMPLES.items():
        data = make()
        for percent in range(100):
            yield f"{percent} % of {kind}", data[: len(data) * percent // 100]
        for seed in range(FLIPS):
            yield f"{kind} with flips {seed}", _flipped(data, seed)
    for kind, (make, _) in {**BUSY, **TOO_LARGE}.items():
        yield kind, make()
    yield "avif that lies", lying(SIDE)


def _flipped(data: bytes, seed: int) -> bytes:
    random = np.random.default_rng(seed)
    damaged = np.frombuffer(data, np.uint8).copy()
    reach = len(data) if seed % 2 else min(200, len(data))  # half of them in the header
    places = random.integers(0, reach, random.integers(1, 8))
    damaged[places] = random.integers(0, 256, len(places))
    return damaged.tobytes()


def _serve(connection: Connection[Read, bytes | None]) -> None:
    while (data := connection.recv()) is not None:
        CLEAR.write_text("5", encoding="ascii")  # the peak begins again from here
        resting = _peak()
        began = perf_counter()
        try:
            images.read(data, "photo")
            outcome = "picture"
        except images.ImageRejected:
            outcome = "refused"
        except Exception as error:
            outcome = repr(error)
        seconds = perf_counter() - began
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10 if data[4:8] == b"ftyp" else 0.0
        connection.send(Read(outcome, seconds, max(_peak() - resting, child)))


def _peak() -> float:
    line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
    return float(line.split()[1]) / 2**10
