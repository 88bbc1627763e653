"""From a network never built before to its first answer, and what growing takes of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import torch

from explorer.jobs import tasks
from explorer.jobs.pool import WorkerPool
from explorer.models.build import efficientnet
from explorer.models.checkpoints import bundled
from explorer.models.growth import grow
from explorer.models.lineage import Classifier, Grown
from explorer.network.baselines import EFFICIENTNET, LITE
from explorer.network.description import of_baseline, scale
from explorer.network.scaling import NONE
from explorer.published import presets
from tests.benchmarks.timing import Comparison, compare
from tests.support.samples import photograph_file

# The size, and depth, width and pixels of Lite networks of about the multiply-adds of B0 and of B4.
SIZES = (("B0", 1.0, 1.02, 224), ("B4", 1.8, 1.4, 380))
STEP = 0.004
"""Added to the width for each new network; without rounding that changes channels every time."""


def comparisons() -> Iterator[Comparison]:
    """Growing B0 into B4's shape; new networks through a warm worker."""
    small, large = of_baseline(EFFICIENTNET), presets()["b4"].network()
    state = efficientnet(small).state_dict()
    yield compare(
        "grow B0 into B4's shape", lambda: grow(small, state, large), "timm builds B4", lambda: efficientnet(large)
    )
    service = WorkerPool()
    try:
        service.warm_up().result(120)
        for name, depth, width, side in SIZES:
            yield _first_answer(name, service, (depth, width, side))
    finally:
        service.stop()


def _first_answer(name: str, service: WorkerPool, size: tuple[float, float, int]) -> Comparison:
    """Growing, graph, session and answer, each time of another network; against timm's forward of such a one."""
    depth, width, side = size
    ancestor, number = bundled()["lite0"], count()
    module = efficientnet(scale(LITE, depth, width, side), ancestor.padding, ancestor.norm_epsilon)
    values = torch.rand(1, 3, side, side)

    def ours() -> object:
        network = scale(LITE, depth, width + STEP * next(number), side, NONE)
        return service.submit(
            "visitor", tasks.look, Classifier(network, Grown(ancestor)), photograph_file("coffee")
        ).result(120)

    @torch.inference_mode()
    def theirs() -> object:
        return module(values)

    return compare(f"never built, {name}'s size: first answer", ours, "timm eager, forward alone", theirs)
