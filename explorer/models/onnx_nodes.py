"""The nodes that an ONNX graph of convolutions is made of, written one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import ArrayLike, NDArray
from onnx import NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from explorer.network.layers import Layer

Attribute = int | str | list[int]

SMALLEST_OUTSIDE = 4096
"""Bytes of the smallest constant that is worth a place in a file of its own kind."""
RELU6 = (("relu6.least", 0.0), ("relu6.most", 6.0))
RESNET_CLASSIFIER = "fc"
"""What timm calls a ResNet's classifier."""
POOL: dict[str, Attribute] = {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}
"""The max pooling behind a ResNet's stem."""


def classifier_name(layer: Layer, state: Mapping[str, Any]) -> str:
    """What the linear layer `layer` is called in `state`."""
    return layer.name if f"{layer.name}.weight" in state else RESNET_CLASSIFIER


class Nodes:
    """Nodes and constants in the order in which they were asked for; each method gives the name of its result.

    Args:
        state: the weights by the names of the timm module, (name, numbers of any precision).
        padding: "" for PyTorch's symmetric padding, "same" for TensorFlow's, which pads the far side first.
        norm_epsilon: epsilon of batch normalisation.
        outside: a file beside the graph's that the numbers of large constants go to; they stay in the graph where None.
    """

    def __init__(
        self, state: Mapping[str, Any], padding: str, norm_epsilon: float, outside: BinaryIO | None = None
    ) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, TensorProto] = {}
        self.shapes: list[ValueInfoProto] = []
        self._state = state
        self._padding = padding
        self._epsilon = norm_epsilon
        self._outside = outside

    def convolution(self, layer: Layer, given: str, stride: int) -> str:
        """A convolution with its batch normalisation folded in, and its activation.

        Its result is `stride` times smaller than the input; 0 stands for one pixel.
        """
        weight, bias = self._folded(layer)
        names = [given, self._constant(f"{layer.name}.weight", weight), self._constant(f"{layer.name}.bias", bias)]
        self.shapes.append(image(layer.name, layer.out_channels, stride))
        shape: dict[str, Attribute] = {
            "kernel_shape": [layer.kernel] * 2,
            "strides": [layer.stride] * 2,
            "group": layer.groups,
        }
        return self.activation(layer.activation, self._node("Conv", names, layer.name, **shape, **self._pads(layer)))

    def linear(self, layer: Layer, given: str, output: str) -> str:
        """Global average pooling and the linear layer; `output` names its result."""
        name = classifier_name(layer, self._state)
        names = [self._constant(f"{name}.{part}", self._values(f"{name}.{part}")) for part in ("weight", "bias")]
        return self._node("Gemm", [self.features(given, f"{layer.name}.flat"), *names], output, transB=1)

    def features(self, given: str, output: str) -> str:
        """The mean of each channel, (n, channels); `output` names the result."""
        return self._node("Flatten", [self.pooled(given)], output)

    def activation(self, kind: str, given: str) -> str:
        """What follows a layer: "silu", "relu", "relu6", "sigmoid" or "" for nothing."""
        match kind:
            case "":
                return given
            case "silu":
                return self.product(given, self.activation("sigmoid", given))
            case "relu6":
                bounds = [self._constant(name, value) for name, value in RELU6]
                return self._node("Clip", [given, *bounds], f"{given}.relu6")
            case "relu" | "sigmoid":
                return self._node(kind.capitalize(), [given], f"{given}.{kind}")
        raise ValueError(f"There is no activation called {kind!r}.")

    def pooled(self, given: str) -> str:
        """The mean of each channel, (n, channels, 1, 1)."""
        return self._node("GlobalAveragePool", [given], f"{given}.pooled")

    def max_pooled(self, given: str) -> str:
        """The pooling behind a ResNet's stem."""
        return self._node("MaxPool", [given], f"{given}.max", **POOL)

    def product(self, one: str, other: str) -> str:
        """Element by element; a value per channel meets all pixels."""
        return self._node("Mul", [one, other], f"{other}.product")

    def sum(self, one: str, other: str) -> str:
        """Element by element."""
        return self._node("Add", [one, other], f"{one}.sum")

    def call(self, name: str) -> str:
        """Give the result of the last node another name."""
        self.nodes[-1].output[0] = name
        return name

    def _node(self, kind: str, inputs: Sequence[str], output: str, **attributes: Attribute) -> str:
        node = helper.make_node(kind, inputs, [output], output)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in attributes.items())
        self.nodes.append(node)
        return output

    def _constant(self, name: str, values: ArrayLike) -> str:
        if name not in self.constants:
            tensor = numpy_helper.from_array(np.asarray(values, np.float32, order="C"), name)
            if self._outside is not None and len(tensor.raw_data) >= SMALLEST_OUTSIDE:
                _move(tensor, self._outside)
            self.constants[name] = tensor
        return name

    def _pads(self, layer: Layer) -> dict[str, Attribute]:
        """With a stride TensorFlow's padding depends on the size that comes, so the runtime finds it."""
        if self._padding == "same" and layer.stride > 1:
            return {"auto_pad": "SAME_UPPER"}
        return {"pads": [(layer.kernel - 1) // 2] * 4}

    def _values(self, name: str) -> NDArray[np.float64]:
        given = self._state[name]
        return np.asarray(given.detach() if hasattr(given, "detach") else given, np.float64)

    def _folded(self, layer: Layer) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Weight and bias with γ and β, mean μ and variance σ²: w·γ/√(σ² + ε) and (b − μ)·γ/√(σ² + ε) + β."""
        weight = self._values(f"{layer.name}.weight")
        bias = self._values(f"{layer.name}.bias") if layer.bias else np.zeros(layer.out_channels)
        if not layer.norm:
            return weight, bias
        parts = ("weight", "bias", "running_mean", "running_var")
        gamma, beta, mean, variance = (self._values(f"{layer.norm}.{part}") for part in parts)
        factor = gamma / np.sqrt(variance + self._epsilon)
        return weight * factor[:, None, None, None], (bias - mean) * factor + beta


def _move(tensor: TensorProto, outside: BinaryIO) -> None:
    """Move the numbers of `tensor` to the end of a file, as ONNX's external data."""
    place = {"location": Path(outside.name).name, "offset": outside.tell(), "length": len(tensor.raw_data)}
    outside.write(tensor.raw_data)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in place.items():
        tensor.external_data.add(key=key, value=str(value))


def image(name: str, channels: int, stride: int) -> ValueInfoProto:
    """(n, channels, height, width) of an image `stride` times smaller than the input; 0 for one pixel.

    Equal strides have dimensions of equal names: so the runtime knows that a skip's two maps have one size.
    """
    sides = [f"{side}/{stride}" for side in ("height", "width")] if stride else [1, 1]
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", channels, *sides])
