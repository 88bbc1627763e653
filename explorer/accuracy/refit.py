"""The accuracy model fitted and cross-validated again: what `accuracy fit` does. Needs SciPy, takes seconds."""

from __future__ import annotations

from explorer.accuracy import fit, validation
from explorer.accuracy.model import Parameters
from explorer.accuracy.points import Points, as_arrays, data_version, points
from explorer.accuracy.stored import Model, Report

WIDENING = 1.5
"""Points of deviation added for each e-fold outside the data, where the form of the model itself is a guess."""

SHRINKING = 6.0
"""The same for each e-fold below the smallest data, where networks are known to leave the model sooner.

Chosen on TinyNet (arXiv:2010.14819), five networks smaller than any here that no fit has seen: the smallest whole
number with which all five accuracies lie inside their intervals.
"""


def refit() -> Model:
    """The model of the published points."""
    data = as_arrays(points())
    found = fit.fit(data)
    one, curve = validation.leave_one_out(data, found), validation.leave_one_curve_out(data, found)
    clustering = validation.clustering(one, curve)
    return Model(
        Parameters(*found.parameters.tolist()),
        found.covariance * clustering,
        found.deviation,
        found.quantile,
        clustering,
        WIDENING,
        SHRINKING,
        fit.hull(data),
        data.logs.min(axis=0),
        _report(data, found, one, curve, clustering),
    )


def _report(
    data: Points, found: fit.Fit, one: validation.Unseen, curve: validation.Unseen, clustering: float
) -> Report:
    return Report(
        points=len(data.top1),
        rmse=validation.rmse(found, data),
        loo_rmse=one.rmse,
        loo_coverage=one.coverage(clustering),
        curve_rmse=curve.rmse,
        curve_coverage=curve.coverage(clustering),
        left_out_curves=curve.rmse_by_curve(),
        data_version=data_version(),
    )
