"""The longer looks of the worker process: the checks of a map, networks side by side, several photographs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explorer.jobs.classification_tasks import look, ready
from explorer.models import task_memory
from explorer.models.kept import claim
from explorer.models.lineage import Classifier
from explorer.models.threads import torch_threads
from explorer.models.weights import module
from explorer.progress import report
from explorer.vision import batch, classify, sanity_checks, side_by_side
from explorer.vision.batch import FileAnswer, Given
from explorer.vision.filmstrip import Frame
from explorer.vision.trust import Trust


def trust(classifier: Classifier, pixels: NDArray[np.uint8], class_index: int) -> Trust:
    """Whether the map of a class on a photograph of (height, width, 3) RGB bytes can be trusted.

    Raises:
        WeightsError: the weights are missing or broken.
        TooLargeError: it needs more memory than there may be.
    """
    report(0, "loading the network")
    claim(task_memory.trust(classifier.network))
    engine, original = ready(classifier), module(classifier)
    preprocessing = classifier.preprocessing
    values = preprocessing.normalise(preprocessing.seen(Image.fromarray(pixels)))
    with torch_threads(1):  # several wait for each other where other work has the processors
        for progress in sanity_checks.examine(original, lambda each: engine.run(each).logits, values, class_index):
            report(progress.done / progress.steps, progress.doing)
            if progress.trust is not None:
                return progress.trust
    raise AssertionError("the last progress carries the result")


def compare(classifiers: tuple[Classifier, ...], pixels: NDArray[np.uint8], class_index: int) -> tuple[Frame, ...]:
    """What each network says of a photograph, for one class.

    Raises:
        WeightsError, TooLargeError: as `trust`.
    """
    return tuple(side_by_side.compared(lambda each: look(each, pixels), classifiers, class_index))


def classify_files(classifier: Classifier, files: tuple[Given, ...], count: int) -> tuple[FileAnswer, ...]:
    """The `count` most probable classes of each file, or why it was refused.

    Raises:
        WeightsError, TooLargeError: as `trust`.
    """
    engine = ready(classifier)
    return tuple(batch.classify(lambda image: classify.look(engine, classifier, image), files, count))
