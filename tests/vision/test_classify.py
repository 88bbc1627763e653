"""What the networks say of real photographs, against timm's own pipeline from the file to the probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from timm.models.efficientnet import EfficientNet
from torch import nn

from explorer.cost.latency import Latency
from explorer.models.checkpoints import bundled
from explorer.models.engine import Engine
from explorer.vision.classification import Classification
from explorer.vision.classify import look
from explorer.vision.imagenet import labels
from tests.support import oracles
from tests.support.samples import LOOKS, NETWORKS, classifier, photograph

pytestmark = pytest.mark.real_weights

# Photograph, and the classes of which the first answer of every network must be one.
ANSWERS = (
    ("cat", {281: "tabby", 282: "tiger cat", 285: "Egyptian cat"}),
    ("coffee", {967: "espresso"}),
)

logits = arrays.arrays(np.float32, (1000,), elements=st.floats(-100, 100, width=32))


def sight_of(values: NDArray[np.float32]) -> Classification:
    """An answer with nothing but its logits."""
    empty = np.zeros((1000, 1, 1), np.float32)
    return Classification(
        classifier("lite0"),
        np.zeros((1, 1, 3), np.uint8),
        values,
        np.zeros(1000, np.float32),
        empty,
        Latency(1.0, 1.0, 1.0, 1, 3),
    )


@pytest.mark.parametrize(("network", "name"), LOOKS)
def test_probabilities_are_timms(
    network: str, name: str, sights: Mapping[tuple[str, str], Classification], timm_trained: Mapping[str, nn.Module]
) -> None:
    with torch.inference_mode():
        values = timm_trained[network](oracles.timm_transform(network)(photograph(name))[None])
    np.testing.assert_allclose(sights[network, name].logits, values[0].numpy(), atol=1e-4)
    expected = values.double().softmax(dim=-1)[0].numpy()
    np.testing.assert_allclose(sights[network, name].probabilities, expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(("name", "expected"), ANSWERS)
def test_a_cat_is_a_cat_and_a_coffee_is_a_coffee(
    network: str, name: str, expected: dict[int, str], sights: Mapping[tuple[str, str], Classification]
) -> None:
    first = sights[network, name].top(1)[0]
    assert expected[first.class_index] == first.label


@pytest.mark.parametrize(("network", "name"), LOOKS)
def test_the_evidence_adds_up_to_the_logit_of_every_class(
    network: str, name: str, sights: Mapping[tuple[str, str], Classification]
) -> None:
    sight = sights[network, name]
    explained = sight.maps.sum(axis=(1, 2), dtype=np.float64) + sight.biases
    relative = np.abs(explained - sight.logits) / np.maximum(np.abs(sight.logits), 1)
    assert relative.max() <= 1e-4
    assert [sight.residual(index) for index in range(1000)] == pytest.approx(relative.tolist(), abs=1e-12)


@pytest.mark.parametrize(("network", "name"), LOOKS)
def test_an_answer_says_what_it_is_about(
    network: str, name: str, sights: Mapping[tuple[str, str], Classification], trained: Mapping[str, EfficientNet]
) -> None:
    sight, checkpoint = sights[network, name], bundled()[network]
    pixels = checkpoint.preprocessing.input_resolution
    cells = -(-pixels // 32)
    assert sight.classifier == classifier(network)
    assert np.array_equal(sight.seen, np.asarray(checkpoint.preprocessing.seen(photograph(name))))
    assert sight.seen.shape == (pixels, pixels, 3)
    assert sight.maps.shape == (1000, cells, cells)
    assert np.array_equal(sight.biases, trained[network].classifier.bias.detach().numpy())
    assert sight.latency.median_ms > 0


def test_the_same_photograph_gets_the_same_answer(
    engines: Mapping[str, Engine], sights: Mapping[tuple[str, str], Classification]
) -> None:
    again = look(engines["lite0"], classifier("lite0"), photograph("cat"))
    assert np.array_equal(again.logits, sights["lite0", "cat"].logits)
    assert np.array_equal(again.maps, sights["lite0", "cat"].maps)


def test_an_answer_outlives_the_network_that_gave_it(engines: Mapping[str, Engine]) -> None:
    sight = look(engines["lite0"], classifier("lite0"), photograph("coffee"))
    logits_then, maps_then = sight.logits.copy(), sight.maps.copy()
    look(engines["lite0"], classifier("lite0"), photograph("rocket"))
    assert np.array_equal(sight.logits, logits_then)
    assert np.array_equal(sight.maps, maps_then)


@given(logits, st.integers(1, 1000))
def test_the_top_is_the_most_probable_first(values: NDArray[np.float32], count: int) -> None:
    top = sight_of(values).top(count)
    indices = [prediction.class_index for prediction in top]
    assert len(set(indices)) == len(top) == count
    assert [prediction.label for prediction in top] == [labels()[index] for index in indices]
    assert all(one.probability >= other.probability for one, other in pairwise(top))
    others = np.delete(torch.from_numpy(values).double().softmax(dim=0).numpy(), indices)
    assert all(others <= top[-1].probability * (1 + 1e-9))


@given(logits)
def test_probabilities_are_the_softmax(values: NDArray[np.float32]) -> None:
    probabilities = sight_of(values).probabilities
    expected = torch.from_numpy(values).double().softmax(dim=0).numpy()
    np.testing.assert_allclose(probabilities, expected, rtol=1e-9, atol=1e-300)
    assert probabilities.sum() == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("scale", [1e4, 3e38])
def test_probabilities_survive_enormous_logits(scale: float) -> None:
    values = np.zeros(1000, np.float32)
    values[7] = scale
    assert sight_of(values).top(1)[0].class_index == 7
    assert sight_of(-values).probabilities.sum() == pytest.approx(1)


def test_equals_come_in_the_order_of_their_classes() -> None:
    thirds = np.tile(np.array([0, 2, 1], np.float32), 334)[:1000]
    expected = [*range(1, 1000, 3), *range(2, 1000, 3), *range(0, 1000, 3)]
    assert [item.class_index for item in sight_of(thirds).top(1000)] == expected


def test_a_residual_shows_a_map_that_does_not_add_up(sights: Mapping[tuple[str, str], Classification]) -> None:
    sight = sights["lite0", "cat"]
    class_index = sight.top(1)[0].class_index
    logit = float(sight.logits[class_index])
    off = replace(sight, maps=sight.maps * np.float32(1.5))
    expected = 0.5 * abs(logit - float(sight.biases[class_index])) / max(abs(logit), 1)
    assert off.residual(class_index) == pytest.approx(expected, rel=1e-3)
    assert off.residual(class_index) > 0.1
