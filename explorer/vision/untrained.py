"""What a network of random weights puts out: class indices, never names, because nothing was learnt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from explorer.cost.latency import Latency, of_runs
from explorer.models import measure, task_memory
from explorer.models.build import build
from explorer.models.kept import claim
from explorer.models.preprocess import Preprocessing
from explorer.network.description import Network

SEED = 0
HALF = (0.5, 0.5, 0.5)
CROP = 0.875


@dataclass(frozen=True, eq=False)
class UntrainedOutput:
    """(classes,) the softmax of what the network put out, and how long that takes."""

    probabilities: NDArray[np.float64]
    latency: Latency

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
    logits = module(values)[0]
    seconds = measure.timed(lambda: module(values), measure.FEWEST_RUNS, measure.FEWEST_RUNS)
    latency = of_runs(seconds, torch.get_num_threads())
    return UntrainedOutput(torch.softmax(logits.double(), 0).numpy(), latency)
