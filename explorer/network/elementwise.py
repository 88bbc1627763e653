"""Arithmetic that reads the same for one number and for an array of them: the scaling rules are written once with it.

`Whole` is a whole number, or an int64 array with one element for each network; `Real` is a float or a float64 array.
One number goes through Python's own arithmetic, an array through NumPy's, and both give the same integers.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypeVar

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

Whole: TypeAlias = int | Ints
Real: TypeAlias = float | Floats | NDArray[np.floating[Any]]

N = TypeVar("N", int, Ints, default=int)
"""What a description is made of: whole numbers, or arrays of them. Unless said otherwise, whole numbers."""


@overload
def truncated(exact: float) -> int: ...
@overload
def truncated(exact: Real) -> Whole: ...
def truncated(exact: Real) -> Whole:
    """Without what follows the decimal point."""
    return exact.astype(np.int64) if isinstance(exact, np.ndarray) else int(exact)


@overload
def rounded_up(exact: float) -> int: ...
@overload
def rounded_up(exact: Real) -> Whole: ...
def rounded_up(exact: Real) -> Whole:
    """The least whole number that is no smaller."""
    return np.ceil(exact).astype(np.int64) if isinstance(exact, np.ndarray) else math.ceil(exact)


@overload
def at_least(lowest: int, value: int) -> int: ...
@overload
def at_least(lowest: int, value: Whole) -> Whole: ...
def at_least(lowest: int, value: Whole) -> Whole:
    """`value`, but nowhere below `lowest`."""
    return np.maximum(value, lowest) if isinstance(value, np.ndarray) else max(value, lowest)


@overload
def where(condition: bool, chosen: int, otherwise: int) -> int: ...
@overload
def where(condition: bool | Bools, chosen: int, otherwise: Whole) -> Whole: ...
def where(condition: bool | Bools, chosen: int, otherwise: Whole) -> Whole:
    """`chosen` where the condition holds, `otherwise` elsewhere."""
    if isinstance(condition, np.ndarray):
        return np.where(condition, chosen, otherwise)
    return chosen if condition else otherwise


def anywhere(condition: bool | Bools | Whole) -> bool:
    """Whether the condition holds (a number is not 0) for one network at least."""
    return bool(condition.any()) if isinstance(condition, np.ndarray) else bool(condition)
