"""What runs in the worker process: the networks live here, the pages only see `Classification`s."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explorer.models import task_memory
from explorer.models.checkpoints import at_hand
from explorer.models.engine import Engine
from explorer.models.kept import KEPT
from explorer.models.lineage import Classifier
from explorer.models.suggestions import answering
from explorer.models.weights import engine
from explorer.settings.declarations import Architecture
from explorer.vision import classify
from explorer.vision.classification import Classification
from explorer.vision.filmstrip import Frame, frames


def ready(classifier: Classifier) -> Engine:
    """The engine of `classifier`, loaded or grown once in this process; one serves all resolutions.

    Raises:
        WeightsError: its weights are missing or broken.
        TooLargeError: at its resolution it needs more memory than there may be.
    """
    task_memory.require(task_memory.engine(classifier.network))
    anywhere = classifier.at(classifier.checkpoint.network.input_resolution)
    return KEPT.get(anywhere, Engine, lambda: engine(anywhere))


def look(classifier: Classifier, pixels: NDArray[np.uint8]) -> Classification:
    """What `classifier` says of a photograph of (height, width, 3) RGB bytes.

    Raises:
        WeightsError, TooLargeError: as `ready`.
    """
    return classify.look(ready(classifier), classifier, Image.fromarray(pixels))


def filmstrip(classifier: Classifier, pixels: NDArray[np.uint8], class_index: int) -> tuple[Frame, ...]:
    """What `classifier` says of a photograph at many resolutions, for one class.

    Raises:
        WeightsError, TooLargeError: as `look`.
    """
    return tuple(frames(lambda each: look(each, pixels), classifier, class_index))


def warm_up() -> None:
    """Have ready what a first visitor sees before a slider is touched; nothing where there are no weights."""
    found = answering(Architecture(), at_hand())
    if found is not None:
        look(found.classifier, np.zeros((64, 64, 3), np.uint8))
