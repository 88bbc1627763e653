"""Trained weights from a file to the tensors and the module of a network: all of them fit, or none is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file
from torch import Tensor

from explorer.models import task_memory, tensors
from explorer.models.checkpoints import Checkpoint, WeightsError
from explorer.models.engine import Engine
from explorer.models.growth import State, grow
from explorer.models.kept import KEPT, claim
from explorer.models.lineage import Classifier, Trained, of_checkpoint
from explorer.models.tensors import BATCH_COUNTER, Shape
from explorer.models.threads import torch_threads
from explorer.models.weight_sources import FILE_SUFFIX

if TYPE_CHECKING:
    from timm.models.efficientnet import EfficientNet


@dataclass(frozen=True, eq=False)
class _Ancestor:
    """The tensors of a checkpoint, kept to grow others from."""

    state: State

    @property
    def bytes(self) -> int:
        return sum(tensor.nbytes for tensor in self.state.values())


def load(checkpoint: Checkpoint) -> EfficientNet:
    """The trained network of `checkpoint`, in evaluation mode.

    Raises:
        WeightsError: the weights are not on this machine, cannot be read or do not fit the network.
    """
    return module(of_checkpoint(checkpoint))


def module(classifier: Classifier) -> EfficientNet:
    """The real module of `classifier` with its weights, in evaluation mode.

    Raises:
        WeightsError: as `load`.
        TooLargeError: it needs more memory than there may be.
    """
    from explorer.models.build import efficientnet  # timm takes as long to import as torch; an answer needs no module

    claim(task_memory.module(classifier.network))
    checkpoint, state = classifier.checkpoint, state_of(classifier)
    with torch.device("meta"):
        built = efficientnet(classifier.network, checkpoint.padding, checkpoint.norm_epsilon)
    counters = {key: torch.tensor(0) for key in built.state_dict() if key.endswith(BATCH_COUNTER)}
    # Copies, because modules must not share tensors with the ancestors that are kept.
    built.load_state_dict({**counters, **{key: value.clone() for key, value in state.items()}}, assign=True)
    return built.eval()


def engine(classifier: Classifier, threads: int = 0) -> Engine:
    """The fast engine of `classifier`, which serves every input resolution; `threads` as in `Engine`.

    Raises:
        WeightsError: as `load`.
        TooLargeError: it needs more memory than there may be.
    """
    claim(task_memory.engine(classifier.network))
    checkpoint = classifier.checkpoint
    state = state_of(classifier)
    return Engine(classifier.network, state, checkpoint.padding, checkpoint.norm_epsilon, threads=threads)


def state_of(classifier: Classifier) -> State:
    """The tensors of `classifier` by their names in its module: as trained, or grown from its ancestor's.

    Raises:
        WeightsError: as `load`.
    """
    checkpoint = classifier.checkpoint
    key = (checkpoint, checkpoint.path().stat().st_mtime_ns)  # read again where its file has changed
    # Hundreds of small steps: threads wait for each other longer than they work, on a busy machine ten times as long.
    with torch_threads(1):
        state = KEPT.get(key, _Ancestor, lambda: _ancestor(checkpoint)).state
        if isinstance(classifier.weights, Trained):
            return state
        return grow(checkpoint.network, state, classifier.network)


def _ancestor(checkpoint: Checkpoint) -> _Ancestor:
    path, shapes = checkpoint.path(), tensors.shapes(checkpoint.network)
    return _Ancestor(fitted(read(path), shapes, path.name, by_name=path.suffix == FILE_SUFFIX))


def read(path: Path) -> State:
    """The tensors in a file of safetensors or a state dict of torch's; nothing in the file is ever executed.

    Raises:
        WeightsError: the file is missing, cut off, or holds anything but tensors.
    """
    try:
        if path.suffix == FILE_SUFFIX:
            return load_file(path)
        state = torch.load(path, map_location="cpu", weights_only=True)
    except MemoryError:
        raise WeightsError(f"There is not enough memory to read {path.name}: close something else first.") from None
    except Exception as error:  # a damaged file can break a reader in any way: struct.error, KeyError …
        raise WeightsError(f"{path.name} cannot be read as a file of weights: get it again.") from error
    if not isinstance(state, Mapping) or not all(
        isinstance(name, str) and isinstance(value, Tensor) for name, value in state.items()
    ):
        raise WeightsError(f"{path.name} holds something else than named tensors: use a state dict.")
    return state


def fitted(state: State, shapes: Mapping[str, Shape], name: str, by_name: bool = True) -> dict[str, Tensor]:
    """The tensors of `state` under the names of `shapes`, in float32; every one is checked before any is taken.

    Args:
        state: what a file holds; counters of batches are passed over.
        shapes: what the network has.
        name: of the file, for the refusal.
        by_name: whether the names must be equal too; else the order decides, as for files of another implementation.

    Raises:
        WeightsError: a tensor is missing, too many, of another shape or not finite.
    """
    given = {key: value for key, value in state.items() if not key.endswith(BATCH_COUNTER)}
    if by_name and set(given) != set(shapes):
        odd = min(set(given) ^ set(shapes))
        raise WeightsError(f"{name} {'lacks' if odd in shapes else 'has an unknown tensor'} {odd}: it does not fit.")
    if len(given) != len(shapes):
        raise WeightsError(f"{name} has {len(given)} tensors where the network has {len(shapes)}.")
    pairs = zip(shapes, shapes if by_name else given, strict=True)
    taken = {key: _checked(given[other], shapes[key], f"{name}: {other}", key) for key, other in pairs}
    return {key: value.to(torch.float32).contiguous() for key, value in taken.items()}


def _checked(value: Tensor, shape: Shape, where: str, key: str) -> Tensor:
    if tuple(value.shape) != shape:
        raise WeightsError(f"{where} is {tuple(value.shape)} where the network's {key} is {shape}.")
    if not value.is_floating_point() or not bool(torch.isfinite(value).all()):
        raise WeightsError(f"{where} holds values that are not finite numbers.")
    return value
