"""The tasks of a worker: what is one, what it has ready before anybody asks, and maps against the network itself."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from timm.models.efficientnet import EfficientNet

from explorer.jobs import tasks
from explorer.models import kept, weights
from explorer.models.checkpoints import Checkpoint, at_hand
from explorer.models.engine import Engine
from explorer.models.kept import KEPT_BYTES, KeptCache
from explorer.models.suggestions import answering
from explorer.settings.declarations import Architecture
from explorer.vision.activation_maps import CamMethod
from explorer.vision.classification import Classification
from explorer.vision.evidence import at_stage, stage_maps
from explorer.vision.region import EVERYTHING, Region
from tests.support.samples import photograph_file

pytestmark = pytest.mark.real_weights

ROOT = Path(__file__).resolve().parents[2]
ESPRESSO = 967
LAST = 9


def test_every_method_comes_from_one_gradient(
    sights: Mapping[tuple[str, str], Classification], trained: Mapping[str, EfficientNet]
) -> None:
    sight, module = sights["lite0", "coffee"], trained["lite0"]
    found = tasks.stage_maps(sight.classifier, sight.seen, 5, ESPRESSO)
    values = sight.classifier.preprocessing.normalise(Image.fromarray(sight.seen))
    expected = at_stage(module, 5, ESPRESSO, weights.engine(sight.classifier).stage_map(values, 5))
    in_torch = at_stage(module, 5, ESPRESSO, stage_maps(module, values)[4])
    assert set(found) == set(CamMethod)
    for method, evidence in found.items():
        strongest = float(np.abs(evidence).max())
        assert strongest > 0
        np.testing.assert_allclose(evidence, expected.map(method), rtol=1e-5, atol=1e-5 * strongest)
        # The last bits of a map decide on which side of ReLU6's kinks a gradient passes.
        np.testing.assert_allclose(evidence, in_torch.map(method), atol=5e-3 * strongest)


def test_at_the_last_stage_two_methods_are_the_exact_map(sights: Mapping[tuple[str, str], Classification]) -> None:
    sight = sights["lite0", "coffee"]
    found = tasks.stage_maps(sight.classifier, sight.seen, LAST, ESPRESSO)
    for method in (CamMethod.GRAD_CAM, CamMethod.HIRES_CAM):
        np.testing.assert_allclose(found[method], sight.maps[ESPRESSO], atol=1e-4)


def test_a_covered_rectangle_is_what_the_network_sees(sights: Mapping[tuple[str, str], Classification]) -> None:
    sight = sights["lite0", "coffee"]
    untouched = tasks.without(sight.classifier, sight.seen, Region(50, 0, 50, 100))
    np.testing.assert_array_equal(untouched.logits, sight.logits)
    blank = tasks.without(sight.classifier, sight.seen, EVERYTHING)
    assert len(np.unique(blank.seen.reshape(-1, 3), axis=0)) == 1
    assert blank.probabilities[ESPRESSO] < sight.probabilities[ESPRESSO] / 2


def test_a_stage_that_is_not_there_is_refused(sights: Mapping[tuple[str, str], Classification]) -> None:
    sight = sights["lite0", "coffee"]
    with pytest.raises(ValueError, match="there is no stage 10"):
        tasks.stage_maps(sight.classifier, sight.seen, 10, ESPRESSO)


# ---- what is a task

TASKS = {
    name: each
    for name, each in vars(tasks).items()
    if inspect.isfunction(each) and each.__module__ == tasks.__name__ and not name.startswith("_")
}

# How a page hands a task over: the call, whether it is of a method, and which of its arguments the task is.
GIVEN = {("measured", False): 2, ("submit", True): 1}

# A source, and the tasks that it hands over.
SOURCES: tuple[tuple[str, list[str]], ...] = (
    ("measured('a', 1, partial(tasks.count, network), 'b', 'c')", ["tasks.count"]),
    ("service().submit(visitor(), tasks.look, classifier, file)", ["tasks.look"]),
    ("measured('a', 1, partial(measure.latency, network), 'b', 'c')", ["measure.latency"]),
    ("form.submit()", []),
    ("findings.measured(plan, outcomes, 1)", []),
)


def handed_over(source: str) -> Iterator[str]:
    """What a source gives to a pool, as it is written there."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        place = GIVEN.get((name, isinstance(node.func, ast.Attribute)))
        if place is not None and len(node.args) > place:
            given = node.args[place]
            yield ast.unparse(given.args[0] if isinstance(given, ast.Call) else given)


@pytest.mark.parametrize(("source", "found"), SOURCES)
def test_what_is_handed_over_is_found(source: str, found: list[str]) -> None:
    assert list(handed_over(source)) == found


def test_pages_hand_over_tasks_and_nothing_else() -> None:
    sources = [path for path in (ROOT / "explorer" / "ui").rglob("*.py") if path.name != "measurement.py"]
    given = {found for path in sources for found in handed_over(path.read_text(encoding="utf-8"))}
    assert given == {f"tasks.{name}" for name in TASKS} - {"tasks.warm_up"}


@pytest.mark.parametrize("name", TASKS)
def test_a_task_says_what_it_does_and_the_types_of_what_it_gets(name: str) -> None:
    task = TASKS[name]
    assert not (task.__doc__ or "See").startswith("See")
    assert set(inspect.get_annotations(task)) == {*inspect.signature(task).parameters, "return"}


# ---- what is ready before anybody asks


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "KEPT", KeptCache(KEPT_BYTES))


def never(*_: object) -> Engine:
    """An engine that must not be made."""
    raise AssertionError("it is ready already")


def look_at_first() -> str:
    """What looks when the page is opened with nothing set, and looks."""
    found = answering(Architecture(), at_hand())
    assert found is not None
    return tasks.look(found.classifier, photograph_file("cat"))[0].classifier.checkpoint.name


@pytest.mark.usefixtures("nothing_kept")
def test_the_network_that_a_first_visitor_sees_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks.warm_up()
    monkeypatch.setattr(weights, "engine", never)
    assert look_at_first() == "lite2"


@pytest.mark.usefixtures("nothing_kept")
def test_it_is_b0_grown_where_its_weights_are_here(b0: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks.warm_up()
    monkeypatch.setattr(weights, "engine", never)
    assert look_at_first() == b0.name


@pytest.mark.usefixtures("nothing_kept")
def test_without_any_weights_there_is_nothing_to_have_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "at_hand", tuple)
    monkeypatch.setattr(weights, "engine", never)
    tasks.warm_up()
