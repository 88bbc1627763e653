"""The fast engine, against torch: every family, every published network, random settings, every stage."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from timm.models.efficientnet import EfficientNet
from timm.models.resnet import ResNet
from torch import nn

from explorer.models import engine as engine_module
from explorer.models import onnx_graph
from explorer.models.build import build
from explorer.models.engine import FEWEST_TIMED, MOST_TIMED, Engine, EngineOutput
from explorer.models.errors import JobError
from explorer.models.kept import KeptCache
from explorer.network.baselines import BASELINES
from explorer.network.description import Network, scale
from explorer.published import presets
from explorer.vision.evidence import stage_maps

pytestmark = pytest.mark.real_weights

ROOT = Path(__file__).resolve().parents[2]
TOLERANCE = 1e-5

# Family, depth, width, pixels, padding, epsilon: odd sizes are where paddings differ. A ResNet pads symmetrically.
NETWORKS = (
    ("efficientnet", 1.0, 0.5, 64, "", 1e-5),
    ("efficientnet", 1.2, 0.4, 75, "same", 1e-3),
    ("lite", 0.8, 0.6, 96, "", 1e-5),
    ("lite", 1.0, 1.0, 97, "same", 1e-3),
    ("v2", 1.1, 0.6, 64, "", 1e-5),
    ("v2", 0.7, 0.5, 75, "same", 1e-3),
    ("edgetpu", 1.1, 0.5, 65, "", 1e-5),
    ("edgetpu", 0.6, 0.7, 64, "same", 1e-3),
    ("mnasnet", 0.8, 0.6, 71, "", 1e-5),
    ("mnasnet-a1", 1.2, 0.5, 64, "same", 1e-3),
    ("mobilenetv1", 1.1, 0.5, 65, "", 1e-5),
    ("mobilenetv1", 0.7, 0.4, 90, "same", 1e-3),
    ("mobilenetv2", 1.0, 0.7, 71, "", 1e-5),
    ("mobilenetv2", 0.9, 1.3, 46, "same", 1e-3),
    ("resnet50", 0.6, 0.5, 79, "", 1e-5),
    ("resnet50", 1.0, 1.0, 64, "", 1e-3),
)

# Every published network but L2, whose 480 million weights need 6 GB here; at few pixels, since the graph is the same.
PRESETS = tuple(key for key in presets() if key != "l2")
PIXELS = 64
SEEDS = range(20)


def module_of(network: Network, padding: str = "", epsilon: float = 1e-5) -> EfficientNet | ResNet:
    """A seeded module whose normalisation does something, and does not blow up the last bits layer by layer."""
    torch.manual_seed(network.input_resolution)
    module = build(network, padding, epsilon)
    for norm in (part for part in module.modules() if isinstance(part, nn.BatchNorm2d)):
        assert norm.running_mean is not None
        assert norm.running_var is not None
        nn.init.normal_(norm.running_mean, std=0.05)
        nn.init.uniform_(norm.running_var, 0.8, 1.25)
        nn.init.uniform_(norm.weight, 0.9, 1.1)
        nn.init.normal_(norm.bias, std=0.05)
    return module


def images(pixels: int, count: int = 1) -> NDArray[np.float32]:
    return np.random.default_rng(pixels).normal(size=(count, 3, pixels, pixels)).astype(np.float32)


def assert_close(found: NDArray[np.float32], expected: NDArray[np.float32]) -> None:
    """Equal to 1e-5 of the largest."""
    assert found.shape == expected.shape
    assert float(np.ptp(expected)) > 0
    assert float(np.abs(found - expected).max()) <= TOLERANCE * float(np.abs(expected).max())


def logits_of(module: nn.Module, values: NDArray[np.float32]) -> NDArray[np.float32]:
    with torch.inference_mode():
        return np.asarray(module(torch.from_numpy(values)).numpy())


@pytest.mark.parametrize(("family", "depth", "width", "pixels", "padding", "epsilon"), NETWORKS)
def test_every_stage_is_torchs(
    family: str, depth: float, width: float, pixels: int, padding: str, epsilon: float
) -> None:
    network = scale(BASELINES[family], depth, width, pixels)
    module = module_of(network, padding, epsilon)
    numbers = tuple(range(1, len(network.stages) + 1))
    graph = onnx_graph.write(network, module.state_dict(), padding, epsilon, numbers)
    onnx.checker.check_model(graph, full_check=True)
    engine = Engine(network, module.state_dict(), padding, epsilon, threads=1)
    answer = engine.run(images(pixels, 2))
    maps = stage_maps(module, images(pixels, 2))
    assert_close(answer.logits, logits_of(module, images(pixels, 2)))
    assert_close(answer.features, maps[-1])
    for number, expected in zip(numbers, maps, strict=True):
        found = engine.stage_map(images(pixels, 2), number)
        assert_close(found, expected)
        assert found.shape[1] == network.stages[number - 1].channels


@pytest.mark.parametrize("key", PRESETS)
def test_published_networks(key: str) -> None:
    preset = presets()[key]
    network = preset.network()
    module = module_of(network)
    engine = Engine(network, module.state_dict(), threads=1)
    assert_close(engine.run(images(PIXELS)).logits, logits_of(module, images(PIXELS)))


@pytest.mark.parametrize("seed", SEEDS)
def test_random_settings(seed: int) -> None:
    random = np.random.default_rng(seed)
    family = list(BASELINES)[seed % len(BASELINES)]
    depth, width = random.uniform(0.2, 1.6), random.uniform(0.2, 1.4)
    network = scale(BASELINES[family], depth, width, int(random.integers(32, 140)))
    padding = "same" if family != "resnet50" and seed % 2 else ""
    module = module_of(network, padding, 1e-3)
    engine = Engine(network, module.state_dict(), padding, 1e-3, threads=1)
    assert_close(
        engine.run(images(network.input_resolution)).logits, logits_of(module, images(network.input_resolution))
    )


@pytest.mark.parametrize("pixels", [32, 129, 224])
def test_one_engine_serves_every_size_and_number(pixels: int) -> None:
    network = scale(BASELINES["lite"], 1.0, 0.5, 64)
    module = module_of(network, "same")
    engine = Engine(network, module.state_dict(), "same", threads=1)
    for count in (1, 3):
        assert_close(engine.run(images(pixels, count)).logits, logits_of(module, images(pixels, count)))


def test_padding_and_epsilon_matter() -> None:
    network = scale(BASELINES["lite"], 1.0, 0.5, 64)
    state = module_of(network).state_dict()
    expected = Engine(network, state, threads=1).run(images(64)).logits
    for padding, epsilon in (("same", 1e-5), ("", 1e-3)):
        found = Engine(network, state, padding, epsilon, threads=1).run(images(64)).logits
        assert float(np.abs(found - expected).max()) > TOLERANCE * float(np.abs(expected).max())


def test_the_same_network_has_the_same_bytes_from_torch_and_numpy() -> None:
    network = scale(BASELINES["efficientnet"], 0.5, 0.4, 64)
    state = module_of(network).state_dict()
    arrays = {name: value.numpy() for name, value in state.items()}
    written = [onnx_graph.write(network, weights).SerializeToString() for weights in (state, state, arrays)]
    assert written[0] == written[1] == written[2]


@pytest.mark.parametrize("stage", [0, 10, -1])
def test_a_stage_that_does_not_exist_is_refused(stage: int) -> None:
    network = scale(BASELINES["efficientnet"], 0.5, 0.4, 64)
    with pytest.raises(ValueError, match=f"there is no stage {stage}"):
        Engine(network, module_of(network).state_dict(), threads=1).stage_map(images(64), stage)


def test_a_missing_weight_is_named() -> None:
    network = scale(BASELINES["efficientnet"], 0.5, 0.4, 64)
    state = dict(module_of(network).state_dict())
    del state["conv_head.weight"]
    with pytest.raises(KeyError, match=r"conv_head\.weight"):
        Engine(network, state)


def engine_of(width: float) -> Engine:
    network = scale(BASELINES["lite"], 0.3, width, PIXELS)
    return Engine(network, module_of(network).state_dict(), threads=1)


def test_the_largest_goes_first() -> None:
    small, middle, large = (engine_of(width) for width in (0.2, 0.5, 1.0))
    assert small.bytes < middle.bytes < large.bytes
    cache = KeptCache(small.bytes + middle.bytes)
    for name, engine in (("large", large), ("small", small), ("middle", middle)):
        assert cache.get(name, Engine, lambda engine=engine: engine) is engine  # type: ignore[misc]
        assert cache.bytes <= cache.limit
    made: list[str] = []

    def again(name: str, engine: Engine) -> Engine:
        made.append(name)
        return engine

    assert cache.get("small", Engine, lambda: again("small", small)) is small
    assert cache.get("middle", Engine, lambda: again("middle", middle)) is middle
    assert made == []
    assert cache.get("large", Engine, lambda: again("large", large)) is large
    assert made == ["large"]
    assert cache.bytes == small.bytes + middle.bytes
    cache.free(1)
    assert cache.bytes == small.bytes, "the larger of the two goes first"
    cache.free(10**12)
    assert cache.bytes == 0
    cache.clear()


RUN = """
import numpy as np
from explorer.network.baselines import LITE
from explorer.models.build import build
from explorer.models.engine import Engine
from explorer.network.description import scale
network = scale(LITE, 0.5, 0.3, 64)
Engine(network, build(network).state_dict()).run(np.zeros((1, 3, 64, 64), np.float32))
"""


def test_the_engine_keeps_no_name_for_the_device(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", RUN], env=environment, cwd=tmp_path, check=True)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_no_file_of_an_engine_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    engine_of(0.2).run(images(PIXELS))
    assert not any(tmp_path.iterdir())


def test_where_no_file_can_be_written_the_engine_says_so(tmp_path: Path) -> None:
    network = scale(BASELINES["lite"], 0.3, 0.2, PIXELS)
    state = module_of(network).state_dict()
    with pytest.raises(JobError, match=r"cannot be written to the temporary folder .*: make room there\.$"):
        engine_module._save(
            lambda outside: onnx_graph.write(network, state, outside=outside), tmp_path / "missing" / "network.onnx"
        )


def test_a_time_is_the_median_of_runs_after_a_warm_up() -> None:
    engine, values = engine_of(0.2), images(PIXELS)
    runs: list[int] = []
    right = engine.run

    def counted(values: NDArray[np.float32]) -> EngineOutput:
        runs.append(len(values))
        return right(values)

    engine.run = counted  # type: ignore[method-assign]
    answer, latency = engine.timed(values)
    assert (len(runs), latency.runs) == (1 + FEWEST_TIMED, FEWEST_TIMED), "the first is not counted"
    assert np.array_equal(answer.logits, right(values).logits)
    assert 0 < latency.lower_quartile_ms <= latency.median_ms <= latency.upper_quartile_ms
    assert latency.threads == 1
    for more in range(1, MOST_TIMED):
        assert engine.timed(values)[1].runs == min(FEWEST_TIMED + more, MOST_TIMED), "later ones cost one run each"
    assert len(runs) == FEWEST_TIMED + MOST_TIMED
    assert engine.timed(images(PIXELS + 32))[1].runs == FEWEST_TIMED, "another size warms up again"
