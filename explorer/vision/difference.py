"""Why one class and not another: the difference of their maps, in logits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.vision.classification import Classification


@dataclass(frozen=True, eq=False)
class Difference:
    """Class `one` against class `other` in one answer; swapped, every number changes its sign only."""

    sight: Classification
    one: int
    other: int

    @property
    def map(self) -> NDArray[np.float32]:
        """(rows, columns) in logits: positive where a cell speaks for the one rather than the other."""
        return np.asarray(self.sight.maps[self.one] - self.sight.maps[self.other])

    @property
    def lead(self) -> float:
        """Logit of the one − logit of the other; e to its power is the ratio of their probabilities."""
        return _apart(self.sight.logits, self.one, self.other)

    @property
    def bias(self) -> float:
        """Bias of the one − bias of the other: what of the lead is in no cell."""
        return _apart(self.sight.biases, self.one, self.other)

    @property
    def residual(self) -> float:
        """|map sum + bias − lead| relative to the larger of |lead| and 1: how exactly the map explains."""
        explained = float(self.map.sum(dtype=np.float64)) + self.bias
        return abs(explained - self.lead) / max(abs(self.lead), 1.0)


def _apart(values: NDArray[np.float32], one: int, other: int) -> float:
    return float(values[one]) - float(values[other])
