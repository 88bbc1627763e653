"""Measurements of the real module against the description, and the measuring itself against modules done by hand."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
import torch
from torch import Tensor, nn

from explorer.cost import conventions, counting, memory
from explorer.cost.memory import ADAMW, BFLOAT16, FLOAT16, FLOAT32, PRECISIONS, RMSPROP, SGD, Optimiser, Precision
from explorer.models import measure
from explorer.models.build import build
from explorer.models.errors import MeasureError
from explorer.network.baselines import (
    BASELINES,
    EFFICIENTNET,
    MOBILENET_V1,
    RESNET_50,
    Baseline,
    Operator,
    StageTemplate,
)
from explorer.network.description import Network, of_baseline, scale

# Family, depth, width, pixels: odd sizes, narrow and deep ones; every family at least twice.
SETTINGS = (
    ("efficientnet", 1.0, 1.0, 64),
    ("efficientnet", 1.3, 0.35, 75),
    ("lite", 1.0, 1.0, 40),
    ("lite", 1.4, 0.6, 97),
    ("v2", 1.0, 1.0, 64),
    ("v2", 2.3, 0.45, 75),
    ("edgetpu", 1.0, 1.0, 48),
    ("edgetpu", 1.3, 0.4, 81),
    ("mnasnet", 1.0, 1.0, 40),
    ("mnasnet", 1.4, 0.6, 97),
    ("mnasnet-a1", 1.0, 1.0, 64),
    ("mnasnet-a1", 0.7, 1.3, 47),
    ("mobilenetv1", 1.0, 1.0, 64),
    ("mobilenetv1", 0.5, 1.5, 47),
    ("mobilenetv2", 1.0, 1.0, 33),
    ("mobilenetv2", 0.6, 1.4, 90),
    ("resnet50", 0.3, 1.0, 64),
    ("resnet50", 1.0, 0.3, 81),
)
CASES = [(*setting, *run) for setting in SETTINGS for run in ((1, "meta"), (3, "meta"), (3, "cpu"))]
"""With images in a batch, and the device."""

# Those that run with numbers in 16 bits too.
LOWER = tuple((*setting, precision) for setting in SETTINGS[::2] for precision in (FLOAT16, BFLOAT16))

# Tables that no paper has, for what the five families do not have together.
MIXED = (
    StageTemplate(Operator.CONVOLUTION, 16, kernel=5, stride=2),
    StageTemplate(Operator.SEPARABLE, 24, layers=2, kernel=5, stride=2),
    StageTemplate(Operator.MBCONV, 24, layers=3, expansion=1, squeeze_ratio=1.0),
    StageTemplate(Operator.MBCONV, 40, layers=2, stride=2, expansion=4, squeeze_ratio=0.5),
    StageTemplate(Operator.CLASSIFIER, 40, kernel=1),
)
ODD = {
    "relu in EfficientNet": replace(EFFICIENTNET, activation="relu"),
    "relu6 and squeezing": replace(EFFICIENTNET, activation="relu6"),
    "relu before the classifier": replace(MOBILENET_V1, activation="relu"),
    "silu before the classifier": replace(MOBILENET_V1, activation="silu"),
    "mixed, silu": Baseline("own", "Own", "Own", MIXED),
    "mixed, relu": Baseline("own", "Own", "Own", MIXED, activation="relu", classes=7),
    "more classes than anything": Baseline("own", "Own", "Own", MIXED, classes=100_000),
    "relu6 in ResNet": replace(RESNET_50, activation="relu6"),
}

OPTIMISERS: tuple[tuple[Optimiser, Callable[[nn.Module], torch.optim.Optimizer]], ...] = (
    (SGD, lambda module: torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.9)),
    (RMSPROP, lambda module: torch.optim.RMSprop(module.parameters(), momentum=0.9)),
    (ADAMW, lambda module: torch.optim.AdamW(module.parameters())),
)

# Durations of five runs in seconds, their quartiles in milliseconds.
DURATIONS, QUARTILES = (1, 3, 2, 5, 4), (2000.0, 3000.0, 4000.0)

# Seconds that a run takes, runs to warm up and to time, the budget; how many then run in all and how many count.
BUDGETS = (
    (1.0, 3, 30, 1000.0, 33, 30),
    (1.0, 3, 30, 10.0, 10, 7),
    (1.0, 8, 30, 10.0, 10, 5),
    (4.0, 3, 30, 10.0, 5, 3),
    (60.0, 3, 30, 5.0, 4, 3),
    (1.0, 0, 1, 1000.0, 4, 3),
)

TINY = scale(EFFICIENTNET, 0.1, 0.1, 33)

MEASUREMENTS: dict[str, Callable[[], object]] = {
    "parameters": lambda: measure.count_parameters(TINY),
    "fvcore": lambda: measure.count_fvcore(TINY),
    "torch": lambda: measure.count_torch(TINY),
    "saved, meta": lambda: measure.saved_activations(TINY, 1),
    "saved, autocast": lambda: measure.saved_activations(TINY, 1, BFLOAT16, "cpu"),
    "peak": lambda: measure.peak_inference(TINY, 1),
    "latency": lambda: measure.latency(TINY, threads=2, warm_up=1, runs=3),
}


@pytest.mark.parametrize(("family", "depth", "width", "pixels", "batch", "device"), CASES)
def test_training_keeps_what_is_estimated(
    family: str, depth: float, width: float, pixels: int, batch: int, device: str
) -> None:
    network = scale(BASELINES[family], depth, width, pixels)
    assert memory.training(network, batch).activations == measure.saved_activations(network, batch, device=device)


@pytest.mark.parametrize(("family", "depth", "width", "pixels", "batch", "device"), CASES)
def test_inference_peaks_where_it_is_estimated(
    family: str, depth: float, width: float, pixels: int, batch: int, device: str
) -> None:
    network = scale(BASELINES[family], depth, width, pixels)
    assert memory.inference(network, batch).activations == measure.peak_inference(network, batch, device=device)


@pytest.mark.parametrize(("family", "depth", "width", "pixels", "precision"), LOWER)
def test_sixteen_bits(family: str, depth: float, width: float, pixels: int, precision: Precision) -> None:
    network = scale(BASELINES[family], depth, width, pixels)
    saved = measure.saved_activations(network, 2, precision, "cpu")
    assert memory.training(network, 2, precision=precision).activations == saved
    assert memory.inference(network, 2, precision).activations == measure.peak_inference(network, 2, precision)


@pytest.mark.parametrize("baseline", ODD.values(), ids=ODD)
def test_tables_of_ones_own(baseline: Baseline) -> None:
    network = scale(baseline, 0.6, 0.5, 75)
    assert memory.training(network, 2).activations == measure.saved_activations(network, 2)
    assert memory.inference(network, 2).activations == measure.peak_inference(network, 2)


def test_b0_at_its_own_size() -> None:
    b0 = of_baseline(EFFICIENTNET)
    assert measure.saved_activations(b0, 1, device="cpu") == memory.training(b0, 1).activations == 88_356_960
    assert measure.peak_inference(b0, 1, device="cpu") == memory.inference(b0).activations == 12_644_352


@pytest.mark.parametrize("baseline", BASELINES.values(), ids=BASELINES)
@pytest.mark.parametrize("precision", PRECISIONS.values(), ids=PRECISIONS)
def test_weights_weigh_what_is_estimated(baseline: Baseline, precision: Precision) -> None:
    network = scale(baseline, 1.2, 0.9, 64)
    with torch.device("meta"):
        module = build(network).to(getattr(torch, precision.key))
    tensors = [*module.parameters(), *module.buffers()]
    assert memory.inference(network, 1, precision).weights == sum(tensor.nbytes for tensor in tensors)


@pytest.mark.parametrize(("optimiser", "make"), OPTIMISERS, ids=lambda value: getattr(value, "key", ""))
def test_a_step_leaves_gradients_and_states_as_estimated(
    optimiser: Optimiser, make: Callable[[nn.Module], torch.optim.Optimizer]
) -> None:
    module = build(TINY).train()
    trainer = make(module)
    module(torch.rand(2, 3, 33, 33)).sum().backward()
    trainer.step()
    estimate = memory.training(TINY, 2, optimiser)
    assert estimate.gradients == sum(value.grad.nbytes for value in module.parameters() if value.grad is not None)
    states = [value for state in trainer.state.values() for name, value in state.items() if name != "step"]
    assert estimate.optimiser == sum(value.nbytes for value in states if isinstance(value, Tensor))


@pytest.mark.parametrize(("family", "depth", "width", "pixels"), SETTINGS)
def test_counts_are_those_of_the_description(family: str, depth: float, width: float, pixels: int) -> None:
    network = scale(BASELINES[family], depth, width, pixels)
    assert measure.count_parameters(network) == counting.of(network).params
    assert measure.count_torch(network) == conventions.torch_flops(network)
    assert measure.count_fvcore(network) == conventions.fvcore(network)


def test_sixteen_bits_need_a_device_with_numbers() -> None:
    with pytest.raises(ValueError, match="float16 must be measured on the CPU"):
        measure.saved_activations(TINY, 1, FLOAT16)


@pytest.mark.parametrize("family", BASELINES)
@pytest.mark.parametrize(("pixels", "fewest"), [(32, 2), (33, 1), (64, 1)])
def test_the_fewest_images_that_torch_trains_on(family: str, pixels: int, fewest: int) -> None:
    network = scale(BASELINES[family], 0.5, 0.5, pixels)
    assert memory.fewest_images(network) == fewest
    assert measure.saved_activations(network, fewest) == memory.training(network, fewest).activations
    if fewest > 1:
        with pytest.raises(MeasureError, match="At 32 px a map of one image is a single pixel"):
            measure.saved_activations(network, 1)


class Spy(nn.Module):
    """Stands for a module: remembers what it was given and under which settings."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[int] = []
        self.inference: list[bool] = []
        self.shapes: list[tuple[int, ...]] = []

    def forward(self, images: Tensor) -> Tensor:
        self.threads.append(torch.get_num_threads())
        self.inference.append(torch.is_inference_mode_enabled())
        self.shapes.append(tuple(images.shape))
        return images


