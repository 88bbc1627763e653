"""What a network of random weights puts out: class indices, never names, because nothing was learnt."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from explorer.models import task_memory
from explorer.models.build import build
from explorer.models.kept import claim
from explorer.models.preprocess import Preprocessing
from explorer.network.description import Network

SEED = 0
HALF = (0.5, 0.5, 0.5)
CROP = 0.875


@dataclass(frozen=True, eq=False)
class UntrainedOutput:
    """(classes,) the softmax of what the network put out, and the milliseconds that it took."""

    probabilities: NDArray[np.float64]
    milliseconds: float

    def top(self, count: int) -> tuple[tuple[int, float], ...]:
        """The `count` largest: class index and probability."""
        order = np.argsort(-self.probabilities, kind="stable")[:count]
        return tuple((int(index), float(self.probabilities[index])) for index in order)


@torch.inference_mode()
def look(network: Network, image: Image.Image) -> UntrainedOutput:
    """What `network` with seeded random weights puts out for an RGB `image` of any size.

    Raises:
        TooLargeError: it needs more memory than there may be.
    """
    claim(task_memory.forward(network))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        module = build(network)
    preprocessing = Preprocessing(network.input_resolution, CROP, "bicubic", HALF, HALF)
    values = torch.from_numpy(preprocessing.normalise(preprocessing.seen(image)))
    started = perf_counter()
    logits = module(values)[0]
    milliseconds = (perf_counter() - started) * 1000
    return UntrainedOutput(torch.softmax(logits.double(), 0).numpy(), milliseconds)
