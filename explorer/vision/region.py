"""A rectangle in what the network sees: how much of the evidence lies in it, and what is left without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

WHOLE = 100
"""A side, in percent."""
REACH = 1.5
"""Half the side of the rectangle around the strongest cell, in cells: it and its neighbours."""


@dataclass(frozen=True)
class Region:
    """A rectangle in percent of the sides of what the network sees, from its top left corner; left ≤ right and so on.

    A point on its left or upper edge is in it, one on its right or lower edge is not, so that two rectangles that
    share an edge share no cell.
    """

    left: int
    top: int
    right: int
    bottom: int

    @property
    def whole(self) -> bool:
        """Whether it leaves nothing out, as before a visitor has drawn one."""
        return self == EVERYTHING

    def cells(self, shape: tuple[int, ...]) -> NDArray[np.bool_]:
        """(rows, columns): which cells of a map of this shape have their centre in it."""
        down, across = (WHOLE * (np.arange(count) + 0.5) / count for count in shape)
        return np.logical_and.outer(
            (self.top <= down) & (down < self.bottom), (self.left <= across) & (across < self.right)
        )

    def pixels(self, height: int, width: int) -> tuple[slice, slice]:
        """Its rows and columns in a picture, its edges rounded to whole pixels."""
        return (
            slice(round(self.top * height / WHOLE), round(self.bottom * height / WHOLE)),
            slice(round(self.left * width / WHOLE), round(self.right * width / WHOLE)),
        )


EVERYTHING = Region(0, 0, WHOLE, WHOLE)


def share_within(evidence: Array, region: Region) -> float:
    """The share, from 0 to 1, of the evidence for a class that lies in `region`.

    That is the sum of the positive cells of `evidence` (rows, columns) whose centres lie in it, over the sum of all
    positive cells; 0 where no cell is positive. A cell is counted whole or not at all: the map knows nothing finer.
    """
    speaking = np.maximum(evidence, 0).astype(np.float64)
    total = float(speaking.sum())
    return float(speaking[region.cells(evidence.shape)].sum()) / total if total > 0 else 0.0


def around_strongest(evidence: Array) -> Region:
    """The strongest cell of `evidence` (rows, columns) and its neighbours."""
    place = np.unravel_index(int(evidence.argmax()), evidence.shape)
    (top, bottom), (left, right) = (
        _around(int(index), count) for index, count in zip(place, evidence.shape, strict=True)
    )
    return Region(left, top, right, bottom)


def covered(seen: NDArray[np.uint8], region: Region) -> NDArray[np.uint8]:
    """A copy of `seen` (height, width, 3; RGB bytes) whose pixels in `region` all have their mean colour."""
    changed, place = seen.copy(), region.pixels(*seen.shape[:2])
    if changed[place].size:
        changed[place] = np.rint(changed[place].mean(axis=(0, 1)))
    return changed


def _around(index: int, count: int) -> tuple[int, int]:
    """From and to, in percent, so that the cells beside `index` are in it."""
    start, end = (round(WHOLE * (index + 0.5 + step) / count) for step in (-REACH, REACH))
    return max(start, 0), min(end, WHOLE)
