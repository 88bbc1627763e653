"""Our counts against independent counters on real modules, as integers, for every family and hundreds of settings."""

from __future__ import annotations

import random

import pytest
import timm
import torch
from fvcore.nn import FlopCountAnalysis
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from explorer.cost import conventions, counting
from explorer.models.build import build
from explorer.network.baselines import BASELINES, Baseline
from explorer.network.description import Network, of_baseline, scale
from explorer.network.scaling import Compound, ScalingError, multipliers
from explorer.published import presets

PARAMETER_SETTINGS = 100
TRACED_SETTINGS = 24
LARGEST_TRACED_MACS = 0.6e9
SEED = 190511946

# A baseline, and timm's own name for it.
TIMM_NAMES = (
    ("efficientnet", "efficientnet_b0"),
    ("lite", "tf_efficientnet_lite0"),
    ("v2", "tf_efficientnetv2_b0"),
    ("edgetpu", "efficientnet_es"),
    ("mnasnet", "mnasnet_100"),
    ("mnasnet-a1", "semnasnet_100"),
    ("mobilenetv1", "mobilenetv1_100"),
    ("mobilenetv2", "mobilenetv2_100"),
    ("resnet50", "resnet50"),
)


def random_networks(baseline: Baseline, count: int, largest_macs: float, pixels: range) -> list[Network]:
    """Seeded networks of `baseline`: φ from −3 to 8, α, β, γ around the paper's, as far as the limits allow."""
    generator = random.Random(f"{SEED} {baseline.key} {count}")
    found: list[Network] = []
    while len(found) < count:
        phi = generator.uniform(-3, 8)
        coefficients = (generator.uniform(0.9, 1.3) for _ in range(3))
        try:
            scaled = multipliers(Compound(phi, *coefficients))
            network = scale(baseline, scaled.depth, scaled.width, generator.choice(pixels))
        except ScalingError:
            continue
        if counting.of(network).macs <= largest_macs:
            found.append(network)
    return found


def where_they_part(network: Network, counted: dict[str, int]) -> str:
    """The first layer whose multiply-adds differ from what a counter says of the module of that name."""
    for layer in conventions.layers(network):
        ours, theirs = counting.of_layer(layer).macs, counted.get(layer.name)
        if ours != theirs:
            return f"{layer.name} ({layer.role}): described {ours:,}, counted {theirs}"
    return "no layer: the rest of the module"


@pytest.mark.parametrize(("key", "name"), TIMM_NAMES)
def test_the_baseline_is_timms(key: str, name: str) -> None:
    with torch.device("meta"):
        module = timm.create_model(name)
    assert counting.of(of_baseline(BASELINES[key])).params == sum(value.numel() for value in module.parameters())


@pytest.mark.parametrize("key", BASELINES)
def test_parameters_of_random_networks(key: str) -> None:
    for network in random_networks(BASELINES[key], PARAMETER_SETTINGS, float("inf"), range(32, 1025)):
        counted = sum(value.numel() for value in on_meta(network).parameters())
        assert counting.of(network).params == counted, network.shape


@pytest.mark.parametrize("key", BASELINES)
def test_operations_of_random_networks(key: str) -> None:
    for network in random_networks(BASELINES[key], TRACED_SETTINGS, LARGEST_TRACED_MACS, range(32, 80)):
        check_operations(network)


@pytest.mark.parametrize("preset", presets().values(), ids=lambda preset: preset.key)
def test_operations_of_published_networks_by_torch(preset: object) -> None:
    network = presets()[preset.key].network()  # type: ignore[attr-defined]
    image = torch.zeros(1, 3, network.input_resolution, network.input_resolution, device="meta")
    assert flops_by_torch(on_meta(network), image) == conventions.flops(network)["torch"]


@pytest.mark.parametrize(
    "key",
    ["b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "lite0", "lite1", "lite2", "lite3", "lite4", "v2-b3", "edgetpu-l"],
)
def test_operations_of_published_networks_by_fvcore(key: str) -> None:
    check_operations(presets()[key].network())


@pytest.mark.parametrize("key", ["v2", "edgetpu", "mnasnet", "mnasnet-a1", "mobilenetv1", "mobilenetv2", "resnet50"])
def test_operations_of_the_other_baselines(key: str) -> None:
    check_operations(of_baseline(BASELINES[key]))


def test_a_wrong_layer_is_named() -> None:
    network = of_baseline(BASELINES["efficientnet"])
    counted = {layer.name: counting.of_layer(layer).macs for layer in conventions.layers(network)}
    counted["blocks.2.1.conv_dw"] += 1
    assert where_they_part(network, counted).startswith("blocks.2.1.conv_dw (depthwise)")


def check_operations(network: Network) -> None:
    module, side = on_meta(network).to_empty(device="cpu"), network.input_resolution  # what counts is no number in it
    image = torch.zeros(1, 3, side, side)
    analysis = FlopCountAnalysis(module, image)
    analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    expected = conventions.flops(network)
    by_module = {name: int(count) for name, count in analysis.by_module().items()}
    assert expected["fvcore"] == analysis.total(), where_they_part(network, by_module)
    assert expected["torch"] == flops_by_torch(module, image), where_they_part(network, by_module)


def on_meta(network: Network) -> nn.Module:
    """The module without memory for its weights."""
    with torch.device("meta"):
        return build(network)


@torch.inference_mode()
def flops_by_torch(module: nn.Module, image: Tensor) -> int:
    with FlopCounterMode(display=False) as counter:
        module(image)
    return int(counter.get_total_flops())
