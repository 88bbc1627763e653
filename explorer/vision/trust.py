"""What the checks of a map found, and what follows: data that any process can read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

RESEMBLES = 0.5
"""A map of a randomised network with a larger rank correlation to the original still shows the same places."""
NEARLY_ALL = 0.9
"""The share of the random orders that a faithful map's own order beats."""


class Verdict(Enum):
    """Whether a map can be trusted: it must depend on what was learned, and the answer on what the map shows."""

    TRUST = "trust"
    INSENSITIVE = "insensitive"
    UNFAITHFUL = "unfaithful"
    DISTRUST = "distrust"


@dataclass(frozen=True)
class Randomised:
    """One step of the cascade: `part` and all above it have lost what they learned.

    `correlation` is Spearman's, from −1 to 1, between the map that is left and the original: the mean over several
    random draws, because one draw alone can resemble it by chance.
    """

    part: str
    correlation: float


@dataclass(frozen=True, eq=False)
class PerturbationCurve:
    """The class's probability while the cells of the map come or go, the strongest first.

    Attributes:
        shares: (steps,) of the cells that were deleted or inserted, from 0 to 1.
        ordered: (steps,) probabilities in the map's order.
        random: (orders, steps) probabilities in random orders.
    """

    shares: NDArray[np.float64]
    ordered: NDArray[np.float64]
    random: NDArray[np.float64]

    @property
    def area(self) -> float:
        """Area under the ordered curve, from 0 to 1."""
        return float(np.trapezoid(self.ordered, self.shares))

    @property
    def random_areas(self) -> NDArray[np.float64]:
        """(orders,) areas under the random ones."""
        return np.asarray(np.trapezoid(self.random, self.shares, axis=1))


@dataclass(frozen=True, eq=False)
class Trust:
    """All that was found about the map of one class in one photograph."""

    class_index: int
    cascade: tuple[Randomised, ...]
    deletion: PerturbationCurve
    insertion: PerturbationCurve

    @property
    def sensitive(self) -> bool:
        """Whether no resemblance is left once the whole network is randomised."""
        return abs(self.cascade[-1].correlation) < RESEMBLES

    @property
    def beaten(self) -> int:
        """How many random orders the map's beats: the class goes faster by it, or comes faster."""
        goes = int((self.deletion.random_areas > self.deletion.area).sum())
        return goes + int((self.insertion.random_areas < self.insertion.area).sum())

    @property
    def orders(self) -> int:
        """How many random orders there were, of deletion and insertion together."""
        return len(self.deletion.random) + len(self.insertion.random)

    @property
    def faithful(self) -> bool:
        """Whether the map's order beats nearly all random ones."""
        return self.beaten >= NEARLY_ALL * self.orders

    @property
    def verdict(self) -> Verdict:
        """What the two add up to."""
        if self.sensitive:
            return Verdict.TRUST if self.faithful else Verdict.UNFAITHFUL
        return Verdict.INSENSITIVE if self.faithful else Verdict.DISTRUST


@dataclass(frozen=True)
class CheckProgress:
    """How far the checks are; `trust` is None until the last step is done."""

    done: int
    steps: int
    doing: str
    trust: Trust | None = None
