"""The costs of many networks at once, without building one: whole maps of settings, counted exactly.

The stages, layers and costs are those of `explorer.network.description`, `explorer.network.layers` and
`explorer.cost.counting`, read with arrays. Channels depend on the width multiplier alone and layers on the depth
multiplier: so a stage is its first block and (layers − 1) times the block that is repeated, and each array keeps its
own shape until it meets another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.cost import counting
from explorer.network.baselines import Baseline
from explorer.network.description import scale, stage_shapes
from explorer.network.elementwise import Bools, Floats, Ints, Whole, anywhere
from explorer.network.layers import Layer, layers_of
from explorer.network.scaling import COEFFICIENT, MULTIPLIER, PHI, PIXELS, REFERENCE, Range, Rounding, ScalingError

Number = TypeVar("Number", np.int64, np.float64)

CHUNK = 32768
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

    `np.power` has vector code of its own, which differs from Python's `**` in the last bit of one result in twenty:
    where a layer or a channel is about to change, that is another network. `np.float_power`
    calls the C library's `pow`, as Python does.
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
    for layers in _layers(baseline, depth, width, pixels, rounding).values():
        more = counting.counted(layers.weights, layers.outputs, layers.parameters_per_output, layers.resolution)
        params, macs, activations = params + more[0], macs + more[1], activations + more[2]
    return Costs(params, macs, activations)


@dataclass(frozen=True, slots=True, eq=False)
class _LayerSum:
    """Layers of one resolution and of as many parameters beside the weights, added up."""

    resolution: Whole
    parameters_per_output: int
    weights: Whole
    outputs: Whole

    def __add__(self, other: _LayerSum) -> _LayerSum:
        return replace(self, weights=self.weights + other.weights, outputs=self.outputs + other.outputs)

    def times(self, count: Whole) -> _LayerSum:
        """The same layers, `count` times over."""
        return replace(self, weights=self.weights * count, outputs=self.outputs * count)


_Sums = dict[tuple[int, int], _LayerSum]
"""By the identity of the resolution: each stage hands on the array of its own, so that nothing must be compared."""


def _layers(baseline: Baseline, depth: Floats, width: Floats, pixels: Ints, rounding: Rounding) -> _Sums:
    """All layers of the networks, which meet the pixels only when those of one resolution have been added up."""
    sums: _Sums = {}
    for stage in stage_shapes(baseline, depth, width, pixels, rounding):
        operator, repeats = stage.template.operator, stage.layers - 1
        _add(sums, map(_one, layers_of(operator, stage.first)))
        if anywhere(repeats):
            repeated: _Sums = {}
            _add(repeated, map(_one, layers_of(operator, stage.repeated)))
            _add(sums, (layers.times(repeats) for layers in repeated.values()))
    return sums


def _one(layer: Layer[Ints]) -> _LayerSum:
    return _LayerSum(layer.output_resolution, layer.parameters_per_output, layer.weights, layer.out_channels)


def _add(sums: _Sums, more: Iterable[_LayerSum]) -> None:
    for layers in more:
        key = id(layers.resolution), layers.parameters_per_output
        sums[key] = sums[key] + layers if key in sums else layers
