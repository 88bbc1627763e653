"""What each task that builds a network really takes in memory, beside what was foreseen; in bytes, no peer.

Each runs in a process of its own that has done the same task on a small network before, as a worker has.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.jobs import tasks
from explorer.models import task_memory
from explorer.models.checkpoints import bundled
from explorer.models.errors import JobError
from explorer.models.kept import KEPT
from explorer.models.lineage import Classifier, Grown
from explorer.network.baselines import LITE
from explorer.network.description import Network, scale
from explorer.vision import untrained
from tests.benchmarks.timing import Comparison
from tests.support.samples import as_png

ROOT = Path(__file__).resolve().parents[2]
STAGE = 2
SMALL = (1.0, 1.0, 64)
PIXELS = np.zeros((300, 300, 3), np.uint8)
FILE = as_png(PIXELS)


@dataclass(frozen=True)
class Task:
    """What is done, what it is foreseen to need, and the depth, width and pixels of Lite networks to do it with."""

    run: Callable[[Network], object]
    need: Callable[[Network], int]
    sizes: tuple[tuple[float, float, int], ...]


def grown(network: Network) -> Classifier:
    """`network` with the function of Lite0."""
    return Classifier(network, Grown(bundled()["lite0"]))


def gradient(network: Network) -> object:
    """The maps of an early stage."""
    side = network.input_resolution
    return tasks.stage_maps(grown(network), np.zeros((side, side, 3), np.uint8), STAGE, 0)


# The largest weights that are let in, and large maps.
TASKS: Mapping[str, Task] = {
    "an answer": Task(
        lambda network: tasks.look(grown(network), FILE),
        task_memory.engine,
        ((1, 4.5, 64), (1, 1.6, 300), (1, 1, 1024)),
    ),
    "the package": Task(
        lambda network: tasks.package(grown(network)), task_memory.package, ((1, 3.3, 64), (1, 1.6, 600))
    ),
    "the checks of a map": Task(
        lambda network: tasks.trust(grown(network), FILE, 0),
        task_memory.trust,
        ((1, 3.3, 64), (1, 1.3, 224)),
    ),
    "a gradient": Task(
        gradient, lambda network: task_memory.gradient(network, STAGE), ((1, 3.3, 64), (1, 1, 600), (1, 1.6, 500))
    ),
    "timing": Task(tasks.latency, task_memory.forward, ((1, 6, 64), (1, 1, 1024))),
    "the proof": Task(tasks.count, task_memory.forward, ((1, 6, 64), (1, 1, 1024))),
    "random weights": Task(
        lambda network: untrained.look(network, Image.fromarray(PIXELS)), task_memory.forward, ((1, 6, 64),)
    ),
}

TOO_LARGE = (8.0, 8.0, 32)


def comparisons() -> Iterator[Comparison]:
    """Nothing is compared with a peer: what was foreseen is compared with what was taken."""
    over = [line for name, task in TASKS.items() for size in (*task.sizes, TOO_LARGE) if (line := _told(name, size))]
    print(f"  more than foreseen: {', '.join(over) or 'none'}")
    yield from ()


def _told(name: str, size: tuple[float, float, int]) -> str:
    """Print what the process says; its name, if it took more than was foreseen."""
    command = (sys.executable, "-m", "tests.benchmarks.limits", name, *map(str, size))
    line = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    print(f"  {line}", flush=True)
    return name if line.endswith("MORE") else ""


def measure(name: str, depth: float, width: float, pixels: int) -> str:
    """Do a task in this process: what was foreseen and what it took, in MB."""
    task = TASKS[name]
    task.run(scale(LITE, *SMALL))
    KEPT.clear()
    network = scale(LITE, depth, width, pixels)
    before = _status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here
    try:
        task.run(network)
        ending = ""
    except JobError:
        ending = "refused, "
    taken, foreseen = _status("VmHWM") - before, task.need(network)
    what = f"{name}, d {depth:g} · w {width:g} · {pixels} px"
    return (
        f"{what:<44} loaded {before / 1e6:5,.0f} MB, foreseen {foreseen / 1e6:6,.0f} MB, {ending}taken "
        f"{taken / 1e6:6,.0f} MB, {taken / foreseen:4.0%}{' MORE' if taken > foreseen else ''}"
    )


def _status(name: str) -> int:
    """Bytes of a row of this process's status."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return 0 if found is None else 1024 * int(found.group(1))


if __name__ == "__main__":
    print(measure(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])))
