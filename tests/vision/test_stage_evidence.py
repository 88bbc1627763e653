"""Maps at every stage, against pytorch-grad-cam, and the traces that they must not leave."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from pytorch_grad_cam import GradCAM, GradCAMPlusPlus, HiResCAM, LayerCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from timm.models.efficientnet import EfficientNet
from torch import nn

from explorer.models.build import build
from explorer.models.checkpoints import bundled
from explorer.models.engine import Engine
from explorer.models.stages import classifier, stages
from explorer.network.baselines import BASELINES
from explorer.network.description import scale
from explorer.settings import declarations
from explorer.vision.activation_maps import CamMethod, exact_maps
from explorer.vision.evidence import at_stage, stage_maps
from tests.support import oracles
from tests.support.samples import photograph
from tests.vision.test_evidence import hooks

pytestmark = pytest.mark.real_weights

METHODS = {
    CamMethod.GRAD_CAM: GradCAM,
    CamMethod.HIRES_CAM: HiResCAM,
    CamMethod.LAYER_CAM: LayerCAM,
    CamMethod.GRAD_CAM_PLUS_PLUS: GradCAMPlusPlus,
}
ESPRESSO = 967
# Where timm puts out the feature map of each of Lite0's stages.
LAYERS = ("bn1", *(f"blocks.{number}" for number in range(7)), "bn2")


def seen(name: str = "coffee") -> NDArray[np.float32]:
    preprocessing = bundled()["lite0"].preprocessing
    return preprocessing.normalise(preprocessing.seen(photograph(name)))


@pytest.fixture(scope="module")
def exact(trained: Mapping[str, EfficientNet]) -> EfficientNet:
    """Lite0 in double precision, so that only the method can differ."""
    return deepcopy(trained["lite0"]).double()


@pytest.mark.parametrize("method", CamMethod)
@pytest.mark.parametrize("stage", range(1, 10))
def test_every_method_at_every_stage_is_the_librarys(method: CamMethod, stage: int, exact: EfficientNet) -> None:
    values, targets = seen().astype(np.float64), [ClassifierOutputTarget(ESPRESSO)]
    layer, image = exact.get_submodule(LAYERS[stage - 1]), torch.from_numpy(values)
    with METHODS[method](exact, [layer]) as cam:
        cam(image, targets)
        kept = cam.activations_and_grads
        pair = [kept.activations[0].numpy(), kept.gradients[0].numpy()]
        expected = cam.get_cam_image(image, layer, targets, *pair, eigen_smooth=False)[0]
    exact.zero_grad()
    found = at_stage(exact, stage, ESPRESSO, stage_maps(exact, values)[stage - 1]).map(method)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5 * float(np.abs(expected).max()))


@pytest.mark.parametrize("family", BASELINES)
def test_gradients_are_those_of_the_whole_network(family: str) -> None:
    network = scale(BASELINES[family], 0.4, 0.5, 64)
    torch.manual_seed(1)
    module = build(network).double()
    assert len(stages(module)) == len(network.stages)
    values = np.random.default_rng(1).normal(size=(1, 3, 64, 64))
    for stage in (1, 3, len(network.stages)):
        found = at_stage(module, stage, 7, stage_maps(module, values)[stage - 1])
        image = torch.from_numpy(values).requires_grad_()
        whole, *above = stages(module)[:stage], *stages(module)[stage:]
        features = image
        for part in whole:
            features = part(features)
        passed = features
        for part in above:
            passed = part(passed)
        (expected,) = torch.autograd.grad(module.forward_head(passed)[0, 7], features)
        np.testing.assert_allclose(found.gradient, expected[0].numpy(), rtol=1e-9, atol=1e-15)
        with torch.inference_mode():
            np.testing.assert_allclose(found.logits, module(torch.from_numpy(values))[0].numpy(), rtol=1e-9)


def test_the_engine_gives_the_same_maps(trained: Mapping[str, EfficientNet]) -> None:
    module, checkpoint = trained["lite0"], bundled()["lite0"]
    network, state = checkpoint.network, module.state_dict()
    settings = (checkpoint.padding, checkpoint.norm_epsilon)
    engine = Engine(network, state, *settings, threads=1)
    fast = at_stage(module, 5, ESPRESSO, engine.stage_map(seen(), 5))
    slow = at_stage(module, 5, ESPRESSO, stage_maps(module, seen())[4])
    expected = slow.map(CamMethod.GRAD_CAM)
    np.testing.assert_allclose(fast.map(CamMethod.GRAD_CAM), expected, atol=1e-4 * float(np.abs(expected).max()))
    answer = engine.run(seen())
    last = classifier(module)
    maps = exact_maps(answer.features[0], last.weight.detach().numpy())
    total = maps.sum(axis=(1, 2), dtype=np.float64) + last.bias.detach().numpy()
    np.testing.assert_allclose(total, answer.logits[0], rtol=1e-4, atol=1e-4)
    for row, index in enumerate((3, ESPRESSO)):
        chosen = exact_maps(answer.features[0], last.weight.detach().numpy(), [3, ESPRESSO])
        np.testing.assert_allclose(chosen[row], maps[index], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("class_index", [ESPRESSO, 1000])
@pytest.mark.parametrize("training", [False, True])
def test_no_trace_is_left_even_after_an_error(
    class_index: int, training: bool, trained: Mapping[str, EfficientNet]
) -> None:
    module = deepcopy(trained["lite0"]).train(training)
    module.blocks[0].eval()  # parts may have modes of their own
    modes = [part.training for part in module.modules()]
    before, maps = oracles.frozen_state(module), stage_maps(module, seen())[6]
    if class_index < 1000:
        at_stage(module, 7, class_index, maps)
    else:
        with pytest.raises(IndexError):
            at_stage(module, 7, class_index, maps)
    assert oracles.same_state(dict(module.state_dict()), before)
    assert hooks(module) == 0
    assert all(parameter.grad is None for parameter in module.parameters())
    assert [part.training for part in module.modules()] == modes


def test_a_stage_in_training_answers_as_in_evaluation(trained: Mapping[str, EfficientNet]) -> None:
    expected = stage_maps(trained["lite0"], seen())
    found = stage_maps(deepcopy(trained["lite0"]).train(), seen())
    assert all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))


@pytest.mark.parametrize("stage", [0, 10])
def test_a_stage_that_does_not_exist_is_refused(stage: int, trained: Mapping[str, EfficientNet]) -> None:
    with pytest.raises(ValueError, match=f"there is no stage {stage}"):
        at_stage(trained["lite0"], stage, ESPRESSO, stage_maps(trained["lite0"], seen())[4])


def test_a_network_without_a_classifier_is_refused(trained: Mapping[str, EfficientNet]) -> None:
    module = deepcopy(trained["lite0"])
    module.classifier = nn.Identity()
    with pytest.raises(TypeError, match="linear classifier"):
        classifier(module)


def test_a_link_names_every_method() -> None:
    assert declarations.options("method") == ("exact", *(method.name.lower() for method in CamMethod))
