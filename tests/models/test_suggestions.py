"""Which network answers for any setting, and which weights would let the one that is set answer itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.models.checkpoints import Checkpoint, bundled, published
from explorer.models.lineage import Classifier, Untrained, weights_for
from explorer.models.suggestions import Answering, answering, missing
from explorer.network.baselines import BASELINES
from explorer.network.scaling import COEFFICIENT, MULTIPLIER, PHI, PIXELS, ROUNDINGS, ScalingError
from explorer.settings.built import build
from explorer.settings.declarations import Architecture

pytestmark = pytest.mark.real_weights

BUNDLED = tuple(bundled().values())
WITH_B0 = (*BUNDLED, published()["b0"])
LITE2 = "The network grown from EfficientNet-Lite2"
B0 = "The network grown from EfficientNet-B0"


def direct(depth: float, width: float, family: str = "efficientnet") -> Architecture:
    return Architecture(family=family, by="direct", depth=depth, width=width, pixels=300)


# Settings, what is at hand, who answers, and its name where it is not the one that is set.
CHOICES: tuple[tuple[Architecture, tuple[Checkpoint, ...], str, str], ...] = (
    (Architecture(phi=0.0), WITH_B0, "EfficientNet-B0", ""),
    (Architecture(), WITH_B0, B0, ""),
    (Architecture(family="lite", phi=2.0), BUNDLED, LITE2, ""),
    (Architecture(phi=0.0), BUNDLED, "EfficientNet-Lite0", "EfficientNet-Lite at the same φ, α, β, γ"),
    (Architecture(), BUNDLED, "EfficientNet-Lite2", "EfficientNet-Lite at the same φ, α, β, γ"),
    (Architecture(family="mobilenetv2", phi=2.0), WITH_B0, LITE2, "EfficientNet-Lite at the same φ, α, β, γ"),
    (Architecture(family="own", own="{"), WITH_B0, "EfficientNet-Lite2", "EfficientNet-Lite at the same φ, α, β, γ"),
    (direct(2.0, 1.3), BUNDLED, LITE2, "EfficientNet-Lite at the same d, w and pixels"),
    (direct(3.1, 2.0), BUNDLED, LITE2, "EfficientNet-Lite at d = 3.1 and w = 1.65, the nearest setting with weights,"),
    (
        Architecture(phi=-1.0),
        BUNDLED,
        "EfficientNet-Lite0",
        "EfficientNet-Lite at φ = −0.1, the nearest setting with weights,",
    ),
    (Architecture(phi=8.0), WITH_B0, B0, "EfficientNet at φ = 7.3, the nearest setting with weights,"),
    (Architecture(phi=8.0), BUNDLED, LITE2, "EfficientNet-Lite at φ = 5.35, the nearest setting with weights,"),
    (
        Architecture(phi=8.0, alpha=2.5, beta=2.5, gamma=2.5),
        BUNDLED,
        LITE2,
        "EfficientNet-Lite at φ = 1.1, the nearest setting with weights,",
    ),
)


def network_of(found: Answering) -> Classifier:
    """What the settings of `found` build, with the weights that it has."""
    return Classifier(build(found.settings).network, found.classifier.weights)


@pytest.mark.parametrize(("settings", "checkpoints", "title", "words"), CHOICES)
def test_its_own_weights_then_the_twin_then_the_nearest(
    settings: Architecture, checkpoints: tuple[Checkpoint, ...], title: str, words: str
) -> None:
    found = answering(settings, checkpoints)
    assert found is not None
    assert (found.classifier.title, found.words) == (title, words)
    assert found.classifier == network_of(found)
    assert (found.untrained is None) == (words == "")


def test_the_twin_has_the_same_scaling_and_the_reason_is_told() -> None:
    found = answering(Architecture(phi=2.0, alpha=1.3), BUNDLED)
    assert found is not None
    assert found.settings == Architecture(family="lite", phi=2.0, alpha=1.3)
    assert found.untrained is not None
    assert found.untrained.reason == "No trained EfficientNet is on this machine."
    assert found.untrained.advice.startswith("For EfficientNet-B0, run python -m explorer weights fetch b0")


def test_what_builds_nothing_says_why() -> None:
    found = answering(Architecture(phi=8.0, alpha=2.5), WITH_B0)
    assert found is not None
    assert found.untrained is not None
    assert found.untrained.reason.startswith("No network can be built from these settings. The depth multiplier α^φ is")


def test_without_any_weights_nothing_answers() -> None:
    assert answering(Architecture(), ()) is None


@given(
    family=st.sampled_from((*BASELINES, "own")),
    by=st.sampled_from(("formula", "direct")),
    rounding=st.sampled_from(tuple(ROUNDINGS)),
    hold=st.sampled_from(("off", "alpha")),
    phi=st.floats(PHI.lowest, PHI.highest),
    coefficients=st.tuples(*3 * [st.floats(COEFFICIENT.lowest, COEFFICIENT.highest)]),
    multipliers=st.tuples(*2 * [st.floats(MULTIPLIER.lowest, MULTIPLIER.highest)]),
    pixels=st.integers(int(PIXELS.lowest), int(PIXELS.highest)),
)
def test_something_answers_whatever_is_set(
    family: str,
    by: str,
    rounding: str,
    hold: str,
    phi: float,
    coefficients: tuple[float, float, float],
    multipliers: tuple[float, float],
    pixels: int,
) -> None:
    settings = Architecture(
        family=family,
        by=by,
        rounding=rounding,
        hold=hold,
        phi=round(phi, 2),
        alpha=coefficients[0],
        beta=coefficients[1],
        gamma=coefficients[2],
        depth=multipliers[0],
        width=multipliers[1],
        pixels=pixels,
    )
    found = answering(settings, BUNDLED)
    assert found is not None
    assert found.classifier == network_of(found)
    assert (found.untrained is None) == can_see(settings)


def can_see(settings: Architecture) -> bool:
    try:
        return not isinstance(weights_for(build(settings).network, BUNDLED), Untrained)
    except ScalingError:
        return False


def names(settings: Architecture) -> list[str]:
    return [checkpoint.name for checkpoint in missing(settings, published().values())]


def test_what_is_missing_is_its_own_weights_and_those_that_it_contains_the_best_first() -> None:
    assert names(Architecture(phi=0.0))[0] == "tf_efficientnet_b0.ns_jft_in1k"
    assert names(Architecture(phi=0.0))[-1] == "b0", "nobody has measured it"
    assert {"b0", "tf_efficientnet_b1.in1k"} <= set(names(Architecture()))
    assert names(Architecture(family="lite", phi=0.0)) == ["efficientnet_lite0.ra_in1k"], "the other is installed"
    assert names(Architecture(phi=-1.0)) == []
    assert names(Architecture(phi=8.0, alpha=2.5)) == [], "nothing is built"


def test_what_is_on_this_machine_is_not_missing(b0: Checkpoint) -> None:
    assert b0.name not in names(Architecture())
