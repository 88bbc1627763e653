"""The engine against timm's eager forward, and how near it comes to what the processor can do.

The limit is measured: a large float32 matrix product in torch on the same threads. A network cannot multiply and add
faster than that, unless the product itself falls short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.cost import counting
from explorer.models.build import build
from explorer.models.engine import Engine
from explorer.network.baselines import BASELINES, EFFICIENTNET
from explorer.network.description import Network, of_baseline, scale
from explorer.published import presets
from tests.benchmarks.timing import Comparison, compare

NETWORKS = ("lite0", "b0", "b3", "b4", "b7")
OTHERS = ("mobilenetv1", "mobilenetv2", "resnet50")
THREADS = (1, 2)
PRODUCT = 1536
"""Rows and columns of the two matrices whose product is the limit."""


def comparisons() -> Iterator[Comparison]:
    """For each number of threads and network: against eager timm, and against the limit; then a network never built."""
    networks = {presets()[key].title: presets()[key].network() for key in NETWORKS}
    networks |= {BASELINES[key].name: of_baseline(BASELINES[key]) for key in OTHERS}
    before = torch.get_num_threads()
    try:
        for threads in THREADS:
            torch.set_num_threads(threads)
            for name, network in networks.items():
                yield from _network(f"{name}, {threads} thread{'s' * (threads > 1)}", network, threads)
            yield from _first_answers(threads)
    finally:
        torch.set_num_threads(before)


def _network(name: str, network: Network, threads: int) -> Iterator[Comparison]:
    forward, run = _pair(network, threads)
    macs = counting.of(network).macs
    matrix = torch.rand(PRODUCT, PRODUCT)
    result = compare(f"{name}: engine", run, "timm eager", forward)
    yield result
    limit = compare("", run, "", lambda: torch.mm(matrix, matrix))
    attainable = limit.theirs * macs / PRODUCT**3
    reached = f"{macs / limit.ours / 1e9:.1f} of {PRODUCT**3 / limit.theirs / 1e9:.1f} G multiply-adds/s"
    yield Comparison(f"{name}: {attainable / limit.ours:.0%} of the limit", limit.ours, reached, attainable)


def _first_answers(threads: int) -> Iterator[Comparison]:
    """A network near B0 and one near B4 that nobody has built yet: module, graph, session and answer together."""
    for name, depth, width, pixels in (("B0", 1.05, 1.02, 224), ("B4", 1.75, 1.38, 380)):
        network = scale(EFFICIENTNET, depth, width, pixels)
        forward, _ = _pair(network, threads)
        values = _values(pixels)

        def first(network: Network = network, values: NDArray[np.float32] = values) -> object:
            return Engine(network, build(network).state_dict(), threads=threads).run(values)

        yield compare(f"Never built, size of {name}, {threads} threads: first answer", first, "timm eager", forward)


def _pair(network: Network, threads: int) -> tuple[Callable[[], object], Callable[[], object]]:
    """One image through timm's module, and through the engine."""
    module, values = build(network), _values(network.input_resolution)
    image, engine = torch.from_numpy(values), Engine(network, module.state_dict(), threads=threads)

    @torch.inference_mode()
    def forward() -> object:
        return module(image)

    return forward, lambda: engine.run(values)


def _values(pixels: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(size=(1, 3, pixels, pixels)).astype(np.float32)
