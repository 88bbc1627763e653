"""Predictions: they fit what is published, widen away from it, and agree however the network is given."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.accuracy.predict import VERSIONS, Prediction, Refusal, curve, predict, predict_many, report
from explorer.network.baselines import BASELINES, EFFICIENTNET
from explorer.network.description import of_baseline, scale
from explorer.network.scaling import NEAREST, NONE, REFERENCE, Rounding
from explorer.published import preset_networks, presets, table2

SINGLE = ("depth", "width", "resolution")
COST_POWERS = {"depth": 1, "width": 2, "resolution": 2}

# Settings, and the rounding that builds them.
SETTINGS = (
    (1.0, 1.0, 224, REFERENCE),
    (1.2, 1.1, 258, REFERENCE),
    (3.1, 2.0, 600, REFERENCE),
    (1.7, 1.3, 301, NEAREST),
    (0.6, 0.7, 180, NONE),
)


@pytest.mark.parametrize("version", ["v5", "v1"])
def test_published_networks_are_predicted_within_the_papers_own_noise(version: str) -> None:
    published = {row.model.removeprefix("EfficientNet-").lower(): row.top1 for row in table2(version)}
    for key, network in preset_networks("efficientnet").items():
        if key in published:
            found = predict(network, version)
            assert isinstance(found, Prediction)
            assert abs(found.top1 - published[key]) < 0.5, key
            assert found.lower < published[key] < found.upper, key
            assert not found.outside, key


@pytest.mark.parametrize(("depth", "width", "pixels", "rounding"), SETTINGS)
def test_a_network_and_its_multipliers_are_predicted_alike(
    depth: float, width: float, pixels: int, rounding: Rounding
) -> None:
    found = predict(scale(EFFICIENTNET, depth, width, pixels, rounding))
    many = predict_many([depth], [width], [pixels], rounding=rounding)
    assert isinstance(found, Prediction)
    assert [found.top1, found.lower, found.upper] == pytest.approx(
        [many.top1[0], many.lower[0], many.upper[0]], abs=1e-9
    )
    assert found.outside == many.outside[0]


def test_arrays_are_broadcast() -> None:
    found = predict_many(np.array([[1.0], [2.0]]), np.array([1.0, 1.5, 2.0]), 300)
    assert found.top1.shape == found.lower.shape == found.upper.shape == found.outside.shape == (2, 3)
    assert found.top1[1, 2] == predict_many(2.0, 2.0, 300).top1


@pytest.mark.parametrize("key", sorted(BASELINES.keys() - {"efficientnet"}))
def test_other_families_have_no_prediction(key: str) -> None:
    found = predict(of_baseline(BASELINES[key]))
    assert isinstance(found, Refusal)
    assert found.reason.startswith(f"No accuracy is predicted for {BASELINES[key].name}")


def test_unknown_versions_and_dimensions_are_refused() -> None:
    with pytest.raises(KeyError, match="v2"):
        predict(of_baseline(EFFICIENTNET), "v2")
    with pytest.raises(KeyError, match="height"):
        curve("height", [1.0])


@pytest.mark.parametrize("dimension", SINGLE)
def test_the_interval_widens_away_from_the_data(dimension: str) -> None:
    found = curve(dimension, [1.5, 8.0, 12.0, 20.0])
    widths = found.upper - found.lower
    assert all(np.diff(widths) > 0)
    assert found.outside.tolist()[0] is False
    assert found.outside.tolist()[-1] is True
    smaller = curve(dimension, [1.0, 0.8, 0.6])
    assert all(np.diff(smaller.upper - smaller.lower) > 0)
    assert smaller.outside.tolist() == [False, True, True]


@pytest.mark.parametrize("version", VERSIONS)
def test_no_prediction_leaves_the_percents(version: str) -> None:
    sizes = np.geomspace(0.1, 8, 12)
    found = predict_many(sizes[:, None, None], sizes[:, None], np.array([32, 224, 1024]), version)
    for part in (found.top1, found.lower, found.upper):
        assert np.all((part >= 0) & (part <= 100))
    assert np.all((found.lower <= found.top1) & (found.top1 <= found.upper))


def test_single_dimensions_saturate() -> None:
    """The paper's Observation 1: the gain of each doubling of the cost falls, to a third of the first or less."""
    for dimension in SINGLE:
        costs = 2.0 ** np.arange(5)
        top1 = curve(dimension, costs ** (1 / COST_POWERS[dimension]), "figures").top1
        gains = np.diff(top1)
        assert np.all(gains > 0)
        assert np.all(np.diff(gains) < 0)
        assert gains[-1] < gains[0] / 3


@pytest.mark.parametrize("version", VERSIONS)
def test_compound_scaling_wins_at_equal_cost(version: str) -> None:
    """The paper's Observation 2: at 4 to 32 times the cost no single dimension reaches what the three together do."""
    costs = np.array([4.0, 8.0, 16.0, 32.0])
    phi = np.log(costs) / np.log(1.2 * 1.1**2 * 1.15**2)
    together = curve("compound", phi, version).top1
    best = np.max([curve(name, costs ** (1 / COST_POWERS[name]), version).top1 for name in SINGLE], axis=0)
    assert np.all(together > best)
    assert np.all(np.diff(together - best) > 0), "and its lead grows"


def test_the_report_reaches_its_marks() -> None:
    """The marks: an additive power law leaves 0.56 and 1.14 points, a p-norm of power laws 0.34 and 0.30."""
    known = report()
    assert known.points == 69
    assert known.rmse < known.loo_rmse <= 0.34
    assert known.left_out_curves["Figure 4, d = 2, r = 1.3"] <= 0.30
    assert known.left_out_curves["Table 2, version 1"] < 0.75
    assert 0.85 <= known.curve_coverage <= 0.95
    assert known.loo_coverage == pytest.approx(66 / 69)


def test_version_1_left_out_errs_as_much_as_the_versions_differ() -> None:
    """A version left out is predicted with the other's recipe: nothing of d, w and r is left to be learned there."""
    old, new = ([row.top1 for row in table2(version) if row.is_efficientnet] for version in ("v1", "v5"))
    difference = float(np.sqrt(np.mean(np.subtract(old, new) ** 2)))
    assert report().left_out_curves["Table 2, version 1"] == pytest.approx(difference, abs=0.01)


def test_presets_of_other_recipes_are_outside() -> None:
    for key in ("b8", "l2"):
        found = predict(presets()[key].network())
        assert isinstance(found, Prediction)
        assert found.outside
