"""Where in a photograph a network finds its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from timm.models.efficientnet import EfficientNet
from timm.models.resnet import ResNet
from torch import Tensor, nn

from explorer.models.errors import StageError
from explorer.models.stages import stages
from explorer.vision.activation_maps import Array, CamMethod, activation_map


def class_activation_maps(features: Tensor, weight: Tensor) -> Tensor:
    """The class activation map of every class, in logits.

    With global average pooling and one linear layer on top, ∂logit_c/∂A is W_c / (H·W) everywhere, so Grad-CAM
    (Selvaraju et al. 2017) before its ReLU, CAM (Zhou et al. 2016) and HiResCAM are this one map, and its sum
    is logit − bias exactly. No backward pass is needed.

    Args:
        features: (channels, rows, columns), the last feature map A.
        weight: (classes, channels), the classifier's W.

    Returns:
        (classes, rows, columns); positive where a cell speaks for the class, negative against it.
    """
    cells = features.shape[-2] * features.shape[-1]
    return torch.einsum("kc,chw->khw", weight, features) / cells


@dataclass(frozen=True, eq=False)
class StageEvidence:
    """What the maps of one class at one stage are made of.

    Attributes:
        stage: its number in the description.
        class_index: the class.
        activations: (channels, rows, columns), the stage's feature map.
        gradient: the same shape, ∂logit/∂activations.
        logits: (classes,) of the same pass.
    """

    stage: int
    class_index: int
    activations: Array
    gradient: Array
    logits: Array

    def map(self, method: CamMethod) -> Array:
        """The (rows, columns) map of `method`: signed, before any ReLU or stretching."""
        return activation_map(method, self.activations, self.gradient)


def at_stage(
    module: EfficientNet | ResNet, stage: int, class_index: int, activations: NDArray[np.floating[Any]]
) -> StageEvidence:
    """The evidence for a class at a stage, by a gradient that goes from the logit down to the stage and no further.

    No hook is set, no `.grad` is written, and a module in training mode is evaluated and gets its mode back.

    Args:
        module: the network.
        stage: 1 to the number of its stages.
        class_index: the class.
        activations: (1, channels, rows, columns), the stage's feature map of one photograph, from `feature_map` or
            from an `explorer.models.engine.Trunk`.

    Raises:
        StageError: the network has no such stage.
        IndexError: the network has no such class.
    """
    above = _parts(module, stage)[stage:]
    with evaluating(module), torch.inference_mode(mode=False), torch.enable_grad():
        given = torch.tensor(activations, requires_grad=True)
        features = given
        for part in above:
            features = part(features)
        logits = module.forward_head(features)
        (gradient,) = torch.autograd.grad(logits[0, class_index], given)
    return StageEvidence(stage, class_index, activations[0], gradient[0].numpy(), logits[0].detach().numpy())


def feature_map(module: EfficientNet | ResNet, stage: int, values: NDArray[np.floating[Any]]) -> Array:
    """(n, channels, rows, columns): the feature map of `stage` for (n, 3, height, width) values, in torch.

    Raises:
        StageError: the network has no such stage.
    """
    return _maps(module, _parts(module, stage)[:stage], values)[-1]


def stage_maps(module: EfficientNet | ResNet, values: NDArray[np.floating[Any]]) -> list[Array]:
    """The feature map of every stage in order, each (n, channels, rows, columns), from one pass through torch."""
    return _maps(module, stages(module), values)


@contextmanager
def evaluating(module: nn.Module) -> Iterator[None]:
    """Evaluation mode, and afterwards each part's own mode again, whatever happens."""
    training = [part for part in module.modules() if part.training]
    try:
        for part in training:
            part.training = False
        yield
    finally:
        for part in training:
            part.training = True


def _parts(module: EfficientNet | ResNet, stage: int) -> tuple[nn.Sequential, ...]:
    parts = stages(module)
    if not 1 <= stage <= len(parts):
        raise StageError(f"The network has stages 1 to {len(parts)}: there is no stage {stage}.")
    return parts


def _maps(
    module: EfficientNet | ResNet, parts: tuple[nn.Sequential, ...], values: NDArray[np.floating[Any]]
) -> list[Array]:
    """What each part gives; a copy each, because the next part's activation may work in place."""
    features, found = torch.tensor(values), []
    with evaluating(module), torch.inference_mode():
        for part in parts:
            features = part(features)
            found.append(features.numpy().copy())
    return found
