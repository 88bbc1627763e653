"""The lessons: guess first, then see; the teacher's notes and the worksheet."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from explorer.charts.lesson import guessed
from explorer.formats.quantities import counted
from explorer.network.scaling import ScalingError
from explorer.settings import links
from explorer.settings.declarations import Architecture, PaperView, Settings, options
from explorer.teaching.lessons.course import COURSE
from explorer.teaching.lessons.lesson import Lesson, LessonAnswer, judged, read_guesses, write_guesses
from explorer.ui.paper.try_it import try_it
from explorer.ui.shared import figure, share
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.state import bound

GUESS = "_guess"
MOST_GUESSED = 1e6
GUESS_WIDTH = 260


def render(settings: Settings) -> None:
    """The open lesson: its question, and after a guess its answer."""
    view, now = settings.paper, settings.architecture
    guesses = read_guesses(view.guesses)
    lesson = COURSE[view.lesson - 1]
    done = sum(number in guesses for number in range(1, len(COURSE) + 1))
    st.progress(done / len(COURSE), f"{done} of {len(COURSE)} guessed; your guesses are in the link")
    st.header(f"Lesson {view.lesson}: {lesson.title}")
    st.markdown(lesson.know)
    try:
        st.markdown(f"**{escape_markdown(lesson.ask(now))}**")
        if view.lesson in guesses:
            _reveal(lesson, guesses[view.lesson], lesson.answer(now))
        else:
            _ask(lesson, view)
        _teacher(lesson, view.teacher, now)
    except ScalingError as error:
        st.error(
            f"This lesson cannot be held with your settings. {escape_markdown(str(error))}", icon=":material/block:"
        )
    _turn(view.lesson)
    _worksheet(settings)


def _ask(lesson: Lesson, view: PaperView) -> None:
    row = st.container(horizontal=True, vertical_alignment="bottom")
    guess = row.number_input(
        f"Your guess ({lesson.unit.name})",
        -MOST_GUESSED,
        MOST_GUESSED,
        None,
        key=GUESS,
        placeholder="a number",
        width=GUESS_WIDTH,
        persist_state="session",
    )
    if row.button("Commit my guess", icon=":material/check:", on_click=_commit, args=(view,)) and guess is None:
        st.warning("Type a number first.", icon=":material/edit:")
    st.caption("The answer is computed when you have committed a guess: being wrong first is how it stays in mind.")


def _commit(view: PaperView) -> None:
    guess = st.session_state[GUESS]
    if guess is not None:
        _keep({**read_guesses(view.guesses), view.lesson: float(guess)})


def _keep(guesses: dict[int, float]) -> None:
    st.session_state["guesses"] = write_guesses(guesses)


def _reveal(lesson: Lesson, guess: float, answer: LessonAnswer) -> None:
    unit = lesson.unit
    st.markdown(f"### {unit.write(answer.value)}")
    st.markdown(judged(guess, answer.value, unit))
    said = f"You guessed {unit.write(guess)}, the answer is {unit.write(answer.value)}"
    promised = "" if answer.promised is None else f", the formula promises {unit.write(answer.promised)}"
    rows = [{"what": "guess", unit.name: guess}, {"what": "answer", unit.name: answer.value}]
    figure.show(guessed(guess, answer, unit), f"lesson_{lesson.key}", f"{said}{promised}.", rows)
    st.markdown(f"**Why?** {escape_markdown(answer.why)}")
    row = st.container(horizontal=True)
    with row:
        try_it("see it at the sliders", answer.trial)
    row.button("Guess again", icon=":material/replay:", type="tertiary", on_click=_forget)


def _forget() -> None:
    guesses = read_guesses(st.session_state["guesses"])
    guesses.pop(st.session_state["lesson"], None)
    _keep(guesses)


def _turn(number: int) -> None:
    row = st.container(horizontal=True)
    for label, way, place in (("Back", "back", number - 1), ("Next", "forward", number + 1)):
        outside = not 1 <= place <= len(COURSE)
        arrow = f":material/arrow_{way}:"
        row.button(label, key=f"_lesson_{label}", icon=arrow, disabled=outside, on_click=_open, args=(place,))


def _open(number: int) -> None:
    st.session_state["lesson"] = number
    st.session_state[GUESS] = None


def _teacher(lesson: Lesson, notes: str, now: Architecture) -> None:
    st.segmented_control("Teacher's notes", options("teacher"), **bound("teacher"), required=True)
    if notes == "off":
        return
    answer = lesson.answer(now)
    st.markdown(
        f"- **Aim** ({counted(lesson.minutes, 'minute')}): {lesson.aim}\n"
        f"- **The answer**, do not show this yet: {escape_markdown(lesson.unit.write(answer.value))}\n"
        f"- **What students believe**: {lesson.misconception}\n"
        f"- **Go on**: {lesson.follow_up}"
    )


def _worksheet(now: Settings) -> None:
    """The questions on paper, with the class's settings; made when it is asked for."""
    handed = links.for_students(now, question=True)
    link = links.short(share.address(), replace(handed, paper=replace(handed.paper, lesson=1)))
    row = st.container(horizontal=True)
    for label, name, answers in (("Worksheet", "worksheet", False), ("Worksheet with answers", "answers", True)):
        row.download_button(
            f"{label} (PDF)",
            partial(_pdf, now.architecture, link, answers=answers),
            f"{name}.pdf",
            "application/pdf",
            icon=":material/print:",
            on_click="ignore",
        )


def _pdf(settings: Architecture, link: str, *, answers: bool) -> bytes:
    from explorer.teaching.lessons.worksheet import worksheet

    return worksheet(settings, link, answers=answers)
