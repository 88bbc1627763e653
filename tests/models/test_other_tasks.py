"""Networks for other tasks: other classes, no classifier, images of other channels; against timm and printed counts."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
import timm
import torch
from fvcore.nn import FlopCountAnalysis
from torch.utils.flop_counter import FlopCounterMode

from explorer.cost import conventions, counting, design_space, memory
from explorer.models import measure
from explorer.models.build import build
from explorer.models.engine import Engine
from explorer.network.baselines import BASELINES, EFFICIENTNET, Baseline
from explorer.network.description import Network, of_baseline, scale

# Classes (None: no classifier), channels of the images; parameters and multiply-adds of B0 at 224 px.
B0 = (
    (1000, 3, 5_288_548, 385_814_752),
    (10, 3, 4_020_358, 384_547_552),
    (100, 3, 4_135_648, 384_662_752),
    (None, 3, 4_007_548, 384_534_752),
    (1000, 1, 5_287_972, 378_589_408),
    (1000, 6, 5_289_412, 396_652_768),
)

TASKS = ((10, 3), (2, 1), (None, 3), (None, 4), (37, 16))
NAMES = (("efficientnet", "efficientnet_b0"), ("v2", "tf_efficientnetv2_b0"), ("mnasnet", "mnasnet_100"))
RANDOM, TRACED = 60, 10


def for_task(baseline: Baseline, classes: int | None, in_channels: int) -> Baseline:
    return replace(baseline, classes=classes or 1000, classifier=classes is not None, in_channels=in_channels)


def random_networks(count: int, largest: int) -> list[Network]:
    """Seeded networks of all families for seeded tasks, with images of up to `largest` pixels a side."""
    generator = random.Random(16)
    return [
        scale(
            for_task(
                generator.choice(list(BASELINES.values())),
                generator.choice([None, 1, 2, 10, 1000, 21_843]),
                generator.randint(1, 16),
            ),
            generator.uniform(0.3, 2.0),
            generator.uniform(0.3, 1.6),
            generator.randint(32, largest),
        )
        for _ in range(count)
    ]


def image(network: Network, device: str = "cpu") -> torch.Tensor:
    pixels = network.input_resolution
    return torch.zeros(1, network.baseline.in_channels, pixels, pixels, device=device)


@pytest.mark.parametrize(("classes", "in_channels", "params", "macs"), B0)
def test_b0_for_another_task(classes: int | None, in_channels: int, params: int, macs: int) -> None:
    found = counting.of(of_baseline(for_task(EFFICIENTNET, classes, in_channels)))
    assert (found.params, found.macs) == (params, macs)


@pytest.mark.parametrize(("key", "name"), NAMES)
@pytest.mark.parametrize(("classes", "in_channels"), TASKS)
def test_the_tensors_are_timms(key: str, name: str, classes: int | None, in_channels: int) -> None:
    with torch.device("meta"):
        theirs = timm.create_model(name, num_classes=classes or 0, in_chans=in_channels)
        ours = build(of_baseline(for_task(BASELINES[key], classes, in_channels)))
    assert [(name, value.shape) for name, value in ours.state_dict().items()] == [
        (name, value.shape) for name, value in theirs.state_dict().items()
    ]


def test_parameters_of_random_networks_for_random_tasks() -> None:
    for network in random_networks(RANDOM, 1024):
        with torch.device("meta"):
            module = build(network)
        assert counting.of(network).params == sum(value.numel() for value in module.parameters()), network.identity


def test_operations_of_random_networks_for_random_tasks() -> None:
    for network in random_networks(TRACED, 64):
        module, given = build(network), image(network)
        analysis = FlopCountAnalysis(module, given).unsupported_ops_warnings(False).uncalled_modules_warnings(False)
        assert conventions.flops(network)["fvcore"] == int(analysis.total()), network.identity
        with FlopCounterMode(display=False) as counter, torch.inference_mode():
            module(given)
        assert conventions.flops(network)["torch"] == counter.get_total_flops(), network.identity


@pytest.mark.parametrize(("classes", "in_channels"), TASKS)
def test_arrays_count_the_same(classes: int | None, in_channels: int) -> None:
    baseline = for_task(EFFICIENTNET, classes, in_channels)
    found = design_space.costs(baseline, [1.0, 1.3], [1.0, 0.7], [224, 97])
    for index, setting in enumerate(((1.0, 1.0, 224), (1.3, 0.7, 97))):
        one = counting.of(scale(baseline, *setting))
        assert (one.params, one.macs, one.activations) == (
            found.params[index],
            found.macs[index],
            found.activations[index],
        )


@pytest.mark.parametrize("family", ["efficientnet", "mobilenetv1", "resnet50", "edgetpu"])
@pytest.mark.parametrize(("classes", "in_channels"), TASKS)
def test_memory_is_torchs_to_the_byte(family: str, classes: int | None, in_channels: int) -> None:
    network = scale(for_task(BASELINES[family], classes, in_channels), 0.6, 0.5, 64)
    assert memory.inference(network, 2).activations == measure.peak_inference(network, 2)
    assert memory.kept(network).of(2) == measure.saved_activations(network, 2)


@pytest.mark.parametrize("family", ["efficientnet", "mobilenetv1", "resnet50"])
@pytest.mark.parametrize(("classes", "in_channels"), [(10, 1), (None, 3)])
def test_the_graph_answers_as_torch(family: str, classes: int | None, in_channels: int) -> None:
    network = scale(for_task(BASELINES[family], classes, in_channels), 0.6, 0.5, 64)
    torch.manual_seed(3)
    module = build(network)
    values = np.random.default_rng(3).normal(size=(2, in_channels, 64, 64)).astype(np.float32)
    with torch.inference_mode():
        expected = module(torch.from_numpy(values)).numpy()
    found = Engine(network, module.state_dict(), threads=1).run(values).logits
    assert found.shape == (2, classes or network.stages[-1].channels)
    np.testing.assert_allclose(found, expected, atol=1e-5 * float(np.abs(expected).max()))
