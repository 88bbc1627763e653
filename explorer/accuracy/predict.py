"""The accuracy of networks that nobody has trained: a value, a 90 % interval, and whether the data reach that far.

What d, w and r of a network mean: the model goes by the built network (`explorer.cost.effective`), not by what was
asked. Rounding builds something else (φ = 1 asks for 1.2 times the depth and builds 1.44 times), and only what is built
is ever trained. With the built multipliers B0 to B7, left out one by one, are predicted to 0.16 points (root mean
square), with those that were asked for to 0.42.

Needs NumPy and assets/accuracy.json, never SciPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.accuracy import model
from explorer.accuracy.model import HIGHEST, Floats
from explorer.accuracy.stored import Model, Report, stored
from explorer.cost import effective
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import Network
from explorer.network.scaling import PAPER_ALPHA, PAPER_BETA, PAPER_GAMMA, REFERENCE, Rounding

VERSIONS: Mapping[str, str] = {
    "v5": "the recipe of the paper's version 5, with AutoAugment",
    "v1": "the recipe of the paper's version 1",
    "figures": "the recipe of the paper's Figures 3 and 4",
}
"""How a network is trained whose accuracy is predicted, in words that continue "under"."""

ON_THE_EDGE = 1e-6
"""A published network at a corner of the data lies inside them."""

DIMENSIONS: Mapping[str, tuple[float, float, float]] = {
    "depth": (1.0, 0.0, 0.0),
    "width": (0.0, 1.0, 0.0),
    "resolution": (0.0, 0.0, 1.0),
}
"""What grows in the curve of one dimension: powers of d, w and r."""


@dataclass(frozen=True)
class Prediction:
    """ImageNet top-1 in percent, the ends of its 90 % interval, and whether the network is outside the data."""

    top1: float
    lower: float
    upper: float
    outside: bool


@dataclass(frozen=True, eq=False)
class Predictions:
    """As `Prediction`, for many networks: arrays of one shape."""

    top1: Floats
    lower: Floats
    upper: Floats
    outside: NDArray[np.bool_]


def predict(network: Network, version: str = "v5") -> Prediction | None:
    """The accuracy of a built network if it is trained by the recipe of `version`; any rounding.

    None for a network that is not scaled from B0's table: of no other family are enough scaled networks published.

    Raises:
        KeyError: there is no such version in `VERSIONS`.
    """
    if network.baseline.stages != EFFICIENTNET.stages:
        return None
    built = effective.of_network(network)
    found = _predict(np.log([[built.depth, built.width, built.resolution]]), version)
    return Prediction(float(found.top1[0]), float(found.lower[0]), float(found.upper[0]), bool(found.outside[0]))


def predict_many(
    depth: ArrayLike, width: ArrayLike, pixels: ArrayLike, version: str = "v5", rounding: Rounding = REFERENCE
) -> Predictions:
    """What `predict` says of the networks that multipliers build, for arrays that are broadcast as NumPy does.

    Args:
        depth: multipliers of B0's depth as they are asked for; the rounding is applied here.
        width: multipliers of B0's width, likewise.
        pixels: inputs in pixels a side.
        version: a key of `VERSIONS`.
        rounding: how products become whole channels and layers.

    Raises:
        KeyError: there is no such version.
    """
    built = effective.of_settings(EFFICIENTNET, depth, width, pixels, rounding)
    logs = np.log([each.ravel() for each in (built.depth, built.width, built.resolution)]).T
    return _shaped(_predict(logs, version), built.depth.shape)


def curve(dimension: str, values: ArrayLike, version: str = "v5") -> Predictions:
    """The model itself along one dimension, without any rounding: `values` are multipliers as if built exactly.

    Args:
        dimension: "depth", "width" or "resolution", of which `values` are the multipliers and the others stay 1; or
            "compound", of whose φ they are the values, with the paper's α, β and γ.
        values: of any shape.
        version: a key of `VERSIONS`; "figures" counts from the baseline of Figure 3, the others from B0.

    Raises:
        KeyError: there is no such dimension or version.
    """
    given = np.asarray(values, np.float64)
    if dimension == "compound":
        logs = given.reshape(-1, 1) * np.log([PAPER_ALPHA, PAPER_BETA, PAPER_GAMMA])
    else:
        logs = np.log(given.reshape(-1, 1)) * np.array(DIMENSIONS[dimension])
    return _shaped(_predict(logs, version), given.shape)


def report() -> Report:
    """How well the stored model fits, and predicts what it has not seen."""
    return stored().report


def _predict(logs: Floats, version: str) -> Predictions:
    """Predictions for the logarithms of multipliers, of shape (n, 3)."""
    if version not in VERSIONS:
        raise KeyError(version)
    fitted, key = stored(), np.array(version)
    top1 = model.top1(fitted.parameters.vector, logs, key)
    away = _distance_outside(logs, fitted)
    half = fitted.quantile * np.sqrt(_variance(logs, key, away, fitted))
    value, lower, upper = (np.clip(part, 0.0, HIGHEST) for part in (top1, top1 - half, top1 + half))
    return Predictions(value, lower, upper, away > ON_THE_EDGE)


def _variance(logs: Floats, key: NDArray[np.str_], away: Floats, fitted: Model) -> Floats:
    """Of one trained network around the model, of the model's parameters, and of the model's form off the data."""
    slopes = model.gradient(fitted.parameters.vector, logs, key).T
    of_parameters = (slopes * (fitted.covariance @ slopes)).sum(axis=0)
    return np.asarray(fitted.deviation**2 + of_parameters + (fitted.widening * away) ** 2)


def _distance_outside(logs: Floats, fitted: Model) -> Floats:
    """How far outside the convex hull of the data each network lies, in e-folds of multipliers; 0 inside."""
    beyond = fitted.hull[:, :3] @ logs.T + fitted.hull[:, 3:]
    return np.asarray(np.maximum(beyond.max(axis=0), 0.0))


def _shaped(found: Predictions, shape: tuple[int, ...]) -> Predictions:
    top1, lower, upper = (part.reshape(shape) for part in (found.top1, found.lower, found.upper))
    return Predictions(top1, lower, upper, found.outside.reshape(shape))
