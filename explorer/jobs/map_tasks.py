"""What a page asks of the worker to read a map; torch is imported where a job runs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explorer.models.lineage import Classifier
from explorer.progress import report
from explorer.vision.activation_maps import CamMethod
from explorer.vision.classification import Classification
from explorer.vision.region import Region, covered

StageMaps = Mapping[CamMethod, NDArray[np.float32]]


def stage_maps(classifier: Classifier, seen: NDArray[np.uint8], stage: int, class_index: int) -> StageMaps:
    """The (rows, columns) map of every method for a class at a stage: all of them come from one gradient.

    Args:
        classifier: which network, with which weights.
        seen: (height, width, 3) RGB bytes, the network's own input before normalisation.
        stage: 1 to the number of its stages.
        class_index: the class.

    Raises:
        WeightsError: its weights are missing or broken.
        StageError: the network has no such stage.
        TooLargeError: it needs more memory than there may be.
    """
    from explorer.jobs import classification_tasks
    from explorer.models import task_memory, weights
    from explorer.models.kept import claim
    from explorer.vision.evidence import at_stage

    report(0.1, f"running the network up to stage {stage}")
    values = classifier.preprocessing.normalise(Image.fromarray(seen))
    activations = classification_tasks.ready(classifier).stage_map(values, stage)
    report(0.4, "loading what a gradient goes through")
    claim(task_memory.gradient(classifier.network, stage))
    module = weights.module(classifier)
    report(0.8, f"following the gradient down to stage {stage}")
    found = at_stage(module, stage, class_index, activations)
    return {method: found.map(method).astype(np.float32) for method in CamMethod}


def without(classifier: Classifier, seen: NDArray[np.uint8], region: Region) -> Classification:
    """What `classifier` says of its input `seen` (height, width, 3; RGB bytes) with `region` in its mean colour.

    Raises:
        WeightsError: its weights are missing or broken.
    """
    from explorer.jobs import classification_tasks
    from explorer.vision import classify

    return classify.look_at(classification_tasks.ready(classifier), classifier, Image.fromarray(covered(seen, region)))
