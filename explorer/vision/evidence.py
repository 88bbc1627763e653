"""Where in a photograph a network finds its evidence."""

from __future__ import annotations

import torch
from torch import Tensor


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
