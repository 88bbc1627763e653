"""The accuracy model fitted to published points: parameters, their covariance, and the hull of the data (SciPy)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares
from scipy.spatial import ConvexHull
from scipy.stats import t

from explorer.accuracy import model
from explorer.accuracy.model import Floats
from explorer.accuracy.points import Points

START = np.array([-2.0, -3.0, -3.0, -3.0, 0.0, 0.0, 0.0, -1.0, 0.03, 0.05, 0.0, 0.0])
STARTS, SPREAD = 20, 0.7
"""A least-squares fit ends in a valley near its start: the best of so many, spread around the first, counts."""

LOWEST = np.array([-12.0, -12.0, -12.0, -12.0, -4.0, -4.0, -4.0, -4.0, -1.0, -1.0, -1.0, -1.0])
HIGHEST = np.array([0.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 2.0, 1.0, 1.0, 1.0, 1.0])
"""Bounds of the parameters: no power law that overflows, no floor above one wrong answer for each right one."""

MOST_STEPS, PRECISE = 3000, 1e-12
CONFIDENCE = 0.9


@dataclass(frozen=True, eq=False)
class Fit:
    """Parameters of shape (12,), their covariance as of independent points, and the deviation of a point, in points.

    `quantile` is Student's, for both ends of a 90 % interval.
    """

    parameters: Floats
    covariance: Floats
    deviation: float
    quantile: float


def fit(data: Points, start: Floats | None = None) -> Fit:
    """The parameters with the least sum of squared errors; the same every time.

    Without `start` many starts are tried (seconds); with one only that (milliseconds), as cross-validation needs it.

    Raises:
        ValueError: there are no more points than parameters.
    """
    free = len(data.top1) - len(START)
    if free < 1:
        raise ValueError(f"{len(data.top1)} points cannot determine {len(START)} parameters.")
    parameters = _descend(data, start) if start is not None else _best(data)
    errors = data.top1 - model.top1(parameters, data.logs, data.recipes)
    variance = float(errors @ errors) / free
    slopes = model.gradient(parameters, data.logs, data.recipes)
    covariance = np.asarray(np.linalg.pinv(slopes.T @ slopes) * variance, np.float64)
    return Fit(parameters, covariance, variance**0.5, float(t.ppf((1 + CONFIDENCE) / 2, free)))


def hull(data: Points) -> Floats:
    """The half-spaces a·x + b ≤ 0 that enclose the logarithms of all multipliers, of shape (facets, 4)."""
    return np.unique(np.asarray(ConvexHull(data.logs).equations).round(9) + 0.0, axis=0)


def _best(data: Points) -> Floats:
    random = np.random.default_rng(0)
    spread = START + SPREAD * random.standard_normal((STARTS, len(START)))
    found = [_descend(data, start) for start in np.clip(np.vstack((START, spread)), LOWEST, HIGHEST)]
    return min(found, key=lambda parameters: _squares(parameters, data))


def _squares(parameters: Floats, data: Points) -> float:
    return float(np.sum((model.top1(parameters, data.logs, data.recipes) - data.top1) ** 2))


def _descend(data: Points, start: Floats) -> Floats:
    found = least_squares(
        lambda parameters: model.top1(parameters, data.logs, data.recipes) - data.top1,
        start,
        jac=lambda parameters: model.gradient(parameters, data.logs, data.recipes),
        bounds=(LOWEST, HIGHEST),
        x_scale="jac",
        max_nfev=MOST_STEPS,
        xtol=PRECISE,
        ftol=PRECISE,
        gtol=PRECISE,
    )
    return np.asarray(found.x)
