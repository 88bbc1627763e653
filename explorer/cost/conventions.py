"""One network, several honest counts: what each tool calls FLOPs, by name, and what it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from explorer.cost import counting
from explorer.formats.measures import MACS
from explorer.network.description import Network
from explorer.network.layers import Layer

KERAS_NORMALISATION = 7
"""Keras' EfficientNets begin with a layer that holds 3 means, 3 variances and a count."""


@dataclass(frozen=True)
class Convention:
    """A way of counting operations for one image, and in words what it counts and leaves out."""

    key: str
    name: str
    counts: str
    leaves_out: str
    count: Callable[[Network], int]


def layers(network: Network) -> tuple[Layer, ...]:
    """All convolutions and linear layers, in order."""
    return tuple(layer for stage in network.stages for block in stage.blocks for layer in block.layers)


def paper_macs(network: Network) -> int:
    """Multiply-adds of convolutions and linear layers: the exact form of what the paper rounds and calls FLOPS."""
    return counting.of(network).macs


def with_biases(network: Network) -> int:
    """The same, and one addition for each element that a bias is added to (facebookresearch/pycls, torchinfo)."""
    return paper_macs(network) + sum(_elements(layer) for layer in layers(network) if layer.bias)


def fvcore(network: Network) -> int:
    """What `fvcore.nn.FlopCountAnalysis` totals on the module in evaluation mode."""
    normalised = sum(_elements(layer) for layer in layers(network) if layer.norm)
    return paper_macs(network) + 2 * normalised + pooled_elements(network)


def torch_flops(network: Network) -> int:
    """What `torch.utils.flop_counter.FlopCounterMode` totals: a multiplication and an addition count as two."""
    return 2 * paper_macs(network)


def pooled_elements(network: Network) -> int:
    """Elements that the global average pooling before the classifier reads."""
    last = network.stages[-1].blocks[-1].shape
    return last.out_channels * last.input_resolution**2


def keras_params(network: Network) -> int:
    """Keras' "Total params" of an EfficientNet: it also counts moving means and variances, and its own input layer."""
    moving = sum(2 * layer.out_channels for layer in layers(network) if layer.norm)
    return counting.of(network).params + moving + KERAS_NORMALISATION


def _elements(layer: Layer) -> int:
    return layer.out_channels * layer.output_resolution**2


CONVENTIONS: Mapping[str, Convention] = {
    convention.key: convention
    for convention in (
        Convention(
            "paper_macs",
            MACS.column,
            "a multiplication with its addition as one, in convolutions and linear layers",
            "biases, batch normalisation, activations, pooling, the products of squeeze-and-excitation",
            paper_macs,
        ),
        Convention(
            "with_biases",
            "With biases (pycls, torchinfo)",
            "the same, and one addition for each output that has a bias",
            "batch normalisation, activations, pooling, the products of squeeze-and-excitation",
            with_biases,
        ),
        Convention(
            "fvcore",
            "fvcore",
            "multiply-adds, two for each element of batch normalisation, one for each that the last pooling reads",
            "biases, activations, the pooling and products of squeeze-and-excitation, sums of shortcuts",
            fvcore,
        ),
        Convention(
            "torch",
            "torch FlopCounterMode",
            "multiplications and additions separately, in convolutions and linear layers",
            "the same as multiply-adds leave out",
            torch_flops,
        ),
    )
}
"""By the key that the command line prints."""


def flops(network: Network) -> dict[str, int]:
    """Operations for one image under every convention."""
    return {key: convention.count(network) for key, convention in CONVENTIONS.items()}
