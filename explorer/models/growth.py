"""Carry the function of a trained network into a wider and deeper one, exactly.

Width: every new channel copies an old one, and whatever reads the copies shares the old weight among them. Depth:
added blocks begin as the identity. So the grown network computes what its ancestor computes (the idea of Chen,
Goodfellow and Shlens, Net2Net, arXiv:1511.05641), and training can go on from there: the shares are random for each
output, so that copies receive different gradients and part.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

import torch
from torch import Tensor

from explorer.models.errors import JobError
from explorer.models.lineage import obstacle
from explorer.models.tensors import NORM_VALUES, weight_shape
from explorer.network.description import Block, Network, Stage
from explorer.network.layers import Layer

SEED = 0
SMALLEST_SHARE, LARGEST_SHARE = 0.5, 1.5
"""Shares are drawn between these, relative to each other; all are positive, so no weight changes its sign."""

State = Mapping[str, Tensor]


class GrowthError(JobError, ValueError):
    """An ancestor whose function cannot be carried into the target; its text is the reason, with the stage."""


@dataclass(frozen=True)
class _Seed:
    """Where the values come from: the ancestor's tensors, and the random numbers in the order that they are drawn."""

    state: State
    random: torch.Generator

    def channel_map(self, before: int, after: int) -> Tensor:
        """(after,) which old channel each new one copies: all of them once, then some again at random."""
        again = torch.randint(before, (after - before,), generator=self.random)
        return torch.cat((torch.arange(before), again))

    def shares(self, columns: Tensor, rows: int) -> Tensor:
        """(rows, columns) the share of an old weight that each copy of its channel takes; they sum to 1 per row."""
        drawn = torch.empty(rows, len(columns)).uniform_(SMALLEST_SHARE, LARGEST_SHARE, generator=self.random).double()
        sums = torch.zeros(rows, int(columns.max()) + 1, dtype=torch.float64).index_add_(1, columns, drawn)
        return drawn / sums[:, columns]


def grow(ancestor: Network, state: State, target: Network, seed: int = SEED) -> dict[str, Tensor]:
    """The tensors of `target`, by their names in its module, with which it computes what `ancestor` does with `state`.

    Args:
        ancestor: the trained network.
        state: its tensors by their names in its module, of any floating-point type, which the result has too.
        target: a network that contains it; the input resolutions do not matter.
        seed: of the random choices; the same seed gives the same tensors.

    Raises:
        GrowthError: the function cannot be kept; the reason names the stage.
    """
    reason = obstacle(ancestor, target)
    if reason is not None:
        raise GrowthError(reason)
    source = _Seed(state, torch.Generator().manual_seed(seed))
    stream = torch.arange(ancestor.baseline.in_channels)
    grown: dict[str, Tensor] = {}
    for stage, before in zip(target.stages, ancestor.stages, strict=True):
        skips = before.blocks[0].shape.skip
        after = stream if skips else source.channel_map(before.channels, stage.channels)
        grown.update(_stage(stage, before, stream, after, source))
        stream = after
    return grown


def _stage(stage: Stage, before: Stage, stream: Tensor, after: Tensor, source: _Seed) -> Iterator[tuple[str, Tensor]]:
    """A stage's tensors; its residual stream has one map, `after`, because what is added must be of the same copies."""
    for block, old in zip_longest(stage.blocks, before.blocks):
        yield from _identity(block, source) if old is None else _widened(block, old, stream, after, source)
        stream = after


def _widened(block: Block, old: Block, stream: Tensor, after: Tensor, source: _Seed) -> Iterator[tuple[str, Tensor]]:
    """A block of the ancestor, wider; its hidden and its squeezed channels have maps of their own."""
    hidden = stream
    for layer, before in zip(block.layers, old.layers, strict=True):
        match layer.role:
            case "expand":
                rows = hidden = source.channel_map(before.out_channels, layer.out_channels)
                yield from _layer(layer, before, rows, stream, source)
            case "depthwise":
                yield from _layer(layer, before, hidden, hidden, source)
            case "squeeze":
                squeezed = source.channel_map(before.out_channels, layer.out_channels)
                yield from _layer(layer, before, squeezed, hidden, source)
            case "excite":
                yield from _layer(layer, before, hidden, squeezed, source)
            case "linear":
                yield from _layer(layer, before, torch.arange(layer.out_channels), after, source)
            case _:  # the projection, and the convolutions of stem and head
                yield from _layer(layer, before, after, hidden, source)


def _layer(layer: Layer, old: Layer, rows: Tensor, columns: Tensor, source: _Seed) -> Iterator[tuple[str, Tensor]]:
    """Rows are copied as they are; the columns of a dense layer share each old weight among the copies."""
    weight = source.state[f"{old.name}.weight"][rows]
    yield f"{layer.name}.weight", _shared(weight, columns, source) if layer.groups == 1 else weight
    if layer.bias:
        yield f"{layer.name}.bias", source.state[f"{old.name}.bias"][rows]
    if layer.norm:
        for value in NORM_VALUES:
            yield f"{layer.norm}.{value}", source.state[f"{old.norm}.{value}"][rows]


def _shared(weight: Tensor, columns: Tensor, source: _Seed) -> Tensor:
    """The columns of `weight` for the copies of its channels, so that the copies together weigh what one did."""
    several = torch.nonzero(torch.bincount(columns)[columns] > 1).flatten()
    wider = weight[:, columns]
    if len(several):
        shares = source.shares(columns[several], len(weight)).to(weight.dtype)
        wider[:, several] *= shares.reshape(*shares.shape, *[1] * (weight.ndim - 2))
    return wider


def _identity(block: Block, source: _Seed) -> Iterator[tuple[str, Tensor]]:
    """A new block that adds nothing: its last normalisation scales by 0, which training can change."""
    kind = next(iter(source.state.values())).dtype
    for layer in block.layers:
        yield f"{layer.name}.weight", _initial(layer, source, kind)
        if layer.bias:
            yield f"{layer.name}.bias", torch.zeros(layer.out_channels, dtype=kind)
        if layer.norm:
            silent = layer is block.layers[-1]
            scale = torch.zeros if silent else torch.ones
            values = (scale, torch.zeros, torch.zeros, torch.ones)
            for name, value in zip(NORM_VALUES, values, strict=True):
                yield f"{layer.norm}.{name}", value(layer.out_channels, dtype=kind)


def _initial(layer: Layer, source: _Seed, kind: torch.dtype) -> Tensor:
    """Normal weights of variance 2 / fan-out, as timm begins."""
    fan_out = layer.kernel**2 * layer.out_channels // layer.groups
    return torch.randn(weight_shape(layer), generator=source.random).to(kind) * math.sqrt(2 / fan_out)
