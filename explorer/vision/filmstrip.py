"""The same weights on the same photograph at many resolutions: the one scaling that needs no new weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.cost.latency import Latency
from explorer.models.lineage import Classifier, runs_here
from explorer.progress import report
from explorer.vision.classification import Classification, ClassProbability

RESOLUTIONS = (128, 160, 192, 224, 260, 300, 380, 456, 528, 600)
"""Pixels a side; from B0's on those of B0, B2, B3 … B7."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One resolution.

    Attributes:
        input_resolution: pixels a side.
        seen: (height, width, 3) RGB bytes.
        first: the first answer at this resolution.
        probability: of the class in question, from 0 to 1.
        local_logits: (rows, columns) the logit that the class would have if the whole picture were like this cell,
            bias aside; unlike a map in logits per cell it can be compared between resolutions.
        latency: of the forward pass.
    """

    input_resolution: int
    seen: NDArray[np.uint8]
    first: ClassProbability
    probability: float
    local_logits: NDArray[np.float32]
    latency: Latency


def resolutions(classifier: Classifier) -> tuple[int, ...]:
    """Those of `RESOLUTIONS`, of the weights' evaluation and of the network itself that may be run, ascending."""
    network, evaluated = classifier.network, classifier.checkpoint.network.input_resolution
    wanted = sorted({*RESOLUTIONS, evaluated, network.input_resolution})
    return tuple(pixels for pixels in wanted if runs_here(network.at(pixels)))


def frames(look: Callable[[Classifier], Classification], classifier: Classifier, class_index: int) -> Iterator[Frame]:
    """What `look` says of the photograph at each resolution, for one class."""
    wanted = resolutions(classifier)
    for done, pixels in enumerate(wanted):
        report(done / len(wanted), f"looking at {pixels} px")
        yield frame(look(classifier.at(pixels)), class_index)


def frame(sight: Classification, class_index: int) -> Frame:
    """What is kept of one answer."""
    evidence = sight.maps[class_index]
    return Frame(
        sight.classifier.network.input_resolution,
        sight.seen,
        sight.top(1)[0],
        float(sight.probabilities[class_index]),
        evidence * np.float32(evidence.size),
        sight.latency,
    )
