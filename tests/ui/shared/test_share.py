"""The link of what is seen: short, in words and as a QR code; and the way back from a preset or a reset."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.settings import links
from explorer.settings.declarations import Architecture, LookView, PaperView, Settings, of_values
from explorer.settings.links import parse, to_query
from explorer.teaching.lessons.course import COURSE
from explorer.ui.shared import share
from tests.ui.driving import link, open_app, open_paper, press

STATES = (
    Settings(),
    Settings(Architecture(phi=2.35, alpha=1.31)),
    Settings(
        Architecture(family="lite", by="direct", depth=1.4, width=1.8, pixels=380),
        look=LookView(photo="coffee", network="lite0"),
    ),
)


def shown(app: AppTest) -> list[str]:
    return [code.value for code in app.code]


@pytest.mark.parametrize("settings", STATES)
def test_a_reader_of_its_own_reads_the_code(settings: Settings) -> None:
    link = links.short("https://a-class.example.org:8501/look", settings)
    picture = cv2.imdecode(np.frombuffer(share.code(link), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    said, corners, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    assert said == link
    assert corners is not None
    quiet = corners[0].min() / share.SCALE
    assert quiet >= share.BORDER
    assert picture[0].min() == 255, "dark on white, whatever the theme"


def test_share_says_the_link_of_what_is_seen_and_sends_it_only_then() -> None:
    app = open_app({"phi": "2", "family": "lite", "alpha": "1.3"})
    assert shown(app) == []
    press(app, "Share")
    short, whole = shown(app)
    assert whole.endswith("/?family=lite&phi=2&alpha=1.3")
    again = open_app({"s": short.partition("s=")[2]})
    assert link(again) == link(app)
    app.run()
    assert shown(app) == [], "the dialog opens once for each press"


def test_what_a_class_is_given_carries_no_guess_no_note_and_no_presenter() -> None:
    app = open_app({"phi": "2", "mode": "presenter", "guesses": "1_2", "teacher": "on"})
    press(app, "Share")
    handed, yours = shown(app)
    assert handed.endswith("/?phi=2")
    assert links.read({"s": [yours.partition("s=")[2]]})[0] == of_values(
        {"phi": 2.0, "mode": "presenter", "guesses": "1_2", "teacher": "on"}
    )


@pytest.mark.parametrize("number", range(1, len(COURSE) + 1))
def test_the_link_of_a_lesson_asks_the_same_and_gives_nothing_away(number: int) -> None:
    lesson = COURSE[number - 1]
    now = Architecture(family="lite", alpha=1.25, rounding="nearest")
    read = PaperView(reading="lessons", lesson=number, guesses="1_2;5_3", teacher="on")
    at_the_answer = Settings(lesson.answer(now).trial, paper=read)
    handed = links.for_students(at_the_answer, question=True)
    assert set(to_query(handed)) <= {"family", "alpha", "rounding", "reading", "lesson"}
    assert lesson.ask(handed.architecture) == lesson.ask(now)
    assert lesson.answer(handed.architecture).value == lesson.answer(now).value


def test_a_teachers_link_of_a_lesson_is_for_the_class_first() -> None:
    app = open_paper({"reading": "lessons", "lesson": "2", "guesses": "2_4", "teacher": "on", "phi": "2"})
    press(app, "Share")
    handed, yours = shown(app)[0], shown(app)[-1]
    assert links.read({"s": [handed.partition("s=")[2]]})[0] == Settings(paper=PaperView(reading="lessons", lesson=2))
    assert yours != handed
    assert any("For your class" in each.value for each in app.markdown)


def test_a_broken_short_link_is_a_sentence_and_the_start() -> None:
    app = open_app({"s": "1AAAA"})
    assert ["The short link is damaged" in each.value for each in app.warning] == [True]
    assert link(app) == {}


def test_a_preset_a_reset_and_the_way_back() -> None:
    app = open_app({"phi": "2", "alpha": "1.3"})
    assert not any(button.label == "Undo" for button in app.button)
    press(app, "Reset to the start")
    assert link(app) == {}
    press(app, "Undo")
    assert parse(link(app))[0].architecture == Architecture(phi=2, alpha=1.3)
    assert not any(button.label == "Undo" for button in app.button)


def test_a_presenter_sees_the_essentials() -> None:
    full, projected = open_app({"phi": "2"}), open_app({"phi": "2", "mode": "presenter"})
    assert len(projected.get("plotly_chart")) == len(full.get("plotly_chart")) == 2
    assert len(full.dataframe) == 1
    assert len(projected.dataframe) == 0
    assert projected.get("popover") == []
    assert len(projected.metric) == len(full.metric)
    assert len(projected.caption) < len(full.caption)
    press(projected, "Reset to the start")
    assert link(projected) == {"mode": "presenter"}
