"""Training is a pure function of (network, seed, protocol): bit-identical again, and it really learns."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from explorer.cost import counting
from explorer.study import plan as planning
from explorer.study import training
from explorer.study.candidates import SMALL, original
from explorer.study.errors import StudyError
from explorer.study.plan import Plan
from explorer.study.protocol import Protocol
from explorer.study.training import CURVE_POINTS, train
from tests.study.samples import QUICK, folder_of_images

NETWORK = original(SMALL)
LEARNING = Protocol(images=2048, held_out=500, epochs=3, batch=64)

# What must change a result: the seed, and every part of the protocol that training reads.
CHANGES = ({"epochs": 2}, {"batch": 8}, {"learning_rate": 1e-3}, {"weight_decay": 0.5}, {"label_smoothing": 0.0})

OTHER_PROCESS = """
from explorer.study.candidates import SMALL, original
from explorer.study.protocol import Protocol
from explorer.study.training import train
result = train(original(SMALL), 7, Protocol(images=128, held_out=100, epochs=1, batch=16))
print([value.hex() for value in (result.accuracy, *result.curve)])
"""


def test_it_learns_fashion_mnist() -> None:
    result = train(NETWORK, 0, LEARNING)
    assert result.accuracy > 60  # chance is 10
    assert result.curve[-1] < 0.6 * result.curve[0]
    assert len(result.curve) == CURVE_POINTS


def test_it_is_bit_identical_again_here_and_in_another_process() -> None:
    first, again = train(NETWORK, 7, QUICK), train(NETWORK, 7, QUICK)
    assert (first.accuracy, first.curve) == (again.accuracy, again.curve)
    other = subprocess.run([sys.executable, "-c", OTHER_PROCESS], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == str([value.hex() for value in (first.accuracy, *first.curve)])


def test_it_depends_on_nothing_that_the_process_did_before() -> None:
    first = train(NETWORK, 7, QUICK)
    torch.manual_seed(99)
    state = torch.random.get_rng_state()
    threads = torch.get_num_threads()
    assert train(NETWORK, 7, replace(QUICK, threads=1)).curve == first.curve
    assert torch.equal(torch.random.get_rng_state(), state)
    assert (torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()) == (threads, False)


def test_the_seed_and_the_protocol_matter() -> None:
    usual = train(NETWORK, 7, QUICK)
    changed = [train(NETWORK, 8, QUICK), *(train(NETWORK, 7, replace(QUICK, **change)) for change in CHANGES)]
    assert len({usual.curve, *(result.curve for result in changed)}) == 2 + len(CHANGES)


def test_a_result_carries_its_networks_cost() -> None:
    plan = Plan(seeds=2, protocol=QUICK)
    run = planning.runs(plan, ())[1]
    network = planning.network(plan, run)
    result, spent = train(network, run.seed, QUICK), counting.of(network)
    assert (result.params, result.macs, result.activations) == (spent.params, spent.macs, spent.activations)
    assert result.images_per_second > 0
    assert 0 < QUICK.steps * QUICK.batch / result.images_per_second <= result.seconds
    assert f"torch {torch.__version__}" in result.versions


def test_photographs_in_colour_are_trained_on_too(tmp_path: Path) -> None:
    folder = folder_of_images(tmp_path, each=60)
    protocol = Protocol(data=str(folder), images=80, held_out=10, epochs=6, batch=8)
    network = original(replace(SMALL, classes=2))
    assert train(network, 0, protocol).accuracy == 100.0


def test_too_few_images_are_refused(tmp_path: Path) -> None:
    folder = folder_of_images(tmp_path, each=30)
    with pytest.raises(StudyError, match=r"The data have \d+ training images; the protocol asks for 200"):
        train(NETWORK, 0, Protocol(data=str(folder), images=200, held_out=4, batch=16))
    with pytest.raises(StudyError, match=r"The data have \d+ held-out images; the protocol asks for 50"):
        train(NETWORK, 0, Protocol(data=str(folder), images=32, held_out=50, batch=4))


def test_a_training_that_diverges_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    resize = training._resize
    monkeypatch.setattr(training, "_resize", lambda part, pixels: resize(part, pixels) * torch.inf)
    with pytest.raises(StudyError, match="The training diverged"):
        training.train(NETWORK, 0, QUICK)
