"""What may be built: a limit in bytes, kept before anything is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from explorer.cost import memory
from explorer.jobs import tasks
from explorer.jobs.resident import release_kept
from explorer.models import kept, measure, package, task_memory, weights
from explorer.models.checkpoints import bundled
from explorer.models.kept import KEPT, KeptCache, claim
from explorer.models.lineage import Classifier, Grown, of_checkpoint
from explorer.models.task_memory import DEFAULT_MEGABYTES, LOADED, MEGABYTE, SETTING, SMALLEST_ROOM, TooLargeError
from explorer.network.baselines import BASELINES, LITE
from explorer.network.description import Network, scale
from explorer.published import presets
from explorer.vision import untrained
from tests.support.samples import as_png

pytestmark = pytest.mark.real_weights

GREAT = scale(LITE, 8.0, 8.0, 32)
"""Few multiply-adds for its 1.6 billion parameters: a limit on those alone would let it in."""

# The setting in the environment, and the room that it leaves.
ROOMS: tuple[tuple[dict[str, str], int], ...] = (
    ({}, int(DEFAULT_MEGABYTES * MEGABYTE) - LOADED),
    ({SETTING: "4096"}, 4096 * MEGABYTE - LOADED),
    ({SETTING: "lots"}, int(DEFAULT_MEGABYTES * MEGABYTE) - LOADED),
    ({SETTING: "-1"}, int(DEFAULT_MEGABYTES * MEGABYTE) - LOADED),
    ({SETTING: "nan"}, int(DEFAULT_MEGABYTES * MEGABYTE) - LOADED),
    ({SETTING: "100"}, SMALLEST_ROOM),
)

# Everything that builds a network.
BUILDERS: dict[str, Callable[[Network], object]] = {
    "timing": tasks.latency,
    "the proof": measure.count_fvcore,
    "random weights": lambda network: untrained.look(network, Image.new("RGB", (8, 8))),
    "engine": lambda network: weights.engine(grown(network)),
    "module": lambda network: weights.module(grown(network)),
    "package": lambda network: package.files(grown(network)),
    "trust": lambda network: tasks.trust(grown(network), as_png(pixels(8)), 0),
    "gradient": lambda network: tasks.stage_maps(grown(network), pixels(32), 2, 0),
    "several": lambda network: tasks.classify_files(grown(network), (), 1),
}


def grown(network: Network) -> Classifier:
    return Classifier(network, Grown(bundled()["lite0"]))


def pixels(side: int) -> NDArray[np.uint8]:
    return np.zeros((side, side, 3), np.uint8)


@pytest.mark.parametrize(("environment", "room"), ROOMS, ids=str)
def test_the_room_is_what_the_limit_leaves(environment: dict[str, str], room: int) -> None:
    assert task_memory.room(environment) == room


@pytest.mark.parametrize("name", BUILDERS)
def test_what_needs_too_much_is_refused_before_anything_is_built(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def built(*_: object) -> None:
        raise AssertionError("something was built")

    for module, function in ((measure, "build"), (untrained, "build"), (weights, "grow")):
        monkeypatch.setattr(module, function, built)
    monkeypatch.setattr("explorer.models.build.efficientnet", built)
    with pytest.raises(TooLargeError, match=rf"B of memory, and .*B are left of a worker's limit.*{SETTING}\.$"):
        BUILDERS[name](GREAT)


def test_the_networks_of_the_paper_are_let_in_up_to_b7() -> None:
    sizes = ("b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7")
    assert [name for name in sizes if task_memory.refusal(task_memory.engine(presets()[name].network()))] == []
    assert task_memory.refusal(task_memory.engine(presets()["l2"].network()))


@pytest.mark.parametrize("family", BASELINES)
def test_no_need_is_below_the_weights_and_the_fullest_moment(family: str) -> None:
    network = scale(BASELINES[family], 1.3, 1.2, 150)
    least = memory.inference(network).total
    needs = (task_memory.forward, task_memory.engine, task_memory.package, task_memory.trust)
    assert all(need(network) > least for need in needs)
    gradients = [task_memory.gradient(network, stage.number) for stage in network.stages]
    assert gradients == sorted(gradients, reverse=True), "the further down it goes the more it needs"
    assert gradients[0] >= memory.training(network, 1).activations / 2


@dataclass(frozen=True)
class Held:
    """Something of a size."""

    bytes: int


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeptCache]:
    """An empty cache in place of this process's."""
    empty = KeptCache(10**9)
    monkeypatch.setattr(kept, "KEPT", empty)
    yield empty
    empty.clear()


def test_room_is_made_by_letting_go_of_the_largest(cache: KeptCache) -> None:
    for name, size in (("small", 10), ("large", 600_000_000), ("middle", 300_000_000)):
        cache.get(name, Held, lambda size=size: Held(size))  # type: ignore[misc]
    claim(task_memory.room() - 300_000_010)
    assert cache.bytes == 300_000_010
    claim(task_memory.room())
    assert cache.bytes == 0
    with pytest.raises(TooLargeError):
        claim(task_memory.room() + 1)


def test_the_tensors_that_others_grow_from_take_part_in_letting_go() -> None:
    KEPT.clear()
    lite0 = of_checkpoint(bundled()["lite0"])
    state = weights.state_of(lite0)
    assert KEPT.bytes == sum(tensor.nbytes for tensor in state.values()) > 18_000_000
    assert weights.state_of(lite0) is state
    release_kept(1)
    assert KEPT.bytes == 0
    assert weights.state_of(lite0) is not state
    KEPT.clear()
