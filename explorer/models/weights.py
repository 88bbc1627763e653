"""Trained weights into a module: by order and shape, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from timm.models.efficientnet import EfficientNet
from torch import Tensor, nn

from explorer.models.build import efficientnet
from explorer.models.checkpoints import Checkpoint, WeightsError

BATCH_COUNTER = "num_batches_tracked"
"""A counter that batch normalisation keeps while training; it takes no part in the answer."""


def load(checkpoint: Checkpoint) -> EfficientNet:
    """The trained network of `checkpoint`, in evaluation mode.

    Raises:
        WeightsError: the weights are not on this machine, cannot be read or do not fit the network.
    """
    module = efficientnet(checkpoint.preset.network(), checkpoint.padding, checkpoint.norm_epsilon)
    path = checkpoint.path()
    assign(module, read(path), path.name)
    return module.eval()


def read(path: Path) -> Mapping[str, Tensor]:
    """The tensors of a state dict on disk; nothing in the file is ever executed.

    Raises:
        WeightsError: the file is missing, cut off, or holds anything but tensors.
    """
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file can break torch's reader in any way: struct.error, KeyError …
        raise WeightsError(f"{path.name} cannot be read as a file of weights: get it again.") from error
    if not isinstance(state, Mapping) or not all(
        isinstance(name, str) and isinstance(value, Tensor) for name, value in state.items()
    ):
        raise WeightsError(f"{path.name} holds something else than named tensors: use a state dict.")
    return state


def assign(module: nn.Module, state: Mapping[str, Tensor], name: str) -> None:
    """Copy the tensors of `state` into `module` in order; every shape is checked before anything is copied.

    The names may differ (the files come from another implementation); order and shapes may not.

    Raises:
        WeightsError: the number of tensors or a shape differs.
    """
    wanted = {key: value for key, value in module.state_dict().items() if not key.endswith(BATCH_COUNTER)}
    given = {key: value for key, value in state.items() if not key.endswith(BATCH_COUNTER)}
    if len(wanted) != len(given):
        raise WeightsError(f"{name} has {len(given)} tensors where the network has {len(wanted)}.")
    for (key, target), (other, source) in zip(wanted.items(), given.items(), strict=True):
        if target.shape != source.shape:
            raise WeightsError(
                f"{name}: {other} is {tuple(source.shape)} where the network's {key} is {tuple(target.shape)}."
            )
    module.load_state_dict(dict(zip(wanted, given.values(), strict=True)), strict=False)
