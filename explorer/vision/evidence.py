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
from torch import nn

from explorer.models.errors import StageError
from explorer.models.stages import stages
from explorer.vision.activation_maps import Array, CamMethod, activation_map


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
        activations: (1, channels, rows, columns), the stage's feature map of one photograph, from
            `explorer.models.engine.Engine.stage_map` or from `stage_maps`.

    Raises:
        StageError: the network has no such stage.
        IndexError: the network has no such class.
    """
    parts = stages(module)
    if not 1 <= stage <= len(parts):
        raise StageError(f"The network has stages 1 to {len(parts)}: there is no stage {stage}.")
    with evaluating(module), torch.inference_mode(mode=False), torch.enable_grad():
        given = torch.tensor(activations, requires_grad=True)
        features = given
        for part in parts[stage:]:
            features = part(features)
        logits = module.forward_head(features)
        (gradient,) = torch.autograd.grad(logits[0, class_index], given)
    return StageEvidence(stage, class_index, activations[0], gradient[0].numpy(), logits[0].detach().numpy())


def stage_maps(module: EfficientNet | ResNet, values: NDArray[np.floating[Any]]) -> list[Array]:
    """The feature map of every stage in order, each (n, channels, rows, columns), from one pass through torch.

    A copy each, because the next stage's activation may work in place.
    """
    features, found = torch.tensor(values), []
    with evaluating(module), torch.inference_mode():
        for part in stages(module):
            features = part(features)
            found.append(features.numpy().copy())
    return found


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
