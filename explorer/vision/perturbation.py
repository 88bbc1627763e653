"""A photograph whose cells go or come one after the other, in the order of a map."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

POINTS = 13
"""Points of a curve, its ends included."""
BLUR_SHARE = 0.05
"""Standard deviation of the blur from which insertion starts, as a share of a side."""


def shares() -> NDArray[np.float64]:
    """(points,) the shares of the cells that have gone or come, from 0 to 1."""
    return np.linspace(0, 1, POINTS)


def order_of(evidence: Array) -> NDArray[np.intp]:
    """(rows, columns) when each cell's turn is: 0 for the strongest evidence, equal cells from the top left."""
    turns = np.empty(evidence.size, np.intp)
    turns[np.argsort(-evidence, axis=None, kind="stable")] = np.arange(evidence.size)
    return turns.reshape(evidence.shape)


def deleted(values: NDArray[np.float32], turns: NDArray[np.intp], share: float) -> NDArray[np.float32]:
    """The photograph without the first `share` of its cells: they have the data set's mean colour, 0.

    Args:
        values: (1, 3, height, width) normalised values.
        turns: (rows, columns) when each cell's turn is.
        share: from 0 to 1.
    """
    return np.where(_chosen(turns, share, values.shape[-2:]), np.float32(0), values)


def inserted(values: NDArray[np.float32], turns: NDArray[np.intp], share: float) -> NDArray[np.float32]:
    """The blurred photograph with only the first `share` of its cells sharp; arguments as of `deleted`."""
    return np.where(_chosen(turns, share, values.shape[-2:]), values, blurred(values))


def blurred(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, channels, height, width) under a Gaussian blur that keeps a constant picture as it is."""
    rows, columns = (_gaussian(size) for size in values.shape[-2:])
    return np.asarray(rows @ values @ columns.T, np.float32)


def _chosen(turns: NDArray[np.intp], share: float, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """(height, width): which pixels lie in the first `share` of the cells."""
    rows, columns = (np.arange(size) * cells // size for size, cells in zip(shape, turns.shape, strict=True))
    return np.asarray(turns < round(share * turns.size))[np.ix_(rows, columns)]


def _gaussian(size: int) -> NDArray[np.float32]:
    """(size, size): each row blurs to one pixel, and its weights add up to 1."""
    distance = np.subtract.outer(np.arange(size), np.arange(size)) / (BLUR_SHARE * size)
    weights = np.exp(-0.5 * distance**2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)
