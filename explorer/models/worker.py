"""What runs in the worker process: the networks live here, the pages only see `Sight`s."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from timm.models.efficientnet import EfficientNet

from explorer.models.checkpoints import bundled
from explorer.models.lineage import Classifier, of_checkpoint
from explorer.models.weights import module
from explorer.vision import classify
from explorer.vision.filmstrip import Frame, frames
from explorer.vision.sight import Sight

NETWORKS_KEPT = 6


def ready(classifier: Classifier) -> EfficientNet:
    """The module of `classifier`, loaded or grown once in this process; one serves all resolutions."""
    return _ready(classifier.at(classifier.checkpoint.network.input_resolution))


@lru_cache(maxsize=NETWORKS_KEPT)
def _ready(classifier: Classifier) -> EfficientNet:
    return module(classifier)


def look(classifier: Classifier, pixels: NDArray[np.uint8]) -> Sight:
    """What `classifier` says of a photograph of (height, width, 3) RGB bytes.

    Raises:
        WeightsError: its weights are missing or broken.
    """
    return classify.look(ready(classifier), classifier, Image.fromarray(pixels))


def filmstrip(classifier: Classifier, pixels: NDArray[np.uint8], class_index: int) -> tuple[Frame, ...]:
    """What `classifier` says of a photograph at many resolutions, for one class.

    Raises:
        WeightsError: as `look`.
    """
    return tuple(frames(lambda each: look(each, pixels), classifier, class_index))


def forget_networks() -> None:
    """Let go of all networks that are kept."""
    _ready.cache_clear()


def warm_up() -> None:
    """Load the smallest network and run it once, so that the first visitor does not wait for torch."""
    look(of_checkpoint(next(iter(bundled().values()))), np.zeros((64, 64, 3), np.uint8))