@dataclass
class Clock:
    """A clock that goes on by the next of `durations` whenever a run of `spy` has come between two looks at it."""

    spy: Spy
    durations: Iterator[float]
    seconds: float = 0.0
    seen: int = field(default=0)

    def __call__(self) -> float:
        while self.seen < len(self.spy.shapes):
            self.seen += 1
            self.seconds += next(self.durations)
        return self.seconds


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    """What is built in place of a timm module."""
    stand_in = Spy()
    monkeypatch.setattr(measure, "build", lambda _: stand_in)
    return stand_in


def test_latency_gives_median_and_quartiles_of_the_runs_that_count(spy: Spy) -> None:
    clock = Clock(spy, iter((50, 60, *DURATIONS)))
    found = measure.latency(TINY, threads=1, warm_up=2, runs=5, seconds=1000, clock=clock)
    assert (found.lower_quartile_ms, found.median_ms, found.upper_quartile_ms) == QUARTILES
    assert found.median_ms == 1000 * statistics.median(DURATIONS)
    assert (found.threads, found.runs) == (1, 5)
    assert spy.shapes == [(1, 3, 33, 33)] * 7


@pytest.mark.parametrize(("duration", "warm_up", "runs", "seconds", "ran", "counted"), BUDGETS)
def test_latency_keeps_to_its_budget(
    spy: Spy, duration: float, warm_up: int, runs: int, seconds: float, ran: int, counted: int
) -> None:
    clock = Clock(spy, iter([duration] * 100))
    found = measure.latency(TINY, 1, warm_up, runs, seconds, clock)
    assert found.runs == counted
    assert len(spy.shapes) == ran
    assert found.lower_quartile_ms == found.median_ms == found.upper_quartile_ms == 1000 * duration


