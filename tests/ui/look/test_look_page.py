"""The Look page, driven as a visitor would, against a direct call of the network."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from io import BytesIO
from typing import TypeVar

import pytest
from PIL import Image

from explorer.assets import ASSETS
from explorer.jobs import tasks
from explorer.jobs.limits import WorkerLimits
from explorer.jobs.pool import WorkerPool
from explorer.jobs.ticket import Ticket
from explorer.ui.look import answer
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.vision.classification import Classification
from explorer.vision.narrative import evidence_sentence
from tests.support.samples import classifier, photograph_file
from tests.ui.driving import PATIENCE_SECONDS, link, open_look

pytestmark = pytest.mark.real_weights
T = TypeVar("T")

# PhotographFile, network, what its first answer must be one of.
ANSWERS = (
    ("cat", "lite0", {"tabby", "tiger cat", "Egyptian cat"}),
    ("coffee", "lite0", {"espresso"}),
    ("coffee", "lite1", {"espresso"}),
    ("coffee", "lite2", {"espresso"}),
)

# A file's bytes, its name, and a word of the refusal.
REFUSED = (
    (b"not an image", "notes.jpg", "notes.jpg"),
    (b"", "empty.png", "empty"),
    ((ASSETS / "samples" / "cat.jpg").read_bytes()[:5000], "half.jpg", "half.jpg"),
)


def direct(network: str, photo: str) -> Classification:
    return tasks.look(classifier(network), photograph_file(photo))[0]


@pytest.mark.parametrize(("photo", "network", "expected"), ANSWERS)
def test_the_page_says_what_the_network_says(photo: str, network: str, expected: set[str]) -> None:
    app = open_look({"photo": photo, "network": network})
    sight = direct(network, photo)
    table = app.dataframe[0].value
    assert table["Class"][0] in expected
    assert table["Class"].tolist() == [item.label for item in sight.top(5)]
    assert table["Probability"].tolist() == pytest.approx([item.probability * 100 for item in sight.top(5)], abs=1e-3)
    assert table["Class"][0] in app.markdown[0].value


def test_any_class_can_be_asked_for() -> None:
    app = open_look({"photo": "cat_and_coffee", "network": "lite0"})
    app.selectbox(key="class_index").set_value(967).run()
    assert evidence_sentence(direct("lite0", "cat_and_coffee"), 967) in [item.value for item in app.markdown]
    assert link(app)["class_index"] == "967"


def test_an_upload_is_looked_at_and_its_notes_are_shown() -> None:
    app = open_look({"photo": "upload", "network": "lite0"})
    assert not app.dataframe
    with Image.open(ASSETS / "samples" / "coffee.jpg") as coffee:
        turned = BytesIO()
        coffee.convert("CMYK").save(turned, "JPEG", quality=95)
    app.file_uploader[0].upload("mine.jpg", turned.getvalue(), "image/jpeg").run()
    assert app.dataframe[0].value["Class"][0] == "espresso"
    assert any("CMYK" in caption.value for caption in app.caption)


@pytest.mark.parametrize(("data", "name", "said"), REFUSED)
def test_a_file_that_is_no_photograph_is_refused_and_nothing_is_lost(data: bytes, name: str, said: str) -> None:
    app = open_look({"photo": "upload", "phi": "2", "network": "lite0"})
    app.file_uploader[0].upload(name, data, "image/jpeg").run()
    assert not app.exception
    assert len(app.error) == 1
    assert escape_markdown(said) in app.error[0].value
    assert not app.dataframe
    assert app.slider(key="phi").value == 2.0


def test_a_worker_that_dies_costs_one_sentence_and_one_click(monkeypatch: pytest.MonkeyPatch) -> None:
    service = WorkerPool(WorkerLimits(job_seconds=PATIENCE_SECONDS))
    monkeypatch.setattr(answer, "service", lambda: service)

    def look_and_die(visitor: str, task: Callable[..., T], *arguments: object) -> Ticket[T]:
        ticket = WorkerPool.submit(service, visitor, task, *arguments)
        while ticket.running_seconds is None:  # a job that has not begun would be tried again
            assert not ticket.wait(0.001)
        os.kill(service.processes[0], signal.SIGKILL)
        return ticket

    try:
        with monkeypatch.context() as once:
            once.setattr(service, "submit", look_and_die)
            app = open_look({"photo": "coffee", "network": "lite0"})
        assert len(app.error) == 1
        assert "ask again" in app.error[0].value
        assert not app.dataframe
        next(button for button in app.button if button.label == "Look again").click().run()
        assert not app.error
        assert app.dataframe[0].value["Class"][0] == "espresso"
    finally:
        service.stop()


def test_who_asks_too_often_reads_why(monkeypatch: pytest.MonkeyPatch) -> None:
    service = WorkerPool(WorkerLimits(per_minute=1, job_seconds=PATIENCE_SECONDS))
    monkeypatch.setattr(answer, "service", lambda: service)
    try:
        app = open_look({"photo": "coffee", "network": "lite0"})
        assert app.dataframe
        app.pills(key="photo").set_value("cat").run()
        assert not app.exception
        assert "wait a few seconds" in app.error[0].value
        assert not app.dataframe, "the old answer is not shown for the new photograph"
    finally:
        service.stop()


def test_an_answer_is_never_shown_for_another_photograph() -> None:
    app = open_look({"photo": "cat", "network": "lite0"})
    cat = app.markdown[0].value
    app.pills(key="photo").set_value("coffee").run()
    assert app.markdown[0].value != cat
    assert "espresso" in app.markdown[0].value
    app.pills(key="photo").set_value("upload").run()
    assert not app.dataframe
