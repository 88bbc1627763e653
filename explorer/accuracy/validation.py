"""How well the accuracy model predicts published points that it has not seen, one by one and curve by curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.accuracy import model
from explorer.accuracy.fit import CONFIDENCE, Fit, fit
from explorer.accuracy.model import Floats
from explorer.accuracy.points import Points

SUBSTITUTES = {"v1": "v5", "v5": "v1"}
"""A version of Table 2 that is left out has no offset: it is predicted with the other one's."""

FACTORS = np.arange(10, 201) / 10
"""From 1 to 20: what `clustering` chooses from."""


@dataclass(frozen=True, eq=False)
class Unseen:
    """Predictions of points by models that have not seen them: errors (prediction − published) in points.

    `coverage` needs the two variances: of the fit, and of a point. All arrays are of shape (n,).
    """

    errors: Floats
    fit_variance: Floats
    point_variance: Floats
    quantile: Floats
    curves: NDArray[np.str_]

    @property
    def rmse(self) -> float:
        """Root mean square of the errors."""
        return float(np.sqrt(np.mean(self.errors**2)))

    def coverage(self, clustering: float) -> float:
        """The share of published values inside their intervals, the fit's variance multiplied by `clustering`."""
        half = self.quantile * np.sqrt(self.point_variance + clustering * self.fit_variance)
        return float(np.mean(np.abs(self.errors) <= half))

    def rmse_by_curve(self) -> dict[str, float]:
        """The root mean square error of each curve."""
        return {
            str(curve): float(np.sqrt(np.mean(self.errors[self.curves == curve] ** 2)))
            for curve in dict.fromkeys(self.curves)
        }


def leave_one_out(data: Points, known: Fit) -> Unseen:
    """Each training run predicted by a model of all others; `known`, the fit of all, is where the fits start.

    A dot that two figures draw is left out of both: else the model would have seen what it is asked.
    """
    runs = [data.measurements == run for run in np.unique(data.measurements)]
    return _joined([_predicted(data, left_out, known, data.recipes[left_out]) for left_out in runs])


def leave_one_curve_out(data: Points, known: Fit) -> Unseen:
    """Each curve of a figure, and each version of Table 2, predicted by a model of all others."""
    parts = []
    for curve in dict.fromkeys(data.curves):
        left_out = data.curves == curve
        recipes = np.array([SUBSTITUTES.get(recipe, recipe) for recipe in data.recipes[left_out]])
        parts.append(_predicted(data, left_out, known, recipes))
    return _joined(parts)


def clustering(points_unseen: Unseen, curves_unseen: Unseen) -> float:
    """How much more uncertain the parameters are than independent points would leave them.

    Points of one curve err together (survey statistics calls the factor the design effect). It is the smallest factor
    by which the covariance has to be multiplied so that the 90 % intervals cover as near to 90 % as they can both of
    the points left out one by one and of those left out curve by curve.
    """
    return float(min(FACTORS, key=lambda factor: _farthest(factor, points_unseen, curves_unseen)))


def _farthest(factor: float, *unseen: Unseen) -> float:
    return max(round(abs(each.coverage(factor) - CONFIDENCE), 6) for each in unseen)


def _predicted(data: Points, left_out: NDArray[np.bool_], known: Fit, recipes: NDArray[np.str_]) -> Unseen:
    found, unseen = fit(data[~left_out], known.parameters), data[left_out]
    slopes = model.gradient(found.parameters, unseen.logs, recipes)
    count = len(unseen.top1)
    return Unseen(
        model.top1(found.parameters, unseen.logs, recipes) - unseen.top1,
        np.einsum("ij,jk,ik->i", slopes, found.covariance, slopes),
        np.full(count, found.deviation**2),
        np.full(count, found.quantile),
        unseen.curves,
    )


def _joined(parts: list[Unseen]) -> Unseen:
    return Unseen(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("errors", "fit_variance", "point_variance", "quantile", "curves")
        )
    )


def rmse(found: Fit, data: Points) -> float:
    """Root mean square error of a fit on points that it has seen."""
    return float(np.sqrt(np.mean((model.top1(found.parameters, data.logs, data.recipes) - data.top1) ** 2)))