def test_latency_runs_on_its_threads_without_gradients(spy: Spy) -> None:
    before = torch.get_num_threads()
    found = measure.latency(TINY, threads=before + 1, runs=3)
    assert found.threads == before + 1
    assert set(spy.threads) == {before + 1}
    assert set(spy.inference) == {True}
    assert torch.get_num_threads() == before


def test_latency_of_a_real_module_is_in_order() -> None:
    found = measure.latency(TINY, runs=5)
    assert 0 < found.lower_quartile_ms <= found.median_ms <= found.upper_quartile_ms
    assert (found.threads, found.runs) == (1, 5)


def test_threads_are_set_again_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(nn.Module):
        def forward(self, images: Tensor) -> Tensor:
            raise RuntimeError(f"broken by {images.shape}")

    monkeypatch.setattr(measure, "build", lambda _: Broken())
    before = torch.get_num_threads()
    with pytest.raises(RuntimeError, match="broken"):
        measure.latency(TINY, threads=before + 1)
    assert torch.get_num_threads() == before
    assert not torch.is_inference_mode_enabled()


@pytest.mark.parametrize("measurement", MEASUREMENTS.values(), ids=MEASUREMENTS)
def test_torch_is_left_as_it_was(measurement: Callable[[], object]) -> None:
    before = settings()
    measurement()
    assert settings() == before


