"""An operator is one function from a block's shape to its layers: it is counted without anything else."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from explorer.cost import counting, design_space
from explorer.network.baselines import BASELINES, EFFICIENTNET, RESNET_50, Baseline, Operator
from explorer.network.description import scale, stage_shapes
from explorer.network.elementwise import N
from explorer.network.layers import LAYERS, BlockShape, Layer, layers_of
from explorer.network.scaling import REFERENCE

DEPTHS, WIDTHS, PIXELS = (0.3, 1.0, 1.2, 3.1), (0.4, 1.0, 1.1, 2.9), (33, 224, 257, 600)


def fused(shape: BlockShape[N]) -> tuple[Layer[N], ...]:
    """EfficientNetV2's fused block, as a newcomer would write it: one convolution expands, a second projects."""
    hidden, left, path = shape.in_channels * shape.expansion, shape.output_resolution, shape.path
    return (
        Layer(
            f"{path}.conv_exp",
            "expand",
            shape.in_channels,
            hidden,
            shape.input_resolution,
            left,
            kernel=shape.kernel,
            stride=shape.stride,
            norm=f"{path}.bn1",
        ),
        Layer(f"{path}.conv_pwl", "project", hidden, shape.out_channels, left, left, norm=f"{path}.bn2"),
    )


def test_every_operator_has_its_layers() -> None:
    assert set(LAYERS) == set(Operator)


def test_a_new_operator_is_counted_both_ways_from_its_one_function(monkeypatch: pytest.MonkeyPatch) -> None:
    before = design_space.costs(EFFICIENTNET, DEPTHS, WIDTHS, PIXELS).macs.tolist()
    monkeypatch.setitem(LAYERS, Operator.MBCONV, fused)
    found = design_space.costs(EFFICIENTNET, DEPTHS, WIDTHS, PIXELS)
    expected = [counting.of(scale(EFFICIENTNET, *each)) for each in zip(DEPTHS, WIDTHS, PIXELS, strict=True)]
    assert found.params.tolist() == [each.params for each in expected]
    assert found.macs.tolist() == [each.macs for each in expected]
    assert found.activations.tolist() == [each.activations for each in expected]
    assert found.macs.tolist() != before


@pytest.mark.parametrize("baseline", BASELINES.values(), ids=str)
def test_the_layers_of_arrays_are_those_of_each_network(baseline: Baseline) -> None:
    arrays = list(stage_shapes(baseline, np.array(DEPTHS), np.array(WIDTHS), np.array(PIXELS), REFERENCE))
    for place, setting in enumerate(zip(DEPTHS, WIDTHS, PIXELS, strict=True)):
        for together, alone in zip(arrays, scale(baseline, *setting).stages, strict=True):
            assert _at(together.layers, place) == alone.depth
            described = layers_of(alone.template.operator, together.first)
            assert [_values(layer, place) for layer in described] == [
                _values(layer, place) for layer in alone.blocks[0].layers
            ]


def test_a_shortcut_that_only_some_networks_need_has_no_outputs_in_the_others() -> None:
    shape = BlockShape("layer1.0", np.array([256, 64]), np.array([256, 256]), 56, 3, 1, 4, 0.0, "relu")
    shortcut = layers_of(Operator.BOTTLENECK, shape)[-1]
    assert (shortcut.role, np.asarray(shortcut.out_channels).tolist()) == ("shortcut", [0, 256])
    assert np.asarray(shortcut.weights).tolist() == [0, 64 * 256]
    same = BlockShape("layer1.1", 256, 256, 56, 3, 1, 4, 0.0, RESNET_50.activation)
    assert [layer.role for layer in layers_of(Operator.BOTTLENECK, same)] == ["reduce", "convolution", "expand"]


def test_grouped_convolutions_have_as_many_weights_as_torchs() -> None:
    assert Layer("grouped", "convolution", 32, 64, 8, 8, kernel=3, groups=4).weights == 3 * 3 * 8 * 64
    assert Layer("depthwise", "depthwise", 32, 32, 8, 8, kernel=3, groups=32).weights == 3 * 3 * 32


def _values(layer: Layer[Any], place: int) -> list[object]:
    return [_at(getattr(layer, field.name), place) for field in fields(layer)]


def _at(value: object, place: int) -> object:
    return value[place].item() if isinstance(value, np.ndarray) else value
