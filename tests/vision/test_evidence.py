"""The evidence, against pytorch-grad-cam's Grad-CAM and HiResCAM, which find it by a backward pass."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from pytorch_grad_cam import GradCAM, HiResCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from timm.models.efficientnet import EfficientNet
from torch import Tensor, nn

from explorer.models.checkpoints import bundled
from explorer.vision.activation_maps import exact_maps
from explorer.vision.classification import Classification
from tests.support.samples import NETWORKS, photograph

pytestmark = pytest.mark.real_weights

METHODS = {"Grad-CAM": GradCAM, "HiResCAM": HiResCAM}

# Photograph and class: two classes in one picture, one that is not there at all.
CLASSES = (("cat_and_coffee", 281), ("cat_and_coffee", 967), ("rocket", 657), ("rocket", 0))

# Features (channels, rows, columns), classifier (classes, channels) and the maps, worked out by hand.
BY_HAND = (
    ([[[1.0, 3.0]]], [[2.0]], [[[1.0, 3.0]]]),
    ([[[1.0], [0.0]], [[0.0], [4.0]]], [[1.0, -1.0], [0.0, 3.0]], [[[0.5], [-2.0]], [[0.0], [6.0]]]),
)


def by_gradient(method: type, module: nn.Module, image: Tensor, class_index: int) -> NDArray[np.float64]:
    """The map as the library computes it, before it throws away the negative half and stretches the rest."""
    layer, targets = module.get_submodule("bn2"), [ClassifierOutputTarget(class_index)]
    with method(module, [layer]) as cam:
        cam(image, targets)
        kept = cam.activations_and_grads
        activations, gradients = kept.activations[0].numpy(), kept.gradients[0].numpy()
        return np.asarray(cam.get_cam_image(image, layer, targets, activations, gradients, eigen_smooth=False)[0])


@pytest.fixture(scope="module")
def exact(trained: Mapping[str, EfficientNet]) -> Mapping[str, EfficientNet]:
    """The trained networks in double precision, so that only the method can differ."""
    return {name: deepcopy(module).double() for name, module in trained.items()}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(("name", "class_index"), CLASSES)
def test_the_map_is_grad_cam_and_hirescam(
    method: str, network: str, name: str, class_index: int, exact: Mapping[str, EfficientNet]
) -> None:
    preprocessing = bundled()[network].preprocessing
    image = torch.from_numpy(preprocessing.normalise(preprocessing.seen(photograph(name)))).double()
    expected = by_gradient(METHODS[method], exact[network], image, class_index)
    with torch.inference_mode():
        features = exact[network].forward_features(image)[0].numpy()
    ours = exact_maps(features, exact[network].classifier.weight.detach().numpy())[class_index]
    # Grad-CAM weighs a channel by its mean gradient, HiResCAM each cell by its own: the same where all are equal.
    assert ours.dtype == expected.dtype == np.float64
    np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-5 * float(np.abs(expected).max()))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("name", "class_index"), CLASSES)
def test_what_is_shown_is_grad_cam_in_single_precision(
    method: str,
    name: str,
    class_index: int,
    exact: Mapping[str, EfficientNet],
    sights: Mapping[tuple[str, str], Classification],
) -> None:
    preprocessing = bundled()["lite0"].preprocessing
    image = torch.from_numpy(preprocessing.normalise(preprocessing.seen(photograph(name)))).double()
    expected = by_gradient(METHODS[method], exact["lite0"], image, class_index)
    shown = sights["lite0", name].maps[class_index]
    np.testing.assert_allclose(shown, expected, atol=1e-4 * float(np.abs(expected).max()))


@pytest.mark.parametrize(("features", "weight", "maps"), BY_HAND)
def test_maps_by_hand(
    features: list[list[list[float]]], weight: list[list[float]], maps: list[list[list[float]]]
) -> None:
    assert exact_maps(np.array(features), np.array(weight)).tolist() == maps


def test_evidence_has_both_signs(sights: Mapping[tuple[str, str], Classification]) -> None:
    evidence = sights["lite0", "cat_and_coffee"].maps[967]
    assert evidence.min() < 0 < evidence.max()


def test_a_trace_would_be_found() -> None:
    module = nn.Sequential(nn.Linear(1, 1))
    handle = module[0].register_forward_hook(lambda *_: None)
    assert hooks(module) == 1
    handle.remove()
    assert hooks(module) == 0


def hooks(module: nn.Module) -> int:
    """How many hooks of any kind are left in `module`."""
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    return sum(len(getattr(part, kind)) for part in module.modules() for kind in kinds)
