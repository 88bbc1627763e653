"""What is alive at each moment of a pass without gradients, from a network's description, in elements for one image.

It is a pass as PyTorch runs the timm module: layer by layer, activations in place, normalisation out of place. What the
functions that call a layer still hold counts with it: the image, the stem's output (timm hands it to all the blocks in
one call), the input of the stage and that of the block, whether or not there is a skip.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from explorer.cost import counting
from explorer.network.baselines import ENDS, STEMS, Operator
from explorer.network.description import Block, Network, Stage


@dataclass(frozen=True)
class Moment:
    """What is alive, in elements for one image, while `layer` and its normalisation run."""

    layer: str
    elements: int


def fullest_moment(network: Network) -> Moment:
    """The layer at which most is alive in a pass without gradients."""
    return max(_moments(network), key=lambda moment: moment.elements)


def _moments(network: Network) -> Iterator[Moment]:
    for stage in network.stages:
        for index, block in enumerate(stage.blocks):
            given = _given(block) if stage.template.operator in ENDS else 0
            yield from _moments_of_block(block, _held(network, stage, index), given)


def _given(block: Block) -> int:
    """Elements of a block's input."""
    return block.shape.in_channels * block.shape.input_resolution**2


def _held(network: Network, stage: Stage, index: int) -> int:
    """Elements that the functions around a block hold until it is done: see the head of this file."""
    image = network.baseline.in_channels * network.input_resolution**2
    operator, first = stage.template.operator, network.stages[1]
    if operator in STEMS | ENDS:
        return image
    stem = _given(first.blocks[0]) if operator is not Operator.BOTTLENECK and stage is not first else 0
    before = _given(stage.blocks[0]) if index else 0
    return image + stem + before + _given(stage.blocks[index])


def _moments_of_block(block: Block, held: int, given: int) -> Iterator[Moment]:
    """The fullest moment of each layer: `given` are the elements of its input that are not in `held`.

    A convolution has input and output alive, its normalisation two maps of the output's size, the product of
    squeeze-and-excitation both maps, the gate and what the gate was computed from.
    """
    for layer in block.layers:
        out = counting.of_layer(layer).activations
        match layer.role:
            case "squeeze":
                continue
            case "excite":
                yield Moment(layer.name, held + 2 * given + 2 * out)
            case "linear":
                yield Moment(layer.name, held + given + layer.in_channels + out)
            case "shortcut":
                yield Moment(layer.name, held + given + 2 * out)
            case _:
                yield Moment(layer.name, held + max(given + out, 2 * out))
                given = out
