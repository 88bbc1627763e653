"""Small networks that are published and that no fit has seen, and doubt that grows all the way to the limits."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from explorer.accuracy.predict import Prediction, Refusal, curve, predict, predict_many
from explorer.network.baselines import EFFICIENTNET, LITE, MOBILENET_V2
from explorer.network.description import of_baseline, scale
from explorer.network.scaling import MULTIPLIER, PIXELS
from explorer.published.measured import timm_results
from explorer.published.small import PrintedMobileNetV2, TinyNet, mobilenets, tinynets

MEASURED = {row.model.partition(".")[0]: row.top1 for row in timm_results()}
SMALLER = np.geomspace(1.0, MULTIPLIER.lowest, 120)
LARGER = np.geomspace(1.0, MULTIPLIER.highest, 120)
FEWER_PIXELS = np.arange(EFFICIENTNET.input_resolution, int(PIXELS.lowest) - 1, -1)
MORE_PIXELS = np.arange(EFFICIENTNET.input_resolution, int(PIXELS.highest) + 1) / EFFICIENTNET.input_resolution

# Depth, width and pixels on the way down, one or all of them.
DOWN: dict[str, tuple[ArrayLike, ArrayLike, ArrayLike]] = {
    "depth": (SMALLER, 1.0, 224),
    "width": (1.0, SMALLER, 224),
    "resolution": (1.0, 1.0, FEWER_PIXELS),
    "all": (SMALLER, SMALLER, np.maximum(224 * SMALLER, PIXELS.lowest).round()),
}
UP = {"depth": LARGER, "width": LARGER, "resolution": MORE_PIXELS, "compound": np.linspace(0.0, 8.0, 120)}


@pytest.mark.parametrize("tiny", tinynets(), ids=lambda tiny: tiny.model)
def test_tinynets_are_inside_their_intervals(tiny: TinyNet) -> None:
    found = predict(tiny.network())
    assert isinstance(found, Prediction)
    assert found.outside
    assert found.lower <= MEASURED[tiny.model.replace("-", "_")] <= found.upper


def _log_odds(percent: float) -> float:
    return log(percent / (100 - percent))


@pytest.mark.parametrize("printed", mobilenets(), ids=lambda printed: printed.model)
def test_b0_scaled_alike_may_be_as_good_as_mobilenet_v2(printed: PrintedMobileNetV2) -> None:
    """B0 with its squeeze-and-excitation is no worse, so an interval must not end below what MobileNetV2 reaches."""
    assert printed.top1 <= predict_many(1.0, printed.width, printed.input_resolution).upper


@pytest.mark.parametrize("printed", [row for row in mobilenets() if row.width <= 1], ids=lambda printed: printed.model)
def test_b0_loses_by_width_and_resolution_what_mobilenet_v2_loses(printed: PrintedMobileNetV2) -> None:
    """In log-odds, from the network of width 1 at 224 pixels down; above width 1 B0's own published networks speak."""
    whole = next(row for row in mobilenets() if (row.width, row.input_resolution) == (1.0, 224))
    b0 = predict_many(1.0, 1.0, 224)
    lost = _log_odds(printed.top1) - _log_odds(whole.top1)
    expected = 100 / (1 + exp(-_log_odds(float(b0.top1)) - lost))
    found = predict_many(1.0, printed.width, printed.input_resolution)
    assert found.lower <= expected <= found.upper


@pytest.mark.parametrize("printed", mobilenets(), ids=lambda printed: printed.model)
def test_mobilenet_v2_itself_is_refused(printed: PrintedMobileNetV2) -> None:
    assert isinstance(predict(scale(MOBILENET_V2, 1.0, printed.width, printed.input_resolution)), Refusal)


def test_lite_is_refused() -> None:
    assert isinstance(predict(of_baseline(LITE)), Refusal)


@pytest.mark.parametrize("way", DOWN)
def test_doubt_grows_as_networks_shrink(way: str) -> None:
    found = predict_many(*DOWN[way])
    told = found.lower > 0
    assert np.all(np.diff(told.astype(int)) <= 0), "once nothing is said, nothing is said further down"
    _assert_grows((found.upper - found.lower)[told])
    assert np.all(np.diff(found.top1) <= 1e-9)
    smallest = found.upper[told][-1] - found.lower[told][-1]
    assert smallest > 10 * (found.upper[0] - found.lower[0])


@pytest.mark.parametrize("way", UP)
def test_doubt_grows_outside_the_data_as_networks_grow(way: str) -> None:
    found = curve(way, UP[way])
    _assert_grows((found.upper - found.lower)[found.outside])
    assert np.all(np.diff(found.top1) >= -1e-9)


def _assert_grows(widths: NDArray[np.float64]) -> None:
    assert np.all(np.diff(widths) >= -1e-9)


def test_where_the_interval_reaches_zero_nothing_is_said() -> None:
    found = predict(scale(EFFICIENTNET, MULTIPLIER.lowest, MULTIPLIER.lowest, int(PIXELS.lowest)))
    assert isinstance(found, Refusal)
    assert "so much smaller" in found.reason
