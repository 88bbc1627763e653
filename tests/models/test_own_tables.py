"""Stage tables of one's own against the module: what is accepted is built as described, layer by layer."""

from __future__ import annotations

import json
import random
import runpy
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch

from explorer.cost import counting
from explorer.models import onnx_graph, snippet
from explorer.models.build import build
from explorer.network.baselines import BASELINES
from explorer.network.description import Network, scale
from explorer.network.scaling import NEAREST, NONE, REFERENCE, ScalingError
from explorer.settings import stage_table
from tests.models.test_build import assert_same, described_passes, described_shapes, randomise
from tests.support import oracles

RANDOM_TABLES = 40
ROUNDINGS = (REFERENCE, NEAREST, NONE)

STEM = {"operator": "conv", "channels": 16, "stride": 2}
HALVING = {"operator": "mbconv", "channels": 24, "stride": 2, "expansion": 3, "kernel": 5}
END = {"operator": "head", "channels": 64}


def resnet(stem: int = 64, stem_kernel: int = 7, channels: int = 256, kernel: int = 3) -> list[dict[str, Any]]:
    """A small ResNet: one bottleneck a stage."""
    rows = [
        {"operator": "bottleneck", "channels": channels, "kernel": kernel, "stride": stride, "expansion": 4}
        for stride in (1, 2, 2, 2)
    ]
    return [
        {"operator": "conv+pool", "channels": stem, "kernel": stem_kernel, "stride": 4},
        *rows,
        {"operator": "classifier", "channels": channels},
    ]


# What timm by itself builds otherwise: its ResNet's stem and kernels are fixed, its strides end at 32.
UNUSUAL: Mapping[str, list[dict[str, Any]]] = {
    "stem of 16 channels": resnet(stem=16),
    "stem of 100 channels": resnet(stem=100),
    "stem of 3 x 3": resnet(stem_kernel=3),
    "kernels of 5 x 5": resnet(kernel=5),
    "kernels of 1 x 1": resnet(kernel=1),
    "stem as wide as its stage": resnet(channels=64),
    "wide stem as wide as its stage": resnet(stem=256),
    "narrow stem, stage of timm's stem": resnet(stem=16, channels=64),
    "strides of 64": [STEM, *[HALVING] * 5, END],
    "strides of 1024": [STEM, *[HALVING] * 9, END],
}


def network_of(stages: list[dict[str, Any]]) -> Network:
    baseline = stage_table.from_json(json.dumps({"stages": stages, "classes": 10, "input_resolution": 75}))
    return scale(baseline, 1.0, 1.0, 75, NONE)


def assert_built_as_described(network: Network) -> None:
    """The module has the described layers, in which an image does what is described, and costs what is counted."""
    with torch.device("meta"):
        module = build(network)
    counted = counting.of(network)
    assert sum(value.numel() for value in module.parameters()) == counted.params
    assert_same(_by_name(described_shapes(network)), _by_name(oracles.layer_shapes(module)))
    assert_same(_by_name(described_passes(network)), _by_name(oracles.passes(module, network.input_resolution)))
    assert oracles.flops(module, network.input_resolution) == oracles.FLOPS_PER_MAC * counted.macs


def _by_name(layers: list[Any]) -> list[Any]:
    """In one order, and one name for the classifier: a ResNet's has its own, and its shortcuts run last."""
    renamed = [replace(layer, name="classifier") if layer.name == "fc" else layer for layer in layers]
    return sorted(renamed, key=lambda layer: layer.name)


@pytest.mark.parametrize("stages", UNUSUAL.values(), ids=UNUSUAL)
def test_what_timm_builds_otherwise_is_built_as_described(stages: list[dict[str, Any]]) -> None:
    assert_built_as_described(network_of(stages))


@pytest.mark.parametrize("width", [0.25, 1.37])
@pytest.mark.parametrize("key", BASELINES)
def test_every_family_is_built_as_described_at_any_width(key: str, width: float) -> None:
    for rounding in ROUNDINGS:
        assert_built_as_described(scale(BASELINES[key], 0.3, width, 97, rounding))


