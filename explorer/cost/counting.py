"""What a network costs, counted from its description: exact integers, no forward pass.

Multiply-adds are those of convolutions and linear layers, without biases: what the paper calls FLOPS.
Activations are the elements that those layers put out, logits included (the convention of
facebookresearch/pycls). Parameters are the trainable ones: weights, biases and the scale and shift of
batch normalisation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import overload

from explorer.network.description import Block, Network, Stage
from explorer.network.elementwise import Whole
from explorer.network.layers import Layer


@dataclass(frozen=True, slots=True)
class Cost:
    """Trainable parameters, multiply-adds for one image, and activations for one image."""

    params: int
    macs: int
    activations: int

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.params + other.params, self.macs + other.macs, self.activations + other.activations)


FREE = Cost(0, 0, 0)


def of_layer(layer: Layer) -> Cost:
    """The cost of one convolution or linear layer with its batch normalisation."""
    return Cost(*counted(layer.weights, layer.out_channels, layer.parameters_per_output, layer.output_resolution))


@overload
def counted(weights: int, outputs: int, parameters_per_output: int, resolution: int) -> tuple[int, int, int]: ...
@overload
def counted(
    weights: Whole, outputs: Whole, parameters_per_output: int, resolution: Whole
) -> tuple[Whole, Whole, Whole]: ...
def counted(
    weights: Whole, outputs: Whole, parameters_per_output: int, resolution: Whole
) -> tuple[Whole, Whole, Whole]:
    """Parameters, multiply-adds and activations of layers whose outputs have `resolution` pixels a side."""
    pixels = resolution**2
    return weights + outputs * parameters_per_output, weights * pixels, outputs * pixels


def of_block(block: Block) -> Cost:
    """The cost of one block."""
    return total(of_layer(layer) for layer in block.layers)


def of_stage(stage: Stage) -> Cost:
    """The cost of one stage."""
    return total(of_block(block) for block in stage.blocks)


def of(network: Network) -> Cost:
    """The cost of the whole network. B0 at 224 px: 5,288,548 / 385,814,752 / 6,748,036."""
    return total(of_stage(stage) for stage in network.stages)


def total(costs: Iterable[Cost]) -> Cost:
    """The sum of costs."""
    return sum(costs, FREE)
