"""The real module, against its description and against timm's own models, layer by layer and number by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

import numpy as np
import pytest
import timm
import torch
from torch import nn

from explorer.cost import counting
from explorer.models.build import build
from explorer.network.baselines import BASELINES, EFFICIENTNET, LITE, Operator
from explorer.network.description import Network, of_baseline, scale
from explorer.network.layers import Layer
from explorer.published import presets
from tests.support import oracles
from tests.support.oracles import LayerShape, Pass

# Preset and the model that timm builds from the same coefficients.
TIMM_MODELS = tuple((f"b{size}", f"efficientnet_b{size}") for size in range(8)) + tuple(
    (f"lite{size}", f"tf_efficientnet_lite{size}") for size in range(5)
)
TIMM_MODELS += tuple((f"v2-b{size}", f"tf_efficientnetv2_b{size}") for size in range(4))
TIMM_MODELS += (
    ("edgetpu-s", "efficientnet_es"),
    ("edgetpu-m", "efficientnet_em"),
    ("edgetpu-l", "efficientnet_el"),
    ("mnasnet", "mnasnet_100"),
    ("mnasnet-a1", "semnasnet_100"),
)

# Preset, timm's model, padding and epsilon of its normalisation, pixels: the outputs must be the same.
TIMM_OUTPUTS = (
    ("b0", "efficientnet_b0", "", 1e-5, 64),
    ("b1", "efficientnet_b1", "", 1e-5, 71),
    ("b3", "efficientnet_b3", "", 1e-5, 40),
    ("b0", "tf_efficientnet_b0", "same", 1e-3, 64),
    ("b0", "tf_efficientnet_b0", "same", 1e-3, 75),
    ("lite0", "tf_efficientnet_lite0", "same", 1e-3, 96),
    ("lite4", "tf_efficientnet_lite4", "same", 1e-3, 49),
    ("v2-b1", "tf_efficientnetv2_b1", "same", 1e-3, 65),
    ("edgetpu-m", "efficientnet_em", "", 1e-5, 71),
    ("edgetpu-s", "tf_efficientnet_es", "same", 1e-3, 64),
    ("mnasnet", "mnasnet_100", "", 1e-5, 64),
    ("mnasnet-a1", "semnasnet_100", "", 1e-5, 49),
)

FAMILIES = ("efficientnet", "lite", "v2", "edgetpu", "mnasnet", "mnasnet-a1")

# How many random settings are built for each family, and through how many of them an image goes.
RANDOM_SETTINGS, RANDOM_PASSES = 50, 7
SEEDS = tuple((family, seed) for family in FAMILIES for seed in range(RANDOM_SETTINGS))
PASS_SEEDS = tuple((family, seed) for family in FAMILIES for seed in range(RANDOM_PASSES))

# Depth, width, pixels of modules that really compute: odd sizes are where paddings differ.
COMPUTED = ((1.0, 1.0, 33), (1.0, 1.0, 64), (1.2, 0.5, 47), (0.5, 1.3, 97), (1.1, 0.35, 90))

# What the description calls an activation, and the class that computes it.
ACTIVATIONS = {"silu": nn.SiLU, "relu6": nn.ReLU6, "relu": nn.ReLU, "sigmoid": nn.Sigmoid, "": nn.Identity}


def on_meta(network: Network) -> nn.Module:
    """The module without memory for its weights."""
    with torch.device("meta"):
        return build(network)


def random_network(family: str, seed: int) -> Network:
    """A network from random φ, α, β, γ, all inside their ranges."""
    random = np.random.default_rng((FAMILIES.index(family), seed))
    while True:
        phi = random.uniform(-3, 8)
        depth, width, resolution = (random.uniform(0.5, 2.5) ** phi for _ in range(3))
        pixels = round(224 * resolution)
        if 0.1 <= depth <= 8 and 0.1 <= width <= 8 and 32 <= pixels <= 1024:
            return scale(BASELINES[family], depth, width, pixels)


def described(network: Network) -> list[Layer]:
    return [layer for stage in network.stages for block in stage.blocks for layer in block.layers]


def described_shapes(network: Network) -> list[LayerShape]:
    return [
        LayerShape(
            layer.name, layer.in_channels, layer.out_channels, layer.kernel, layer.stride, layer.groups, layer.bias
        )
        for layer in described(network)
    ]


def described_passes(network: Network) -> list[Pass]:
    passes = []
    for layer in described(network):
        spent = counting.of_layer(layer)
        passes.append(Pass(layer.name, layer.input_resolution, layer.output_resolution, spent.macs, spent.activations))
    return passes


def assert_same(expected: Sequence[object], found: Sequence[object]) -> None:
    """Equal, or a failure that shows the first place where they part."""
    for wanted, got in zip_longest(expected, found):
        assert wanted == got


@pytest.mark.parametrize(("preset", "model"), TIMM_MODELS)
def test_published_networks_have_timms_tensors(preset: str, model: str) -> None:
    ours = on_meta(presets()[preset].network())
    with torch.device("meta"):
        theirs: nn.Module = timm.create_model(model)
    assert sum(value.numel() for value in ours.parameters()) == sum(value.numel() for value in theirs.parameters())
    assert_same(
        [(name, value.shape) for name, value in theirs.state_dict().items()],
        [(name, value.shape) for name, value in ours.state_dict().items()],
    )


@pytest.mark.parametrize(("family", "seed"), SEEDS)
def test_random_settings_build_what_is_described(family: str, seed: int) -> None:
    network = random_network(family, seed)
    module = on_meta(network)
    assert_same(described_shapes(network), oracles.layer_shapes(module))
    assert sum(value.numel() for value in module.parameters()) == counting.of(network).params


@pytest.mark.parametrize(("family", "seed"), PASS_SEEDS)
def test_random_settings_cost_what_is_counted(family: str, seed: int) -> None:
    network = random_network(family, seed)
    module = on_meta(network)
    found = oracles.passes(module, network.input_resolution)
    assert_same(described_passes(network), found)
    assert sum(layer.macs for layer in found) == counting.of(network).macs
    assert sum(layer.activations for layer in found) == counting.of(network).activations
    assert oracles.flops(module, network.input_resolution) == oracles.FLOPS_PER_MAC * counting.of(network).macs


def test_random_settings_are_spread_over_the_range() -> None:
    networks = [random_network(family, seed) for family, seed in SEEDS]
    assert len(set(networks)) == len(SEEDS)
    counts = [counting.of(network).macs for network in networks]
    assert min(counts) < 30e6
    assert max(counts) > 10e9


@pytest.mark.parametrize("padding", ["", "same"])
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("depth", "width", "pixels"), COMPUTED)
def test_stages_put_out_what_is_described(family: str, depth: float, width: float, pixels: int, padding: str) -> None:
    network = scale(BASELINES[family], depth, width, pixels)
    module = build(network, padding)
    parts = [module.get_submodule("bn1"), *oracles.children(module, "blocks"), module.get_submodule("bn2")]
    assert_same(
        [(1, stage.channels, stage.output_resolution, stage.output_resolution) for stage in network.stages],
        [tuple(shape) for shape in oracles.output_shapes(parts, module, pixels)],
    )
    assert_same(described_passes(network), oracles.passes(module, pixels))
    assert oracles.flops(module, pixels) == oracles.FLOPS_PER_MAC * counting.of(network).macs


@pytest.mark.parametrize("family", FAMILIES)
def test_normalisations_and_activations_are_where_they_are_described(family: str) -> None:
    network = of_baseline(BASELINES[family])
    module = build(network)
    norms = [(name, part.num_features) for name, part in module.named_modules() if isinstance(part, nn.BatchNorm2d)]
    assert_same([(layer.norm, layer.out_channels) for layer in described(network) if layer.norm], norms)
    for layer in described(network):
        if layer.norm:
            activation = module.get_submodule(f"{layer.norm}.act")
        elif layer.role in {"squeeze", "excite"}:
            path = layer.name.rpartition(".")[0]
            activation = module.get_submodule(f"{path}.{'act1' if layer.role == 'squeeze' else 'gate'}")
        else:
            assert layer.role == "linear"
            continue
        assert computes(activation, ACTIVATIONS[layer.activation]), layer.name


def computes(activation: nn.Module, expected: type[nn.Module]) -> bool:
    """Whether `activation` gives the values of `expected` (timm has classes of its own)."""
    values = torch.linspace(-9, 9, 181)
    return torch.allclose(activation(values.clone()), expected()(values.clone()), atol=1e-6, rtol=0)


@pytest.mark.parametrize(
    "network", [of_baseline(EFFICIENTNET), scale(LITE, 1.8, 1.4, 97)], ids=["efficientnet", "lite"]
)
def test_the_input_is_added_where_it_is_described(network: Network) -> None:
    module = build(network)
    expected = [
        (block.shape.path, block.shape.skip)
        for stage in network.stages
        for block in stage.blocks
        if stage.template.operator is Operator.MBCONV
    ]
    assert_same(expected, [(path, bool(getattr(module.get_submodule(path), "has_skip", None))) for path, _ in expected])


@pytest.mark.parametrize(("preset", "model", "padding", "epsilon", "pixels"), TIMM_OUTPUTS)
def test_outputs_are_timms_to_the_last_bit(preset: str, model: str, padding: str, epsilon: float, pixels: int) -> None:
    theirs: nn.Module = timm.create_model(model).eval()
    randomise(theirs)
    ours = build(presets()[preset].network(), padding, epsilon)
    ours.load_state_dict(theirs.state_dict(), strict=True)
    expected = oracles.forward(theirs, pixels)
    assert expected.isfinite().all()
    assert expected.std() > 0
    assert torch.equal(oracles.forward(ours, pixels), expected)


def randomise(module: nn.Module) -> None:
    """Seeded weights and statistics under which padding and epsilon matter to the output."""
    generator = torch.Generator().manual_seed(1905)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            assert part.running_mean is not None
            assert part.running_var is not None
            part.running_mean.normal_(0, 0.1, generator=generator)
            part.running_var.uniform_(0.01, 1, generator=generator)


def test_padding_and_epsilon_matter_to_the_output() -> None:
    state = build(presets()["lite0"].network())
    randomise(state)
    outputs = []
    for padding, epsilon in (("", 1e-5), ("same", 1e-5), ("", 1e-3)):
        module = build(presets()["lite0"].network(), padding, epsilon)
        module.load_state_dict(state.state_dict())
        outputs.append(oracles.forward(module, 64))
    assert not torch.equal(outputs[0], outputs[1])
    assert not torch.equal(outputs[0], outputs[2])


def test_a_module_is_built_ready_to_evaluate() -> None:
    assert not any(part.training for part in build(of_baseline(EFFICIENTNET)).modules())


def test_only_mbconv_stands_between_stem_and_head() -> None:
    stem, *trunk, head = EFFICIENTNET.stages
    odd = replace(EFFICIENTNET, stages=(stem, stem, *trunk[1:], head))
    with pytest.raises(ValueError, match=r"Stage 2 \(Conv3x3\)"):
        build(of_baseline(odd))
