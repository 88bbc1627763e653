"""What a worker has ready before anybody asks."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.jobs import classification_tasks
from explorer.models.checkpoints import Checkpoint, at_hand
from explorer.models.engine import Engine
from explorer.models.kept import KEPT_BYTES, KeptCache
from explorer.models.suggestions import answering
from explorer.settings.declarations import Architecture

pytestmark = pytest.mark.real_weights

PIXELS = np.zeros((300, 300, 3), np.uint8)


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classification_tasks, "KEPT", KeptCache(KEPT_BYTES))


def never(*_: object) -> Engine:
    """An engine that must not be made."""
    raise AssertionError("it is ready already")


def look_at_first() -> str:
    """What looks when the page is opened with nothing set, and looks."""
    found = answering(Architecture(), at_hand())
    assert found is not None
    return classification_tasks.look(found.classifier, PIXELS).classifier.checkpoint.name


def test_the_network_that_a_first_visitor_sees_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    classification_tasks.warm_up()
    monkeypatch.setattr(classification_tasks, "engine", never)
    assert look_at_first() == "lite2"


def test_it_is_b0_grown_where_its_weights_are_here(b0: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    classification_tasks.warm_up()
    monkeypatch.setattr(classification_tasks, "engine", never)
    assert look_at_first() == b0.name


def test_without_any_weights_there_is_nothing_to_have_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classification_tasks, "at_hand", tuple)
    monkeypatch.setattr(classification_tasks, "engine", never)
    classification_tasks.warm_up()
