"""Which tensors a network has: names as in timm's module, and shapes, read from the description."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.network.description import Network
from explorer.network.layers import Layer

NORM_VALUES = ("weight", "bias", "running_mean", "running_var")
"""What batch normalisation keeps for each channel: its scale and shift, and the statistics of its training."""

BATCH_COUNTER = "num_batches_tracked"
"""A counter that batch normalisation keeps while training; it takes no part in the answer."""

Shape = tuple[int, ...]


def shapes(network: Network) -> dict[str, Shape]:
    """The shape of every tensor by its name, in the module's own order, without the counters of batches."""
    return dict(
        tensor
        for stage in network.stages
        for block in stage.blocks
        for layer in block.layers
        for tensor in of_layer(layer)
    )


def of_layer(layer: Layer) -> Iterator[tuple[str, Shape]]:
    """The tensors of one layer and of the batch normalisation that follows it."""
    yield f"{layer.name}.weight", weight_shape(layer)
    if layer.bias:
        yield f"{layer.name}.bias", (layer.out_channels,)
    if layer.norm:
        for value in NORM_VALUES:
            yield f"{layer.norm}.{value}", (layer.out_channels,)


def weight_shape(layer: Layer) -> Shape:
    """(out, in / groups, kernel, kernel) of a convolution, (out, in) of a linear layer."""
    if layer.role == "linear":
        return layer.out_channels, layer.in_channels
    return layer.out_channels, layer.in_channels // layer.groups, layer.kernel, layer.kernel
