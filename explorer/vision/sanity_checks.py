"""Can a map be trusted? Two checks that it could fail, step by step, on a copy of the network.

Cascading randomisation (Adebayo et al. 2018, "Sanity checks for saliency maps"): a map that looks the same after the
network has forgotten everything shows the photograph, not the network. Deletion and insertion (Petsiuk et al. 2018,
"RISE"): cells that are evidence take the class with them when they go and bring it when they come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from timm.models.efficientnet import EfficientNet
from timm.models.resnet import ResNet
from torch import nn

from explorer.models.stages import classifier, stages
from explorer.vision import perturbation
from explorer.vision.activation_maps import Array, exact_maps
from explorer.vision.evidence import evaluating, stage_maps
from explorer.vision.trust import CheckProgress, PerturbationCurve, Randomised, Trust

Values = NDArray[np.float32]
Answers = Callable[[Values], NDArray[np.floating[Any]]]
"""From (n, 3, height, width) normalised values to (n, classes) logits: an engine's, or torch's."""

RANDOM_ORDERS = 5
DRAWS = 3
"""Copies that are randomised, each in its own way."""


def examine(
    module: EfficientNet | ResNet, answers: Answers, values: Values, class_index: int, seed: int = 0
) -> Iterator[CheckProgress]:
    """Check the exact class activation map of a class; the last progress carries the result.

    Between two steps a caller may show the progress, or stop: what is not asked for is not computed. `module` is
    read and copied, never changed.

    Args:
        module: the network in torch.
        answers: the same network's logits, from wherever they come fastest.
        values: (1, 3, height, width) normalised values of the photograph.
        class_index: the class.
        seed: of the random weights and orders.
    """
    maps = stage_maps(module, values)
    original = exact_maps(maps[-1][0], classifier(module).weight.detach().numpy(), [class_index])[0]
    orders = [perturbation.order_of(original), *_random_orders(original, seed)]
    steps = 1 + len(maps) + 2 * len(orders)
    cascade: list[Randomised] = []
    for randomised in cascading(module, [values, *maps], class_index, original, seed):
        cascade.append(randomised)
        yield CheckProgress(len(cascade), steps, f"randomising {randomised.part} and all above it")
    lines: dict[str, list[NDArray[np.float64]]] = {"Deleting": [], "Inserting": []}
    for name, change in (("Deleting", perturbation.deleted), ("Inserting", perturbation.inserted)):
        for order in orders:
            images = (change(values, order, float(share)) for share in perturbation.shares())
            lines[name].append(np.array([_probability(answers(image)[0], class_index) for image in images]))
            done = len(cascade) + sum(map(len, lines.values()))
            if done < steps:
                yield CheckProgress(done, steps, f"{name.lower()} cell by cell")
    yield CheckProgress(steps, steps, "done", Trust(class_index, tuple(cascade), *map(_curve, lines.values())))


def cascading(
    module: EfficientNet | ResNet, given: list[Values], class_index: int, original: Array, seed: int
) -> Iterator[Randomised]:
    """Randomise copies of `module` from the classifier down to the first stage; what is below stays as it was.

    Args:
        module: the network.
        given: the photograph and the feature map of each stage, as the trained network has them.
        class_index: the class whose map is followed.
        original: (rows, columns), its map in the trained network.
        seed: of the random order of the weights.
    """
    copies = [deepcopy(module) for _ in range(DRAWS)]
    generator = torch.Generator().manual_seed(seed)
    for number in range(len(given), 0, -1):
        found = []
        for copy in copies:
            above = stages(copy)[number - 1 :]
            shuffle_parameters(above[0] if above else classifier(copy), generator)
            found.append(_resemblance(copy, given[number - 1], above, class_index, original))
        name = f"stage {number}" if number < len(given) else "classifier"
        yield Randomised(name, float(np.mean(found)))


def shuffle_parameters(part: nn.Module, generator: torch.Generator) -> None:
    """Put the numbers of each weight and statistic of `part` in random order: the same scale, and nothing learned."""
    with torch.no_grad():
        for tensor in (*part.parameters(), *part.buffers()):
            shuffled = tensor.flatten()[torch.randperm(tensor.numel(), generator=generator)]
            tensor.copy_(shuffled.view_as(tensor))


def rank_correlation(one: Array, other: Array) -> float:
    """Spearman's rank correlation of two maps, equal cells sharing their rank; 0 where a map is constant."""
    ranks = [pd.Series(evidence.ravel()).rank().to_numpy() for evidence in (one, other)]
    if any(float(np.ptp(rank)) == 0 for rank in ranks):
        return 0.0
    return float(np.asarray(np.corrcoef(ranks))[0, 1])


def _resemblance(
    module: EfficientNet | ResNet, given: Values, above: tuple[nn.Module, ...], class_index: int, original: Array
) -> float:
    features = torch.from_numpy(given)
    with evaluating(module), torch.inference_mode():
        for part in above:
            features = part(features)
    weight = classifier(module).weight.detach().numpy()
    return rank_correlation(exact_maps(features[0].numpy(), weight, [class_index])[0], original)


def _random_orders(evidence: Array, seed: int) -> list[NDArray[np.intp]]:
    random = np.random.default_rng(seed)
    return [random.permutation(evidence.size).reshape(evidence.shape) for _ in range(RANDOM_ORDERS)]


def _probability(logits: Array, class_index: int) -> float:
    """Softmax of the logits."""
    powers = np.exp(logits.astype(np.float64) - float(logits.max()))
    return float(powers[class_index] / powers.sum())


def _curve(lines: list[NDArray[np.float64]]) -> PerturbationCurve:
    ordered, *random = lines
    return PerturbationCurve(perturbation.shares(), ordered, np.stack(random))
