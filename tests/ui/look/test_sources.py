"""Which sources of weights answer: asked once a minute, in a thread, for all of a source's weights together."""

from __future__ import annotations

from threading import Event

import pytest

from explorer.models.checkpoints import bundled, published
from explorer.models.weight_sources import Hub, NpmPackage
from explorer.ui.look import sources
from explorer.ui.look.sources import Sources
from tests.support.conditions import wait_until

pytestmark = pytest.mark.real_weights

ON_THE_HUB = [checkpoint.place for checkpoint in published().values() if isinstance(checkpoint.place, Hub)]
ON_NPM = published()["b0"].place


class Asking:
    """A source that says nothing until it may, and how often it was asked."""

    def __init__(self) -> None:
        self.may, self.times, self.answer = Event(), 0, True

    def __call__(self, *_: object) -> bool:
        self.times += 1
        self.may.wait()
        return self.answer


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Asking:
    asking = Asking()
    monkeypatch.setattr(Hub, "reachable", staticmethod(asking))
    return asking


def test_nobody_waits_and_all_weights_of_the_hub_are_one_question(hub: Asking) -> None:
    known = Sources()
    assert len(ON_THE_HUB) > 40
    assert {known.answers(place) for place in ON_THE_HUB} == {None}, "it is being asked"
    hub.may.set()
    wait_until(lambda: known.answers(ON_THE_HUB[0]) is not None)
    assert {known.answers(place) for place in ON_THE_HUB} == {True}
    assert hub.times == 1


def test_an_answer_is_asked_for_again_after_a_while_and_holds_meanwhile(
    hub: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Sources()
    hub.may.set()
    wait_until(lambda: known.answers(ON_THE_HUB[0]))
    monkeypatch.setattr(sources, "BELIEVED_SECONDS", 0.0)
    hub.answer = False
    hub.may.clear()
    assert known.answers(ON_THE_HUB[0]) is True
    hub.may.set()
    wait_until(lambda: known.answers(ON_THE_HUB[0]) is False)


def test_each_source_has_an_answer_of_its_own(hub: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NpmPackage, "reachable", lambda _: False)
    hub.may.set()
    known = Sources()
    wait_until(lambda: known.answers(ON_THE_HUB[0]) is True and known.answers(ON_NPM) is False)


def test_what_is_installed_cannot_be_downloaded() -> None:
    assert Sources().answers(next(iter(bundled().values())).place) is False
