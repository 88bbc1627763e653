"""The lessons on page Paper: the answer only after the guess, both in the link."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from explorer.settings.declarations import Architecture
from explorer.teaching.lessons.course import COURSE
from tests.ui.driving import link, open_paper, press


def shown(app: AppTest) -> str:
    said = (*app.markdown, *app.caption, *app.header)
    return " ".join(element.value for element in said).replace("\\", "")


@pytest.mark.parametrize("number", range(1, len(COURSE) + 1))
def test_the_answer_is_nowhere_before_the_guess(number: int) -> None:
    lesson, settings = COURSE[number - 1], Architecture()
    answer = lesson.answer(settings)
    app = open_paper({"reading": "lessons", "lesson": str(number)})
    assert lesson.ask(settings) in shown(app)
    assert answer.why not in shown(app)
    assert app.get("plotly_chart") == []
    app.number_input(key="_guess").set_value(2.0).run()
    press(app, "Commit my guess")
    assert answer.why in shown(app)
    assert lesson.unit.write(answer.value) in shown(app)
    assert len(app.get("plotly_chart")) == 1
    assert link(app)["guesses"] == f"{number}_2"


def test_the_link_keeps_the_progress_and_a_guess_can_be_taken_back() -> None:
    app = open_paper({"reading": "lessons", "lesson": "2", "guesses": "1_2;2_4;9_1;x"})
    assert "too high" in shown(app) or "near" in shown(app)
    assert [each.proto.text for each in app.get("progress")] == ["2 of 8 guessed; your guesses are in the link"]
    press(app, "Guess again")
    assert link(app)["guesses"] == "1_2;9_1"
    press(app, "Next")
    assert link(app)["lesson"] == "3"


def test_no_guess_is_no_commitment() -> None:
    app = open_paper({"reading": "lessons"})
    press(app, "Commit my guess")
    assert [each.value for each in app.warning] == ["Type a number first."]
    assert link(app) == {"reading": "lessons"}


def test_the_teacher_reads_the_answer_at_once() -> None:
    app = open_paper({"reading": "lessons", "teacher": "on"})
    lesson = COURSE[0]
    for words in (lesson.aim, lesson.misconception, lesson.unit.write(lesson.answer(Architecture()).value)):
        assert words in shown(app)


def test_a_class_that_cannot_be_taught_gets_a_sentence() -> None:
    app = open_paper({"reading": "lessons", "lesson": "5", "alpha": "2.5", "beta": "2.5", "gamma": "2.5"})
    assert [error.value[:46] for error in app.error] in ([], ["This lesson cannot be held with your settings."])