def settings() -> tuple[object, ...]:
    """What torch keeps for the whole process."""
    return (
        torch.get_num_threads(),
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        torch.is_autocast_enabled("cpu"),
        torch.get_default_dtype(),
        torch.get_default_device(),
    )


class ByHand(nn.Module):
    """A module whose memory is plain to see: 3072 numbers to 5 outputs, through a view of its weights."""

    def __init__(self, in_place: bool) -> None:
        super().__init__()
        self.in_place = in_place
        self.linear = nn.Linear(3 * 32 * 32, 5, bias=False)

    def forward(self, images: Tensor) -> Tensor:
        values = images.flatten(1) @ self.linear.weight.t()
        return values.sigmoid_() if self.in_place else values.sigmoid()


@pytest.mark.parametrize(("in_place", "saved", "alive"), [(False, 3072 + 5, 3072 + 10), (True, 3072 + 5, 3072 + 5)])
def test_each_storage_counts_once_and_parameters_do_not(
    monkeypatch: pytest.MonkeyPatch, in_place: bool, saved: int, alive: int
) -> None:
    def by_hand(_: Network) -> nn.Module:
        return ByHand(in_place)

    monkeypatch.setattr(measure, "build", by_hand)
    network = scale(EFFICIENTNET, 0.1, 0.1, 32)
    for device in ("meta", "cpu"):
        assert measure.saved_activations(network, 2, FLOAT32, device) == 4 * 2 * saved
        assert measure.peak_inference(network, 2, FLOAT32, device) == 4 * 2 * alive


def test_what_nothing_refers_to_any_more_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgetful(nn.Module):
        def forward(self, images: Tensor) -> Tensor:
            for _ in range(4):
                images = images + 1
            return images

    monkeypatch.setattr(measure, "build", lambda _: Forgetful())
    # What it was given, which its caller holds, what the sum reads and what it puts out.
    assert measure.peak_inference(TINY, 1) == 3 * 4 * 3 * 33**2


def test_every_family_is_measured() -> None:
    assert {family for family, *_ in SETTINGS} == set(BASELINES)
    assert {family for family, *_ in LOWER} == set(BASELINES)
