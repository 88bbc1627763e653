"""What a network needs in memory, in bytes, from its description: no forward pass.

Inference counts the parameters and buffers, and the fullest moment of a pass (`explorer.cost.inference_memory`).

Training counts the float32 parameters and buffers, a gradient for each parameter, the optimiser's state, and all that
autograd keeps for the backward pass, the parameters themselves excepted. For one image:

* the input of each convolution and of the classifier, the photograph among them, each once however many read it;
* the input of each batch normalisation (the convolution's output), and the mean and the inverse deviation of each of
  its channels, which are float32 and the same for a batch of any size;
* of SiLU and ReLU6, which work in place, a copy of their input; of ReLU its output, which mostly is the next input;
* of squeeze-and-excitation the gate and the map that it scales; of max pooling its input and its 8-byte indices.

Global pooling, sums and the logits keep nothing. Precision: inference in 16 bits casts the whole module and the image
(`module.to(dtype)`). Training in 16 bits is `torch.autocast`: parameters, gradients and optimiser stay float32, all
maps and vectors above have 2 bytes an element, and a 16-bit copy of each weight is kept as well.

`explorer.models.measure` measures the same on the module; both are equal to the byte. Neither has what depends on the
machine: workspaces of convolutions, the rounding of allocators, the context of CUDA (about 0.5 GB), and, in training,
the gradients of activations, of which few live at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from explorer.cost import counting
from explorer.cost.conventions import layers
from explorer.cost.inference_memory import fullest_moment
from explorer.formats.quantities import engineering
from explorer.network.baselines import Operator
from explorer.network.description import Network, Stage
from explorer.network.layers import BlockShape, Layer

SINGLE = 4
"""Bytes of a float32."""

WHOLE = 8
"""Bytes of an int64: an index of max pooling, a counter of batch normalisation."""

STATISTICS = 2
"""Numbers per channel of batch normalisation: running mean and variance; saved mean and inverse deviation."""

COPIED = frozenset({"silu", "relu6"})
"""Activations whose backward pass reads their input, which has to be copied where they work in place."""

ACTIVATED = frozenset({Operator.SEPARABLE, Operator.BOTTLENECK})
"""Blocks that end with an activation."""


@dataclass(frozen=True)
class Precision:
    """How numbers are held: `key` is torch's name of the type, `size` the bytes of one."""

    key: str
    words: str
    size: int


FLOAT32 = Precision("float32", "32 bits", SINGLE)
FLOAT16 = Precision("float16", "16 bits (float16), parameters in training 32", 2)
BFLOAT16 = Precision("bfloat16", "16 bits (bfloat16), parameters in training 32", 2)
PRECISIONS: Mapping[str, Precision] = {precision.key: precision for precision in (FLOAT32, FLOAT16, BFLOAT16)}


@dataclass(frozen=True)
class Optimiser:
    """What trains a network: it holds `states` float32 numbers for each parameter."""

    key: str
    words: str
    states: int


SGD = Optimiser("sgd", "SGD with momentum", 1)
RMSPROP = Optimiser("rmsprop", "RMSProp with momentum, as the paper", 2)
ADAMW = Optimiser("adamw", "AdamW", 2)
OPTIMISERS: Mapping[str, Optimiser] = {optimiser.key: optimiser for optimiser in (SGD, RMSPROP, ADAMW)}


@dataclass(frozen=True)
class InferenceMemory:
    """Bytes at the fullest moment of a pass without gradients; `weights` are parameters and buffers."""

    weights: int
    activations: int

    @property
    def total(self) -> int:
        """Bytes in all."""
        return self.weights + self.activations


