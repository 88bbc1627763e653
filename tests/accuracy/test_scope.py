"""Of which tables accuracies are predicted: by what is built, in absolute pixels; what is not B0's is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.accuracy.predict import Prediction, Refusal, predict
from explorer.accuracy.words import outside_mark, prediction_sentence
from explorer.network.baselines import EFFICIENTNET, Baseline, StageTemplate
from explorer.network.description import as_baseline, of_baseline, scale
from explorer.network.scaling import NONE, ROUNDINGS, Rounding
from explorer.published import preset_networks
from explorer.settings.stage_table import own

OWN = own(EFFICIENTNET)


def with_stage(number: int, **changes: object) -> Baseline:
    """B0's table with one stage changed, counted from 1."""
    stages: list[StageTemplate] = list(OWN.stages)
    stages[number - 1] = replace(stages[number - 1], **changes)  # type: ignore[arg-type]
    return replace(OWN, stages=tuple(stages))


# Tables that are not of B0's kind, and words of the reason.
REFUSED = (
    (replace(OWN, classes=2), "it tells 2 classes apart"),
    (replace(OWN, classes=1), "it tells 1 class apart"),
    (replace(EFFICIENTNET, classes=1001), "it tells 1,001 classes apart"),
    (replace(OWN, in_channels=1), "its images have 1 channel,"),
    (replace(EFFICIENTNET, in_channels=4), "its images have 4 channels,"),
    (replace(OWN, classifier=False), "it has no classifier"),
    (with_stage(4, skips=False), "more than channels and layers"),
    (replace(OWN, activation="relu"), "its activation is relu"),
    (replace(OWN, activation="relu6"), "its activation is relu6"),
    (with_stage(4, kernel=3), "more than channels and layers"),
    (with_stage(4, stride=1), "more than channels and layers"),
    (with_stage(4, expansion=4), "more than channels and layers"),
    (with_stage(4, squeeze_ratio=0.0), "more than channels and layers"),
    (replace(OWN, stages=OWN.stages[:-2] + OWN.stages[-1:]), "more than channels and layers"),
    (with_stage(6, channels=1200), "far out of proportion"),
    (with_stage(6, layers=40), "far out of proportion"),
)


@pytest.mark.parametrize(("baseline", "words"), REFUSED)
def test_what_is_not_of_b0s_kind_is_refused_in_words(baseline: Baseline, words: str) -> None:
    found = predict(of_baseline(baseline))
    assert isinstance(found, Refusal)
    assert words in found.reason
    assert found.reason.startswith(f"No accuracy is predicted for {baseline.name}")
    assert prediction_sentence(found, subject="Your network") == found.reason


@pytest.mark.parametrize("pixels", [64, 128, 224, 380])
def test_pixels_are_absolute(pixels: int) -> None:
    """A table that says 64 pixels is B0 at 64 pixels, whoever asks for it how."""
    asked = predict(scale(EFFICIENTNET, 1.0, 1.0, pixels))
    assert predict(of_baseline(replace(OWN, input_resolution=pixels))) == asked


@pytest.mark.parametrize("rounding", ROUNDINGS.values(), ids=lambda rounding: rounding.key)
@pytest.mark.parametrize("factor", [0.35, 0.77, 1.1, 1.37, 2.3])
def test_a_scaled_network_saved_as_a_table_is_predicted_alike(factor: float, rounding: Rounding) -> None:
    network = scale(EFFICIENTNET, factor, 1 / factor, 240, rounding)
    saved = replace(as_baseline(network), key="own")
    assert predict(scale(saved, 1.0, 1.0, 240, NONE)) == predict(network)


def test_the_published_ones_saved_as_tables_are_predicted_alike() -> None:
    for network in preset_networks("efficientnet").values():
        saved = scale(as_baseline(network), 1.0, 1.0, network.input_resolution, NONE)
        assert predict(saved) == predict(network)


@pytest.mark.parametrize("changes", [{"channels": 48}, {"channels": 41}, {"layers": 3}])
def test_an_edited_table_is_predicted_wide_and_marked(changes: dict[str, int]) -> None:
    found, b0 = predict(scale(with_stage(4, **changes), 1.0, 1.0, 224, NONE)), predict(of_baseline(EFFICIENTNET))
    assert isinstance(found, Prediction)
    assert isinstance(b0, Prediction)
    assert found.edited
    assert found.outside
    assert found.upper - found.lower > 2 * (b0.upper - b0.lower)
    assert found.lower < b0.top1 < found.upper
    assert "outside the data: its stages are not EfficientNet-B0's in one proportion" in prediction_sentence(found)
    assert (outside_mark(found), outside_mark(b0)) == (", outside the data", "")
