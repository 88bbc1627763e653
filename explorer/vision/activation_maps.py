"""Class activation maps from activations and gradients, in NumPy: signed, before any ReLU or stretching.

All of them weigh the activations A (channels, rows, columns) of a layer by the gradient G of a class's logit at them,
and sum over the channels. They differ in the weight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

EPSILON = 1e-6
"""Keeps Grad-CAM++'s division finite, as in pytorch-grad-cam."""


class CamMethod(Enum):
    """How a gradient becomes a map."""

    GRAD_CAM = "Grad-CAM"
    HIRES_CAM = "HiResCAM"
    LAYER_CAM = "LayerCAM"
    GRAD_CAM_PLUS_PLUS = "Grad-CAM++"


def exact_maps(features: Array, weight: Array, classes: list[int] | None = None) -> Array:
    """The class activation map of each class at the last feature map, in logits: W_c·A / (rows·columns).

    With global average pooling and one linear layer on top, ∂logit_c/∂A is W_c/(rows·columns) everywhere, so Grad-CAM
    (Selvaraju et al. 2017) before its ReLU, CAM (Zhou et al. 2016) and HiResCAM are this one map, and its sum is
    logit − bias exactly. No backward pass is needed.

    Args:
        features: (channels, rows, columns), the last feature map.
        weight: (classes, channels), the classifier's.
        classes: for which classes (None: for all).

    Returns:
        (classes, rows, columns); positive where a cell speaks for the class, negative against it.
    """
    channels, rows, columns = features.shape
    chosen = weight if classes is None else weight[classes]
    maps = chosen @ (features.reshape(channels, -1) / (rows * columns))
    return np.asarray(maps.reshape(-1, rows, columns))


def activation_map(method: CamMethod, activations: Array, gradient: Array) -> Array:
    """The (rows, columns) map of `method`, from activations and gradient of (channels, rows, columns).

    HiResCAM's sum is the inner product of the two; no other method's has a meaning in logits below the last stage.
    """
    return np.asarray((_WEIGHTS[method](activations, gradient) * activations).sum(axis=0))


def _mean_gradient(_: Array, gradient: Array) -> Array:
    """Selvaraju et al. 2017, equation 1."""
    return np.asarray(gradient.mean(axis=(1, 2), keepdims=True))


def _gradient(_: Array, gradient: Array) -> Array:
    """Draelos and Carin 2020, equation 5."""
    return gradient


def _positive_gradient(_: Array, gradient: Array) -> Array:
    """Jiang et al. 2021, equation 6."""
    return np.maximum(gradient, 0)


def _weighted_positive_gradient(activations: Array, gradient: Array) -> Array:
    """Chattopadhay et al. 2018, equations 7 and 19, the logit standing for its exponential as in pytorch-grad-cam."""
    squared = gradient**2
    total = activations.sum(axis=(1, 2), keepdims=True)
    alpha = squared / (2 * squared + total * squared * gradient + EPSILON)
    return np.asarray((np.maximum(gradient, 0) * alpha).sum(axis=(1, 2), keepdims=True))


_WEIGHTS: Mapping[CamMethod, Callable[[Array, Array], Array]] = {
    CamMethod.GRAD_CAM: _mean_gradient,
    CamMethod.HIRES_CAM: _gradient,
    CamMethod.LAYER_CAM: _positive_gradient,
    CamMethod.GRAD_CAM_PLUS_PLUS: _weighted_positive_gradient,
}
