"""The accuracy of networks that nobody has trained: a value, a 90 % interval, and whether the data reach that far.

Below the smallest data a power law is no guide (B0 at 96 pixels would fall to 20 %): there the logarithm of the odds
goes on in a straight line from the nearest data, and the interval widens with the distance. So the five TinyNets,
which no fit has seen, are predicted to 2 points.

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

from explorer.accuracy import model, scope
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

STEP = 1e-3
"""The part of the way from the nearest data that measures the slope there."""

LEAST_EDIT = 0.2
"""An edited table counts as at least so many e-folds from B0's: TinyNet, edited so, is up to 1.8 points off."""

SAYS_NOTHING = (
    "No accuracy is predicted for a network so much smaller than any that is published: the interval would reach 0 %."
)

DIMENSIONS: Mapping[str, tuple[float, float, float]] = {
    "depth": (1.0, 0.0, 0.0),
    "width": (0.0, 1.0, 0.0),
    "resolution": (0.0, 0.0, 1.0),
}
"""What grows in the curve of one dimension: powers of d, w and r."""


@dataclass(frozen=True)
class Prediction:
    """ImageNet top-1 in percent, the ends of its 90 % interval, and whether the network is outside the data.

    `edited` networks have B0's kinds of stages, but not in one proportion; they are always outside.
    """

    top1: float
    lower: float
    upper: float
    outside: bool
    edited: bool = False


@dataclass(frozen=True)
class Refusal:
    """That nothing is predicted of a network: the reason, as a sentence."""

    reason: str


@dataclass(frozen=True, eq=False)
class Predictions:
    """As `Prediction`, for many networks: arrays of one shape. Where an interval reaches 0 % it says nothing."""

    top1: Floats
    lower: Floats
    upper: Floats
    outside: NDArray[np.bool_]


def predict(network: Network, version: str = "v5") -> Prediction | Refusal:
    """The accuracy on ImageNet of a built network if it is trained by the recipe of `version`; any rounding.

    Refused for what has other classes, activations or operators than B0 (`scope`), and where the interval says nothing.

    Raises:
        KeyError: there is no such version in `VERSIONS`.
    """
    if version not in VERSIONS:
        raise KeyError(version)
    reason = scope.reason_against(network)
    if reason is not None:
        return Refusal(reason)
    built, uneven = scope.multipliers(network), scope.unevenness(network)
    logs = np.log([[built.depth, built.width, built.resolution]])
    found = _predict(logs, version, max(uneven, LEAST_EDIT) if uneven else 0.0)
    top1, lower, upper = (float(part[0]) for part in (found.top1, found.lower, found.upper))
    if lower <= 0:
        return Refusal(SAYS_NOTHING)
    return Prediction(top1, lower, upper, bool(found.outside[0]) or uneven > 0, uneven > 0)


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


def _predict(logs: Floats, version: str, uneven: float = 0.0) -> Predictions:
    """Predictions for the logarithms of multipliers, of shape (n, 3); of stages so many e-folds out of proportion."""
    if version not in VERSIONS:
        raise KeyError(version)
    fitted, key = stored(), np.array(version)
    nearest = np.maximum(logs, fitted.lowest)
    beyond = logs - nearest
    start, further = (_log_odds(at, key, fitted) for at in (nearest, nearest + STEP * beyond))
    top1 = HIGHEST / (1 + np.exp(-(start + (further - start) / STEP)))
    away = _distance_outside(logs, fitted)
    below = np.sqrt((beyond**2).sum(axis=1) + uneven**2)
    half = fitted.quantile * np.sqrt(_variance(nearest, beyond, key, fitted, away, below))
    value, lower, upper = (np.clip(part, 0.0, HIGHEST) for part in (top1, top1 - half, top1 + half))
    return Predictions(value, lower, upper, away > ON_THE_EDGE)


def _log_odds(logs: Floats, key: NDArray[np.str_], fitted: Model) -> Floats:
    """Logarithms of right answers for each wrong one, of shape (n,)."""
    top1 = model.top1(fitted.parameters.vector, logs, key)
    return np.asarray(np.log(top1 / (HIGHEST - top1)))


def _variance(
    nearest: Floats, beyond: Floats, key: NDArray[np.str_], fitted: Model, away: Floats, below: Floats
) -> Floats:
    """Of one trained network around the model, of the model's parameters, and of the model's form off the data.

    Points for each unit of log-odds are those at the `nearest` data: further down they would vanish, and with them the
    doubt. Each part grows with the distance, so that all of it does.
    """
    start = _log_odds_slopes(nearest, key, fitted)
    turn = (_log_odds_slopes(nearest + STEP * beyond, key, fitted) - start) / STEP
    share = model.top1(fitted.parameters.vector, nearest, key) / HIGHEST
    points = HIGHEST * share * (1 - share)
    of_parameters = points**2 * (_spread(start, fitted) + _spread(turn, fitted))
    of_form = (fitted.widening * away) ** 2 + (fitted.shrinking * below) ** 2
    return np.asarray(fitted.deviation**2 + of_parameters + of_form)


def _log_odds_slopes(logs: Floats, key: NDArray[np.str_], fitted: Model) -> Floats:
    """How the log-odds change with each parameter, of shape (12, n)."""
    share = model.top1(fitted.parameters.vector, logs, key) / HIGHEST
    return np.asarray(model.gradient(fitted.parameters.vector, logs, key).T / (HIGHEST * share * (1 - share)))


def _spread(slopes: Floats, fitted: Model) -> Floats:
    """The variance that the parameters' covariance gives to what has these slopes (12, n)."""
    return np.asarray((slopes * (fitted.covariance @ slopes)).sum(axis=0))


def _distance_outside(logs: Floats, fitted: Model) -> Floats:
    """How far outside the convex hull of the data each network lies, in e-folds of multipliers; 0 inside."""
    beyond = fitted.hull[:, :3] @ logs.T + fitted.hull[:, 3:]
    return np.asarray(np.maximum(beyond.max(axis=0), 0.0))


def _shaped(found: Predictions, shape: tuple[int, ...]) -> Predictions:
    top1, lower, upper = (part.reshape(shape) for part in (found.top1, found.lower, found.upper))
    return Predictions(top1, lower, upper, found.outside.reshape(shape))
