"""Which weights fit which network, and what to change where none do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from explorer.models.checkpoints import Checkpoint, at_hand, bundled, published
from explorer.models.lineage import (
    Classifier,
    Grown,
    Trained,
    Untrained,
    choices,
    obstacle,
    of_checkpoint,
    relatives,
    weights_for,
    weights_of,
)
from explorer.models.suggestions import remedies
from explorer.network.baselines import EFFICIENTNET, LITE, MOBILENET_V1, RESNET_50
from explorer.network.description import Network, of_baseline, scale
from explorer.network.scaling import NONE
from explorer.published import presets
from explorer.settings import stage_table
from explorer.settings.built import build
from explorer.settings.declarations import Architecture

pytestmark = pytest.mark.real_weights

BUNDLED = tuple(bundled().values())
EVERYTHING = tuple(published().values())


def lite(**settings: float | str) -> Architecture:
    return replace(Architecture(family="lite"), **settings)  # type: ignore[arg-type]  # a test's own keywords


def kind(settings: Architecture, checkpoints: tuple[Checkpoint, ...]) -> tuple[str, str]:
    """The kind of the weights that fit, and the name of whose they are."""
    weights = weights_for(build(settings).network, checkpoints)
    return weights.kind, "" if isinstance(weights, Untrained) else weights.checkpoint.name


# Settings, what is at hand, and the weights that fit: the network's own, or those of the largest that it contains.
FITTING = (
    (lite(phi=0.0), BUNDLED, ("trained", "lite0")),
    (lite(phi=1.0), BUNDLED, ("trained", "lite2")),
    (lite(by="direct", depth=1.1, width=1.0, pixels=500), BUNDLED, ("trained", "lite1")),
    (lite(phi=0.4), BUNDLED, ("grown", "lite1")),
    (lite(phi=2.0), BUNDLED, ("grown", "lite2")),
    (lite(phi=5.3), BUNDLED, ("grown", "lite2")),
    (lite(by="direct", depth=1.0, width=1.3, pixels=300), BUNDLED, ("grown", "lite0")),
    (lite(by="direct", depth=0.99, width=0.8, pixels=200), BUNDLED, ("untrained", "")),
    (lite(phi=5.4), BUNDLED, ("untrained", "")),
    (lite(phi=-2.0), BUNDLED, ("untrained", "")),
    (Architecture(), BUNDLED, ("untrained", "")),
    (Architecture(family="resnet50"), BUNDLED, ("untrained", "")),
    (Architecture(phi=0.0), EVERYTHING, ("trained", "tf_efficientnet_b0.ns_jft_in1k")),
    (Architecture(phi=0.5), EVERYTHING, ("grown", "tf_efficientnet_b1.ns_jft_in1k")),
    (Architecture(phi=2.0), EVERYTHING, ("grown", "tf_efficientnet_b3.ns_jft_in1k")),
    (
        Architecture(by="direct", depth=3.1, width=2.0, pixels=600),
        EVERYTHING,
        ("trained", "tf_efficientnet_b7.ns_jft_in1k"),
    ),
)


@pytest.mark.parametrize(("settings", "checkpoints", "expected"), FITTING)
def test_the_best_weights_that_fit(
    settings: Architecture, checkpoints: tuple[Checkpoint, ...], expected: tuple[str, str]
) -> None:
    assert kind(settings, checkpoints) == expected


def test_a_published_network_takes_every_recipe_of_its_own_first() -> None:
    fitting = choices(presets()["b1"].network(), EVERYTHING)
    own = [weights for weights in fitting if isinstance(weights, Trained)]
    assert {weights.checkpoint.title for weights in own} == {"EfficientNet-B1"}
    assert fitting[: len(own)] == tuple(own)
    accuracies = [weights.checkpoint.top1 for weights in own]
    assert accuracies == sorted(accuracies, key=lambda top1: -(top1 or 0))
    assert {weights.checkpoint.title for weights in fitting[len(own) :]} == {"EfficientNet-B0"}


@pytest.mark.parametrize("phi", [phi / 10 for phi in range(54)])
def test_every_lite_network_from_phi_0_to_5_3_can_see(phi: float) -> None:
    assert not isinstance(weights_for(build(lite(phi=phi)).network, BUNDLED), Untrained)


def test_every_efficientnet_from_phi_0_on_can_see_where_b0_is_at_hand_and_its_size_allows() -> None:
    b0 = (published()["tf_efficientnet_b0.in1k"],)
    for tenth in range(81):
        network = build(Architecture(phi=tenth / 10)).network
        assert obstacle(b0[0].network, network) is None
        assert isinstance(weights_for(network, b0), Trained | Grown | Untrained)


# The first of the two grows into the second, or why not.
OBSTACLES = (
    (of_baseline(EFFICIENTNET), presets()["b7"].network(), None),
    (of_baseline(EFFICIENTNET), scale(EFFICIENTNET, 1.0, 1.05, 224, NONE), None),
    (presets()["b1"].network(), of_baseline(EFFICIENTNET), "Stage 2 is shallower: 1 layer instead of 2."),
    (presets()["b2"].network(), presets()["b1"].network(), "Stage 4 is narrower: 40 channels instead of 48."),
    (of_baseline(EFFICIENTNET), presets()["lite0"].network(), "other classes than EfficientNet-B0"),
    (of_baseline(RESNET_50), scale(RESNET_50, 2.0, 1.0, 224), "made of bottlenecks"),
    (of_baseline(MOBILENET_V1), scale(MOBILENET_V1, 2.0, 1.0, 224), "have no skip"),
    (of_baseline(MOBILENET_V1), scale(MOBILENET_V1, 1.0, 2.0, 224), None),
    (of_baseline(EFFICIENTNET), of_baseline(replace(EFFICIENTNET, stages=EFFICIENTNET.stages[:-2])), "same stages"),
)


# What a network is asked, and why it names no class whatever its weights.
BLIND: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, ""),
    ({"classifier": False}, "It has no classifier"),
    ({"in_channels": 1}, "Its images have 1 channel, and a photograph has 3."),
    ({"in_channels": 4}, "Its images have 4 channels"),
    ({"classes": 10}, "It tells 10 classes apart, whose names are not known here: only ImageNet's 1,000 are."),
)


@pytest.mark.parametrize(("task", "reason"), BLIND)
def test_a_network_of_another_task_names_nothing_even_with_weights_of_its_own(
    task: dict[str, Any], reason: str
) -> None:
    network = of_baseline(replace(BUNDLED[0].network.baseline, **task))
    own = replace(BUNDLED[0], network=network)
    found, only = weights_for(network, (own,)), weights_of(own, network)
    if reason:
        assert isinstance(found, Untrained)
        assert isinstance(only, Untrained)
        assert reason in found.reason
        assert reason in only.reason
    else:
        assert (found, only) == (Trained(own), Trained(own))


@pytest.mark.parametrize(("ancestor", "target", "reason"), OBSTACLES)
def test_what_stands_between_two_networks(ancestor: Network, target: Network, reason: str | None) -> None:
    found = obstacle(ancestor, target)
    assert found is None if reason is None else found is not None and reason in found


def test_an_edited_table_with_the_same_stages_takes_the_same_weights() -> None:
    own = Architecture(
        family=stage_table.KEY, own=stage_table.to_json(presets()["lite0"].baseline, indent=None), phi=1.0
    )
    assert kind(own, BUNDLED) == ("trained", "lite2")


def test_too_large_a_network_is_refused_with_its_size() -> None:
    network = scale(EFFICIENTNET, 5.3, 4.3, 800)
    weights = weights_for(network, EVERYTHING)
    assert isinstance(weights, Untrained)
    assert "480 M parameters" in weights.reason
    assert "up to 60.0 G are run here" in weights.reason
    wide = weights_for(scale(LITE, 1.0, 7.5, 64), EVERYTHING)
    assert isinstance(wide, Untrained)
    assert "It would need 2." in wide.reason
    assert "EXPLORER_WORKER_MEGABYTES" in wide.reason


def test_a_classifier_at_another_resolution_keeps_everything_else() -> None:
    one = of_checkpoint(bundled()["lite0"])
    other = one.at(300)
    assert other.preprocessing == replace(one.preprocessing, input_resolution=300)
    assert (other.network.shape, other.weights) == (one.network.shape, one.weights)
    assert other.at(224) == one


def test_untrained_is_no_classifier() -> None:
    assert not hasattr(Untrained("why"), "checkpoint")
    with pytest.raises(AttributeError):
        _ = Classifier(of_baseline(EFFICIENTNET), Untrained("why")).preprocessing  # type: ignore[arg-type]


# Settings without weights, and the words of what would give some.
REMEDIES = (
    (Architecture(), ("Take EfficientNet-Lite with the same settings",)),
    (Architecture(phi=-1.0), ("Take EfficientNet-Lite with φ = −0.1",)),
    (Architecture(phi=7.0), ("Take EfficientNet-Lite with φ = 5.35",)),
    (Architecture(family="mobilenetv2", phi=2.0), ("Take EfficientNet-Lite with the same settings",)),
    (lite(phi=-1.0), ("Set φ = −0.1",)),
    (lite(phi=6.0), ("Set φ = 5.35",)),
    (lite(by="direct", depth=0.5, width=2.0), ("Set d = 1 and w = 1.65",)),
    (lite(by="direct", depth=0.5, width=0.7), ("Set d = 1 and w = 1",)),
)


@pytest.mark.parametrize(("settings", "words"), REMEDIES)
def test_the_remedy_is_the_nearest_setting_that_can_see(settings: Architecture, words: tuple[str, ...]) -> None:
    found = remedies(settings, BUNDLED)
    assert tuple(remedy.words for remedy in found) == words
    for remedy in found:
        assert kind(remedy.settings, BUNDLED)[0] != "untrained"


def test_without_any_weights_there_is_no_remedy() -> None:
    assert remedies(Architecture(), ()) == ()


def test_relatives_are_of_the_same_make_whatever_their_size() -> None:
    network = build(lite(phi=-2.0)).network
    assert relatives(network, EVERYTHING) == tuple(each for each in EVERYTHING if "Lite" in each.title)


def test_what_is_installed_is_at_hand() -> None:
    assert set(BUNDLED) <= set(at_hand())
