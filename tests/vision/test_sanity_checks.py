"""The checks of a map: what they compute, by hand and on a trained network, and what they leave alone."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import numpy as np
import pytest
import torch
from timm.models.efficientnet import EfficientNet
from torch import nn

from explorer.models.checkpoints import bundled
from explorer.models.engine import Engine
from explorer.vision import perturbation
from explorer.vision.sanity_checks import DRAWS, Answers, examine, rank_correlation, shuffle_parameters
from explorer.vision.trust import CheckProgress, PerturbationCurve, Randomised, Trust, Verdict
from explorer.vision.trust_narrative import VERDICTS, cascade_sentence, trust_sentence
from tests.support import oracles
from tests.vision.test_stage_evidence import ESPRESSO, seen

pytestmark = pytest.mark.real_weights

STEPS = np.array([0.0, 0.5, 1.0])

# Final correlation, then the area by the map and at random of deletion and of insertion, and the verdict.
VERDICT_CASES = (
    (0.1, 0.2, 0.5, 0.8, 0.5, Verdict.TRUST),
    (-0.1, 0.6, 0.5, 0.8, 0.5, Verdict.UNFAITHFUL),
    (0.7, 0.2, 0.5, 0.8, 0.5, Verdict.INSENSITIVE),
    (-0.7, 0.6, 0.5, 0.4, 0.5, Verdict.DISTRUST),
)


def answers_of(module: EfficientNet) -> Answers:
    checkpoint = bundled()["lite0"]
    engine = Engine(checkpoint.network, module.state_dict(), checkpoint.padding, checkpoint.norm_epsilon, threads=1)
    return lambda values: engine.run(values).logits


@pytest.fixture(scope="module")
def progress(trained: Mapping[str, EfficientNet]) -> list[CheckProgress]:
    module = trained["lite0"]
    before = oracles.frozen_state(module)
    found = list(examine(module, answers_of(module), seen("cat_and_coffee"), ESPRESSO))
    assert oracles.same_state(dict(module.state_dict()), before)
    assert not any(part.training for part in module.modules())
    return found


def test_progress_ends_with_the_result(progress: list[CheckProgress]) -> None:
    assert [step.done for step in progress] == list(range(1, progress[0].steps + 1))
    assert [step.trust is None for step in progress] == [True] * (len(progress) - 1) + [False]


def test_a_trained_map_passes_and_says_so(progress: list[CheckProgress]) -> None:
    trust = progress[-1].trust
    assert trust is not None
    parts = [step.part for step in trust.cascade]
    assert parts == ["classifier", *(f"stage {number}" for number in range(9, 0, -1))]
    assert trust.verdict is Verdict.TRUST
    assert trust.deletion.area < trust.deletion.random_areas.mean()
    assert trust.insertion.area > trust.insertion.random_areas.mean()
    assert "You can trust this map" in trust_sentence(trust)
    assert f"better than {trust.beaten} of {trust.orders}" in trust_sentence(trust)
    assert cascade_sentence(trust).count(",") == len(parts) - 1


def test_curves_start_and_end_where_they_must(
    progress: list[CheckProgress], trained: Mapping[str, EfficientNet]
) -> None:
    trust = progress[-1].trust
    assert trust is not None
    with torch.inference_mode():
        whole = trained["lite0"](torch.from_numpy(seen("cat_and_coffee"))).softmax(1)[0, ESPRESSO].item()
    for curve in (trust.deletion, trust.insertion):
        for line in curve.random:
            assert line[[0, -1]] == pytest.approx(curve.ordered[[0, -1]], rel=1e-6)
    assert trust.deletion.ordered[0] == pytest.approx(whole, rel=1e-4)
    assert trust.insertion.ordered[-1] == pytest.approx(whole, rel=1e-4)


def test_what_is_not_asked_for_is_not_computed(trained: Mapping[str, EfficientNet]) -> None:
    module = trained["lite0"]
    before, asked = oracles.frozen_state(module), list[int]()

    def answers(values: np.ndarray) -> np.ndarray:
        asked.append(len(values))
        return np.zeros((1, 1000), np.float32)

    steps = examine(module, answers, seen(), ESPRESSO)
    assert [step.done for step in islice(steps, 2)] == [1, 2]
    assert asked == []
    assert oracles.same_state(dict(module.state_dict()), before)


def test_forgetting_keeps_the_numbers_and_loses_their_places() -> None:
    part = nn.Sequential(nn.Conv2d(4, 8, 3), nn.BatchNorm2d(8))
    before = oracles.frozen_state(part)
    shuffle_parameters(part, torch.Generator().manual_seed(0))
    weight = part.state_dict()["0.weight"]
    assert not torch.equal(weight, before["0.weight"])
    assert torch.equal(weight.flatten().sort().values, before["0.weight"].flatten().sort().values)
    assert DRAWS > 1


@pytest.mark.parametrize("seed", range(3))
def test_rank_correlation_is_as_defined(seed: int) -> None:
    one, other = np.random.default_rng(seed).integers(0, 9, size=(2, 7, 7)).astype(float)
    ranks = [
        np.array([(flat < value).sum() + ((flat == value).sum() + 1) / 2 for value in flat])
        for flat in (one.ravel(), other.ravel())
    ]
    deviations = [rank - rank.mean() for rank in ranks]
    by_definition = deviations[0] @ deviations[1] / np.sqrt((deviations[0] ** 2).sum() * (deviations[1] ** 2).sum())
    assert rank_correlation(one, other) == pytest.approx(by_definition)
    assert rank_correlation(one, np.exp(one)) == pytest.approx(1)
    assert rank_correlation(one, np.ones_like(one)) == 0


def test_cells_go_and_come_in_order() -> None:
    turns = perturbation.order_of(np.array([[1.0, 5.0], [3.0, 1.0]]))
    assert turns.tolist() == [[2, 0], [1, 3]]
    values = np.random.default_rng(0).normal(size=(1, 3, 6, 4)).astype(np.float32)
    half = perturbation.deleted(values, turns, 0.5)
    gone = np.zeros((6, 4), bool)
    gone[:3, 2:], gone[3:, :2] = True, True
    assert np.array_equal(half == 0, np.broadcast_to(gone, half.shape))
    sharp = perturbation.inserted(values, turns, 0.5) == values
    assert sharp[:, :, gone].all()
    assert not sharp[:, :, ~gone].any()


def test_a_blur_keeps_what_is_constant() -> None:
    flat = np.full((1, 3, 20, 31), 2.0, np.float32)
    np.testing.assert_allclose(perturbation.blurred(flat), flat, rtol=1e-6)
    noise = np.random.default_rng(0).normal(size=(1, 3, 64, 64)).astype(np.float32)
    assert perturbation.blurred(noise).std() < noise.std() / 3


def curve(area: float, random: float) -> PerturbationCurve:
    """Constant curves: their areas are their heights."""
    return PerturbationCurve(STEPS, np.full(3, area), np.full((5, 3), random))


@pytest.mark.parametrize(("correlation", "deleted", "at_random", "inserted", "by_chance", "verdict"), VERDICT_CASES)
def test_verdicts(
    correlation: float, deleted: float, at_random: float, inserted: float, by_chance: float, verdict: Verdict
) -> None:
    cascade = (Randomised("classifier", 0.9), Randomised("stage 1", correlation))
    trust = Trust(ESPRESSO, cascade, curve(deleted, at_random), curve(inserted, by_chance))
    assert trust.verdict is verdict
    assert trust_sentence(trust).startswith(VERDICTS[verdict])


def test_an_area_by_hand() -> None:
    assert PerturbationCurve(STEPS, np.array([1.0, 0.5, 0.0]), np.zeros((1, 3))).area == 0.5
