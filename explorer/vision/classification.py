"""What a trained network says of one photograph: a frozen answer that any process can read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.cost.latency import Latency
from explorer.models.lineage import Classifier
from explorer.vision.imagenet import labels


@dataclass(frozen=True)
class ClassProbability:
    """One class and its probability (softmax of the logits, from 0 to 1)."""

    class_index: int
    label: str
    probability: float


@dataclass(frozen=True, eq=False)
class Classification:
    """The answer of one forward pass, with the evidence for every class.

    Attributes:
        classifier: which network answered, with which weights.
        seen: (height, width, 3) RGB bytes, the network's own input before normalisation.
        logits: (classes,) the network's output.
        biases: (classes,) the classifier's biases.
        maps: (classes, rows, columns) class activation maps in logits; each sums to logit − bias.
        latency: of the forward pass alone, without decoding and resizing.
    """

    classifier: Classifier
    seen: NDArray[np.uint8]
    logits: NDArray[np.float32]
    biases: NDArray[np.float32]
    maps: NDArray[np.float32]
    latency: Latency

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """Softmax of the logits."""
        powers = np.exp(self.logits.astype(np.float64) - float(self.logits.max()))
        return np.asarray(powers / powers.sum())

    def top(self, count: int) -> tuple[ClassProbability, ...]:
        """The `count` most probable classes, the first answer first."""
        probabilities = self.probabilities
        order = np.argsort(-probabilities, kind="stable")[:count]
        return tuple(ClassProbability(int(index), labels()[index], float(probabilities[index])) for index in order)

    def residual(self, class_index: int) -> float:
        """|map sum + bias − logit| relative to the larger of |logit| and 1: how exactly the map explains."""
        logit = float(self.logits[class_index])
        explained = float(self.maps[class_index].sum(dtype=np.float64)) + float(self.biases[class_index])
        return abs(explained - logit) / max(abs(logit), 1.0)
