"""The costs of many networks at once, without building one: whole maps of settings, counted exactly.

A second reading of the tables that `explorer.network.description` and `explorer.cost.counting` read; tests hold the
two equal to the last digit. `explorer.cost.loads` adds up the layers of equal resolution; here they are multiplied by
its pixels, and each array keeps its own shape until it meets another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.cost import counting
from explorer.cost.loads import POOLED, Floats, Ints, loads
from explorer.network.baselines import Baseline
from explorer.network.description import scale
from explorer.network.scaling import COEFFICIENT, MULTIPLIER, PHI, PIXELS, REFERENCE, Range, Rounding, ScalingError

Bools = NDArray[np.bool_]
Number = TypeVar("Number", np.int64, np.float64)

CHUNK = 8192
"""Settings that are counted together: few enough for the processor's cache, enough to forget NumPy's overhead."""

LARGEST = 2**62
"""No network of a table may cost more: whatever is added on the way to a cost then fits in 64 bits."""


@dataclass(frozen=True, eq=False)
class Costs:
    """Trainable parameters, multiply-adds and activations, one element for each setting (as `cost.Cost` of one)."""

    params: Ints
    macs: Ints
    activations: Ints


@dataclass(frozen=True, eq=False)
class Designs:
    """What arrays of φ, α, β and γ build, all of one shape.

    `allowed` is false where a number is NaN or outside its range, or a multiplier or the pixels that result are. There
    the costs are 0, and of depth and width (NaN) and pixels (0) those are missing that are refused.
    """

    depth: Floats
    width: Floats
    input_resolution: Ints
    allowed: Bools
    costs: Costs


def costs(
    baseline: Baseline, depth: ArrayLike, width: ArrayLike, input_resolution: ArrayLike, rounding: Rounding = REFERENCE
) -> Costs:
    """What `cost.of(network.scale(…))` counts, for arrays of settings, which are broadcast as NumPy does.

    A grid is fastest given as its axes, for example depth of shape (50, 1) and width of shape (80,).

    Raises:
        ScalingError: a number is outside its range, pixels are not whole, or the table is too large for 64 bits.
    """
    _require_64_bits(baseline, rounding)
    depths, widths = np.asarray(depth, np.float64), np.asarray(width, np.float64)
    pixels = _whole(input_resolution)
    _require(MULTIPLIER, depths, "The depth multiplier")
    _require(MULTIPLIER, widths, "The width multiplier")
    _require(PIXELS, pixels, "The input resolution in pixels")
    return _count_in_chunks(baseline, depths, widths, pixels.astype(np.int64), rounding)


def of_compound(
    baseline: Baseline,
    phi: ArrayLike,
    alpha: ArrayLike,
    beta: ArrayLike,
    gamma: ArrayLike,
    rounding: Rounding = REFERENCE,
) -> Designs:
    """What `scaling.multipliers` and `scaling.input_resolution` make of arrays of φ, α, β and γ, and what it costs."""
    depth, width, resolution = (_power(coefficient, phi) for coefficient in (alpha, beta, gamma))
    exact_pixels = np.floor(baseline.input_resolution * resolution + 0.5)
    deep, wide, sharp = _inside(MULTIPLIER, depth), _inside(MULTIPLIER, width), _inside(PIXELS, exact_pixels)
    pixels = np.where(sharp, exact_pixels, PIXELS.lowest).astype(np.int64)
    counted = costs(baseline, np.where(deep, depth, 1.0), np.where(wide, width, 1.0), pixels, rounding)
    allowed = np.asarray(deep & wide & sharp)
    for values in (counted.params, counted.macs, counted.activations):
        values[~allowed] = 0
    return Designs(
        np.broadcast_to(np.where(deep, depth, np.nan), allowed.shape),
        np.broadcast_to(np.where(wide, width, np.nan), allowed.shape),
        np.broadcast_to(np.where(sharp, pixels, 0), allowed.shape),
        allowed,
        counted,
    )


def _power(coefficient: ArrayLike, phi: ArrayLike) -> Floats:
    """The coefficient to the power of φ, NaN where one of them is outside its range.

    `np.power` has vector code of its own, which differs from Python's `**` in the last bit of one result in twenty: at
    a cliff that is another network. `np.float_power` calls the C library's `pow`, as Python does.
    """
    bases, exponents = np.asarray(coefficient, np.float64), np.asarray(phi, np.float64)
    known = _inside(COEFFICIENT, bases) & _inside(PHI, exponents)
    powers = np.float_power(np.where(known, bases, 1.0), np.where(known, exponents, 0.0))
    return np.where(known, powers, np.nan)


def _inside(allowed: Range, values: Floats | Ints) -> Bools:
    return np.asarray((allowed.lowest <= values) & (values <= allowed.highest))


def _require(allowed: Range, values: Floats | Ints, words: str) -> None:
    """Refuse the first element outside its range, in the words that refuse a single one."""
    inside = _inside(allowed, values)
    if not inside.all():
        allowed.require(values[~inside].flat[0].item(), words)


def _whole(pixels: ArrayLike) -> Ints:
    array = np.asarray(pixels)
    if array.dtype.kind not in "iu":
        raise ScalingError(f"The input resolution must be whole pixels, not numbers of the kind {array.dtype}.")
    return array


@lru_cache(maxsize=64)
def _require_64_bits(baseline: Baseline, rounding: Rounding) -> None:
    largest = counting.of(scale(baseline, MULTIPLIER.highest, MULTIPLIER.highest, int(PIXELS.highest), rounding))
    if max(largest.params, largest.macs, largest.activations) > LARGEST:
        raise ScalingError(f"{baseline.name} is too large to map: scaled up, its costs do not fit in 64 bits.")


def _count_in_chunks(baseline: Baseline, depth: Floats, width: Floats, pixels: Ints, rounding: Rounding) -> Costs:
    """Count in pieces along the longest axis; an array that does not vary along it goes whole with every piece."""
    shape = np.broadcast_shapes(depth.shape, width.shape, pixels.shape)
    counted = Costs(*(np.empty(shape, np.int64) for _ in range(3)))
    axis = int(np.argmax(shape)) if shape else 0
    params, macs, activations, pixels = (
        _leading(array, axis, shape) for array in (counted.params, counted.macs, counted.activations, pixels)
    )
    depth, width = _leading(depth, axis, shape), _leading(width, axis, shape)
    step = max(1, CHUNK * len(macs) // max(1, macs.size))
    for start in range(0, len(macs), step):
        here = slice(start, start + step)
        part = _count(baseline, _piece(depth, here), _piece(width, here), _piece(pixels, here), rounding)
        params[here], macs[here], activations[here] = part.params, part.macs, part.activations
    return counted


def _leading(array: NDArray[Number], axis: int, shape: tuple[int, ...]) -> NDArray[Number]:
    """A view with the axes of `shape`, at least one, of which `axis` comes first."""
    missing = max(1, len(shape)) - array.ndim
    return np.moveaxis(array.reshape((1,) * missing + array.shape), axis, 0)


def _piece(array: NDArray[Number], here: slice) -> NDArray[Number]:
    return array if len(array) == 1 else array[here]


def _count(baseline: Baseline, depth: Floats, width: Floats, pixels: Ints, rounding: Rounding) -> Costs:
    """The three costs of networks that are few enough to be counted together."""
    params = macs = activations = np.asarray(0)
    for stride, load in loads(baseline, depth, width, rounding).items():
        area = (-(-pixels // stride)) ** 2 if stride else np.asarray(1)
        # A convolution is normalised, by a scale and a shift for each output; what is pooled has a bias.
        params = params + load.weights + load.outputs * (1 if stride == POOLED else 2)
        macs = macs + load.weights * area
        activations = activations + load.outputs * area
    return Costs(params, macs, activations)
