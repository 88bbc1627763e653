"""From a description to an ONNX graph: the network's third reading, beside its cost and its torch module.

Written straight from the stages, without tracing: batch normalisation is folded into the convolutions and the feature
maps are outputs beside the logits. One graph serves every input size and every number of images.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from onnx import ModelProto, TensorProto, ValueInfoProto, helper

from explorer.models.errors import StageError
from explorer.models.onnx_nodes import Nodes, image
from explorer.network.baselines import ENDS, Operator
from explorer.network.description import Block, Network, Stage

INPUT, LOGITS = "image", "logits"
OPSET, IR_VERSION = 18, 10
BRANCH = 3
"""Layers of a bottleneck's main branch; a fourth is its projected shortcut."""

ADDING = frozenset({Operator.MBCONV, Operator.FUSED_MBCONV})
"""Blocks that add their input to their output as it is, where they have a skip."""


def stage_map(network: Network, number: int) -> str:
    """The output that carries the feature map of stage `number`; a stage that only classifies adds none.

    Raises:
        StageError: the network has no such stage.
    """
    if not 1 <= number <= len(network.stages):
        raise StageError(f"{network.baseline.name} has stages 1 to {len(network.stages)}: there is no stage {number}.")
    classifies = network.stages[number - 1].template.operator is Operator.CLASSIFIER
    return f"stage{number - classifies}"


def write(
    network: Network,
    state: Mapping[str, Any],
    padding: str = "",
    norm_epsilon: float = 1e-5,
    stages: tuple[int, ...] = (),
    outside: BinaryIO | None = None,
) -> ModelProto:
    """The graph of `network`, from (n, 3, height, width) normalised float32 values to its outputs.

    Args:
        network: the description.
        state: weights by the names of the timm module; torch tensors or NumPy arrays.
        padding: "" for PyTorch's symmetric padding, "same" for TensorFlow's, as in `explorer.models.build.build`.
        norm_epsilon: epsilon of batch normalisation.
        stages: stages whose feature maps are outputs too, after the logits and the last feature map.
        outside: a file in the graph's folder that takes the weights, so that they are never in memory together.

    Raises:
        KeyError: a weight is missing.
        StageError: the network has no such stage.
    """
    nodes = Nodes(state, padding, norm_epsilon, outside)
    channels = {stage_map(network, stage.number): _map_of(network, stage) for stage in network.stages}
    given, stride = INPUT, 1
    for stage in network.stages:
        given, stride = _stage(nodes, stage, given, stride)
    wanted = (stage_map(network, len(network.stages)), *(stage_map(network, number) for number in stages))
    given_image = image(INPUT, network.baseline.in_channels, 1)
    return _model(nodes, given_image, [_logits(network), *(channels[name] for name in dict.fromkeys(wanted))])


def _map_of(network: Network, stage: Stage) -> ValueInfoProto:
    stride = 1
    for earlier in network.stages[: stage.number]:
        stride *= earlier.template.stride
    return image(stage_map(network, stage.number), stage.channels, stride)


def _logits(network: Network) -> ValueInfoProto:
    """The logits, or of a network without a classifier the pooled features in their place."""
    outputs = network.baseline.logits or network.stages[-1].channels
    return helper.make_tensor_value_info(LOGITS, TensorProto.FLOAT, ["n", outputs])


def _model(nodes: Nodes, given: ValueInfoProto, outputs: list[ValueInfoProto]) -> ModelProto:
    graph = helper.make_graph(
        nodes.nodes,
        "network",
        [given],
        outputs,
        value_info=nodes.shapes,
    )
    opset = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION, producer_name="efficientnet-explorer")
    while nodes.constants:  # one after the other, because each step copies them: together they hold all weights
        model.graph.initializer.append(nodes.constants.pop(next(iter(nodes.constants))))
    return model


def _stage(nodes: Nodes, stage: Stage, given: str, stride: int) -> tuple[str, int]:
    """A stage's blocks; the result's name, and how many times smaller than the input it is."""
    ends = stage.template.operator in ENDS
    for block in stage.blocks:
        stride *= block.shape.stride
        given = _block(nodes, stage.template.operator, block, given, stride)
        if ends:
            given = nodes.call(f"stage{stage.number}") if stage.template.operator is Operator.HEAD else given
            classifiers = [layer for layer in block.layers if layer.role == "linear"]
            nodes.linear(classifiers[0], given, LOGITS) if classifiers else nodes.features(given, LOGITS)
    return (given if ends else nodes.call(f"stage{stage.number}")), stride


def _block(nodes: Nodes, operator: Operator, block: Block, given: str, stride: int) -> str:
    """A block's layers up to its feature map."""
    if operator is Operator.BOTTLENECK:
        return _bottleneck(nodes, block, given, stride)
    result = _chain(nodes, block, given, stride)
    if operator is Operator.CONVOLUTION_POOL:
        return nodes.max_pooled(result)
    return nodes.sum(result, given) if operator in ADDING and block.shape.skip else result


def _chain(nodes: Nodes, block: Block, given: str, stride: int) -> str:
    """One layer after the other; squeeze-and-excitation multiplies what it was computed from."""
    before = stride // block.shape.stride
    gated = given
    for layer in block.layers:
        before *= layer.stride
        match layer.role:
            case "squeeze":
                gated, given = given, nodes.convolution(layer, nodes.pooled(given), 0)
            case "excite":
                given = nodes.product(gated, nodes.convolution(layer, given, 0))
            case "linear":
                continue
            case _:
                given = nodes.convolution(layer, given, before)
    return given


def _bottleneck(nodes: Nodes, block: Block, given: str, stride: int) -> str:
    branch, before = given, stride // block.shape.stride
    for layer in block.layers[:BRANCH]:
        before *= layer.stride
        branch = nodes.convolution(layer, branch, before)
    for layer in block.layers[BRANCH:]:
        given = nodes.convolution(layer, given, stride)
    return nodes.activation(block.shape.activation, nodes.sum(branch, given))