@pytest.mark.parametrize("halvings", [5, 9])
def test_the_program_strides_as_described(halvings: int, tmp_path: Path) -> None:
    network = network_of([STEM, *[HALVING] * halvings, END])
    program = tmp_path / "rebuild.py"
    program.write_text(snippet.rebuild(network, "Own network", "", 1e-5), encoding="utf-8")
    assert_same(described_passes(network), oracles.passes(runpy.run_path(str(program))["model"].eval(), 75))


@pytest.mark.parametrize("stages", UNUSUAL.values(), ids=UNUSUAL)
def test_the_graph_answers_as_the_module_that_timm_builds_otherwise(stages: list[dict[str, Any]]) -> None:
    network = network_of(stages)
    torch.manual_seed(0)
    module = build(network)
    randomise(module)
    graph = onnx_graph.write(network, module.state_dict()).SerializeToString()
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    image = np.random.default_rng(0).standard_normal((1, 3, 75, 75), np.float32)
    with torch.inference_mode():
        expected = module(torch.from_numpy(image)).numpy()
    found = np.asarray(session.run(["logits"], {"image": image})[0])
    assert np.abs(found - expected).max() <= 1e-4 * np.abs(expected).max()


@pytest.mark.parametrize("seed", range(RANDOM_TABLES))
def test_a_random_table_is_refused_or_built_as_described(seed: int) -> None:
    values = random.Random(seed)
    document = random_table(values)
    depth, width, pixels = (
        values.uniform(0.1, 2),
        values.choice((0.25, values.uniform(0.1, 2))),
        values.randint(32, 300),
    )
    try:
        network = scale(stage_table.from_json(json.dumps(document)), depth, width, pixels, values.choice(ROUNDINGS))
    except ScalingError:
        return
    assert_built_as_described(network)


def test_random_tables_are_mostly_accepted_and_of_every_kind() -> None:
    kinds = set()
    for seed in range(RANDOM_TABLES):
        try:
            baseline = stage_table.from_json(json.dumps(random_table(random.Random(seed))))
        except ScalingError:
            continue
        kinds |= {(seed, stage.operator) for stage in baseline.stages}
    assert len({operator for _, operator in kinds}) == 7
    assert len({seed for seed, _ in kinds}) > RANDOM_TABLES / 2


def random_table(values: random.Random) -> dict[str, Any]:
    """A table of any operators, now and then with one where it cannot stand."""
    stages = _random_resnet(values) if values.random() < 0.3 else _random_mbconvs(values)
    if values.random() < 0.15:
        values.choice(stages)["operator"] = values.choice(["conv", "mbconv", "separable", "bottleneck", "head"])
    activation = values.choice(stage_table.ACTIVATIONS)
    return {"stages": stages, "classes": values.choice((1, 10, 1000)), "activation": activation}


def _random_resnet(values: random.Random) -> list[dict[str, Any]]:
    stages = resnet(values.choice((64, 16, 99)), values.choice((7, 3, 1)))
    for stage in stages[1:-1]:
        stage |= {
            "channels": 4 * values.randint(1, 80),
            "layers": values.randint(1, 3),
            "kernel": values.choice((1, 3, 5)),
        }
    stages[-1]["channels"] = stages[-2]["channels"]
    return stages


def _random_mbconvs(values: random.Random) -> list[dict[str, Any]]:
    stages: list[dict[str, Any]] = [{**STEM, "channels": values.randint(1, 64), "kernel": values.choice((1, 3, 7))}]
    for _ in range(values.randint(1, 9)):
        stage = {"operator": "separable", "channels": values.randint(1, 160), "layers": values.randint(1, 3)}
        stage |= {"kernel": values.choice((1, 3, 5, 9, 11)), "stride": values.choice((1, 2))}
        stage |= {flag: values.random() < 0.8 for flag in ("scales_width", "scales_depth", "shrinks")}
        if values.random() < 0.7:
            ratio = values.choice((0, 0.25, 1, values.random(), 1e-5))
            stage |= {"operator": "mbconv", "expansion": values.randint(1, 12), "squeeze_ratio": ratio}
        stages.append(stage)
    end = {"operator": "classifier", "channels": stages[-1]["channels"]}
    return [*stages, values.choice(({**END}, end))]
