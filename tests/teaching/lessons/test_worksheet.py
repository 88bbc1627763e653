"""The worksheet, read back from its PDF."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from explorer.settings.declarations import Architecture
from explorer.teaching.lessons.course import COURSE
from explorer.teaching.lessons.worksheet import worksheet

CLASS = Architecture(family="lite", alpha=1.3)
LINK = "https://explorer.test/paper?s=1abc"


def pages(data: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages]


def test_questions_and_settings_are_on_the_sheet_and_no_answer() -> None:
    text = " ".join(pages(worksheet(CLASS, LINK)))
    assert "EfficientNet-Lite0, α = 1.3, β = 1.1, γ = 1.15, rounding: reference" in text
    assert LINK in text
    for lesson in COURSE:
        answer = lesson.answer(CLASS)
        assert lesson.ask(CLASS) in text
        assert lesson.unit.write(answer.value) not in text
        assert answer.why not in text


def test_answers_begin_on_a_page_of_their_own() -> None:
    plain, with_answers = pages(worksheet(CLASS, LINK)), pages(worksheet(CLASS, LINK, answers=True))
    assert with_answers[: len(plain)] == plain
    answers = " ".join(with_answers[len(plain) :])
    for lesson in COURSE:
        answer = lesson.answer(CLASS)
        assert f"{lesson.title}: {lesson.unit.write(answer.value)}" in answers
        assert answer.why in answers
        assert lesson.misconception in answers
