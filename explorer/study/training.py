"""Train one network: a pure function of (network, seed, protocol), bit-identical on one machine and thread count."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from time import perf_counter

import torch
from torch import Tensor, nn
from torch.nn import functional

from explorer.cost import counting
from explorer.formats.quantities import counted
from explorer.models.build import build
from explorer.network.description import Network
from explorer.study import paths
from explorer.study.data import FASHION_MNIST, DataSplit, ImageSet, load
from explorer.study.errors import StudyError
from explorer.study.protocol import Protocol
from explorer.study.results import TrainingResult

WARM_UP_SHARE = 0.25
"""The share of the steps in which one cycle's learning rate rises."""

COLOURS = 3
"""Channels that networks are built for: grey images are the same in each."""

CURVE_POINTS = 32
HELD_OUT_BATCH = 500
FLIPPED = 0.5
"""The share of images that are mirrored in each epoch."""


def train(network: Network, seed: int, protocol: Protocol) -> TrainingResult:
    """Train `network` from its random start and measure it on held-out images.

    AdamW, one cycle, label smoothing, random mirroring; the images are resized to the network's resolution with
    antialiasing before training. The process's thread count is the protocol's meanwhile.

    Raises:
        StudyError: the data are missing or too few, or training diverged.
    """
    with _prepared(protocol.threads, seed):
        train_images, held_out = _resized(protocol, network.input_resolution)
        module = build(network).to(memory_format=torch.channels_last)
        started = perf_counter()
        losses = _fit(module, train_images, seed, protocol)
        fitted = perf_counter()
        accuracy = _accuracy(module, held_out)
        seconds = perf_counter() - started
    spent = counting.of(network)
    return TrainingResult(
        accuracy=accuracy,
        params=spent.params,
        macs=spent.macs,
        activations=spent.activations,
        seconds=seconds,
        images_per_second=protocol.steps * protocol.batch / (fitted - started),
        curve=_curve(losses),
        machine=machine(),
        versions=f"torch {torch.__version__}, Python {platform.python_version()}",
    )


def machine() -> str:
    """The processor, and how many of them, without the machine's name."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 - not a file of ours
            model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), model)
    except OSError:
        pass  # not Linux
    return f"{model}, {counted(os.cpu_count() or 1, 'processor')}"


@lru_cache(maxsize=2)
def _images(source: str, pixels: int) -> ImageSet:
    """The data set, read once in this process for a size."""
    return load(source, paths.images(), pixels)


def _resized(protocol: Protocol, pixels: int) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Training and held-out images at `pixels` a side as (number, channels, pixels, pixels), normalised."""
    whole = _images(protocol.data, 0 if protocol.data == FASHION_MNIST else pixels)
    train_part, held_part = whole.train.first(protocol.images), whole.held_out.first(protocol.held_out)
    for part, wanted, words in ((train_part, protocol.images, "training"), (held_part, protocol.held_out, "held-out")):
        if len(part.labels) < wanted:
            raise StudyError(
                f"The data have {counted(len(part.labels), f'{words} image')}; the protocol asks for {wanted:,}."
            )
    train_images = _resize(train_part, pixels)
    mean = train_images.mean(dim=(0, 2, 3), keepdim=True)
    deviation = train_images.std(dim=(0, 2, 3), keepdim=True).clamp_min(1e-6)
    held_images = (_resize(held_part, pixels) - mean) / deviation
    pair = (train_images - mean) / deviation, torch.from_numpy(train_part.labels.copy())
    return pair, (held_images, torch.from_numpy(held_part.labels.copy()))


def _resize(part: DataSplit, pixels: int) -> Tensor:
    images = torch.from_numpy(part.images.copy()).permute(0, 3, 1, 2).float() / 255
    size = (pixels, pixels)
    return functional.interpolate(images, size=size, mode="bilinear", antialias=True, align_corners=False)


def _fit(module: nn.Module, part: tuple[Tensor, Tensor], seed: int, protocol: Protocol) -> list[float]:
    """Train in place; the loss of each step."""
    images, labels = part
    optimiser = torch.optim.AdamW(module.parameters(), protocol.learning_rate, weight_decay=protocol.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, protocol.learning_rate, total_steps=protocol.steps, pct_start=WARM_UP_SHARE
    )
    losses: list[float] = []
    module.train()
    for batch in _batches(len(labels), seed, protocol):
        chosen, mirrored = batch
        shown = torch.where(mirrored[:, None, None, None], images[chosen].flip(3), images[chosen])
        answers = module(shown.expand(-1, COLOURS, -1, -1))
        loss = functional.cross_entropy(answers, labels[chosen], label_smoothing=protocol.label_smoothing)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if not math.isfinite(losses[-1]):
            raise StudyError("The training diverged: the loss is no number any more. Lower the learning rate.")
    return losses


def _batches(number: int, seed: int, protocol: Protocol) -> Iterator[tuple[Tensor, Tensor]]:
    """Which images each step sees, and which of them mirrored: every image once in an epoch."""
    generator = torch.Generator().manual_seed(seed)
    for _ in range(protocol.epochs):
        order = torch.randperm(number, generator=generator)
        for start in range(0, number - protocol.batch + 1, protocol.batch):
            chosen = order[start : start + protocol.batch]
            yield chosen, torch.rand(protocol.batch, generator=generator) < FLIPPED


def _accuracy(module: nn.Module, part: tuple[Tensor, Tensor]) -> float:
    """The share of held-out images whose class is the network's first answer, in percent."""
    images, labels = part
    module.eval()
    right = 0
    with torch.inference_mode():
        for start in range(0, len(labels), HELD_OUT_BATCH):
            shown = images[start : start + HELD_OUT_BATCH].expand(-1, COLOURS, -1, -1)
            right += int((module(shown).argmax(1) == labels[start : start + HELD_OUT_BATCH]).sum())
    return 100.0 * right / len(labels)


def _curve(losses: list[float]) -> tuple[float, ...]:
    """The mean loss of up to 32 stretches of equal length."""
    points = min(CURVE_POINTS, len(losses))
    edges = [round(index * len(losses) / points) for index in range(points + 1)]
    return tuple(math.fsum(losses[a:b]) / (b - a) for a, b in pairwise(edges))


@contextmanager
def _prepared(threads: int, seed: int) -> Iterator[None]:
    """Torch deterministic, seeded and with so many threads; afterwards as it was."""
    before, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        try:
            yield
        finally:
            torch.set_num_threads(before)
            torch.use_deterministic_algorithms(strict)
