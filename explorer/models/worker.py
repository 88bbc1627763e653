"""What runs in the worker process: the networks live here, the pages only see `Sight`s."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from timm.models.efficientnet import EfficientNet

from explorer.models.checkpoints import checkpoints
from explorer.models.weights import load
from explorer.vision import classify
from explorer.vision.sight import Sight


@cache
def trained(name: str) -> EfficientNet:
    """The trained network called `name`, loaded once in this process."""
    return load(checkpoints()[name])


def look(name: str, pixels: NDArray[np.uint8]) -> Sight:
    """What the network called `name` says of a photograph of (height, width, 3) RGB bytes.

    Raises:
        WeightsError: its weights are missing or broken.
    """
    return classify.look(trained(name), checkpoints()[name], Image.fromarray(pixels))


def warm_up() -> None:
    """Load the smallest network and run it once, so that the first visitor does not wait for torch."""
    look(next(iter(checkpoints())), np.zeros((64, 64, 3), np.uint8))