@dataclass(frozen=True)
class TrainingMemory:
    """Bytes at the end of a forward pass; `activations` are all that autograd keeps but the parameters themselves."""

    weights: int
    gradients: int
    optimiser: int
    activations: int

    @property
    def total(self) -> int:
        """Bytes in all."""
        return self.weights + self.gradients + self.optimiser + self.activations


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that autograd keeps: those that each image adds and those that a batch of any size has."""

    per_image: int
    fixed: int

    def of(self, batch: int) -> int:
        """Bytes for `batch` images."""
        return batch * self.per_image + self.fixed

    def __add__(self, other: Kept) -> Kept:
        return Kept(self.per_image + other.per_image, self.fixed + other.fixed)


NOTHING = Kept(0, 0)


def inference(network: Network, batch: int = 1, precision: Precision = FLOAT32) -> InferenceMemory:
    """Bytes that a pass of `batch` images without gradients needs."""
    return InferenceMemory(_weights(network, precision), batch * fullest_moment(network).elements * precision.size)


def training(
    network: Network, batch: int, optimiser: Optimiser = SGD, precision: Precision = FLOAT32
) -> TrainingMemory:
    """Bytes that a step of training on `batch` images needs."""
    gradients = SINGLE * counting.of(network).params
    activations = kept(network, precision).of(batch)
    return TrainingMemory(_weights(network, FLOAT32), gradients, optimiser.states * gradients, activations)


def fewest_images(network: Network) -> int:
    """The smallest batch that torch trains on: 2 where batch normalisation sees maps of one pixel, as at 32 px."""
    return 2 if any(layer.output_resolution == 1 for layer in layers(network) if layer.norm) else 1


def largest_batch(network: Network, gpu_bytes: int, optimiser: Optimiser = SGD, precision: Precision = FLOAT32) -> int:
    """The most images that a step of training fits into `gpu_bytes`; 0 where not even one does (see `shortage`)."""
    free = gpu_bytes - training(network, 0, optimiser, precision).total
    return max(0, free // kept(network, precision).per_image)


def shortage(network: Network, gpu_bytes: int, optimiser: Optimiser = SGD, precision: Precision = FLOAT32) -> str:
    """Why not even one image fits into `gpu_bytes`, as a sentence; "" where one does."""
    one = training(network, 1, optimiser, precision)
    if one.total <= gpu_bytes:
        return ""
    there = f"there are {engineering(gpu_bytes)}B"
    alone = one.total - one.activations
    if alone > gpu_bytes:
        return f"Weights, gradients and the optimiser alone need {engineering(alone)}B; {there}."
    return f"Training with a single image needs {engineering(one.total)}B; {there}."


def kept(network: Network, precision: Precision = FLOAT32) -> Kept:
    """What autograd keeps of the whole network, but the parameters themselves."""
    return sum(kept_by_stage(network, precision), NOTHING)


def kept_by_stage(network: Network, precision: Precision = FLOAT32) -> tuple[Kept, ...]:
    """What autograd keeps of each stage; a map between two stages belongs to the one that reads it."""
    *others, last = (_of_stage(stage, precision) for stage in network.stages)
    return (*others, last + Kept(_last_relu(network) * precision.size, 0))


def _weights(network: Network, precision: Precision) -> int:
    """Bytes of parameters and buffers."""
    norms = [layer for layer in layers(network) if layer.norm]
    running = STATISTICS * sum(layer.out_channels for layer in norms)
    return (counting.of(network).params + running) * precision.size + WHOLE * len(norms)


def _of_stage(stage: Stage, precision: Precision) -> Kept:
    parts = (_of_layer(layer, block.shape, precision) for block in stage.blocks for layer in block.layers)
    return sum(parts, _beside_layers(stage, precision))


def _beside_layers(stage: Stage, precision: Precision) -> Kept:
    """What belongs to no layer: input and indices of max pooling, copies for the activations of bottlenecks' sums."""
    out = stage.channels * stage.output_resolution**2
    match stage.template.operator:
        case Operator.CONVOLUTION_POOL:
            return Kept(counting.of_stage(stage).activations * precision.size + out * WHOLE, 0)
        case Operator.BOTTLENECK if stage.blocks[0].shape.activation in COPIED:
            return Kept(stage.depth * out * precision.size, 0)
        case _:
            return NOTHING


def _of_layer(layer: Layer, shape: BlockShape, precision: Precision) -> Kept:
    """What autograd keeps of a layer with its normalisation and activation."""
    statistics = STATISTICS * SINGLE * layer.out_channels if layer.norm else 0
    weights = layer.kernel**2 * layer.in_channels // layer.groups * layer.out_channels
    casts = weights * precision.size if precision.size < SINGLE else 0
    return Kept((_read(layer, shape) + _put_out(layer)) * precision.size, statistics + casts)


def _read(layer: Layer, shape: BlockShape) -> int:
    """Elements that are kept because a layer reads them: its input, and before squeezing the map to be scaled."""
    if layer.role == "shortcut":
        return 0  # it shares its input with the block's first layer
    given = layer.in_channels * layer.input_resolution**2
    return given + (layer.in_channels * shape.output_resolution**2 if layer.role == "squeeze" else 0)


def _put_out(layer: Layer) -> int:
    """Elements that are kept because normalisation, activation or the product with the gate read them."""
    copies = bool(layer.norm) + (layer.activation in COPIED) + (layer.role == "excite")
    return copies * counting.of_layer(layer).activations


def _last_relu(network: Network) -> int:
    """Elements of the map that is pooled last, where ReLU put it out and keeps it; no convolution reads that one."""
    *_, last_block, end = (stage.blocks[-1].shape for stage in network.stages)
    operators = [stage.template.operator for stage in network.stages]
    activated = operators[-1] is Operator.HEAD or operators[-2] in ACTIVATED
    if network.baseline.activation != "relu" or not activated:
        return 0
    return end.out_channels * last_block.output_resolution**2
