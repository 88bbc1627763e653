"""The lessons on paper: questions with room to write, and a sheet of answers for the teacher."""

from __future__ import annotations

from fpdf import FPDF

from explorer.assets import ASSETS
from explorer.formats.quantities import decimal
from explorer.settings.declarations import Architecture
from explorer.teaching.lessons.course import COURSE, name_of
from explorer.teaching.lessons.lesson import Lesson

FONT, SMALL, NORMAL, LARGE = "DejaVu", 9, 10.5, 16
"""A font that has Greek letters, and sizes in points."""
LINE, GAP, RULE_GAP = 5.5, 4.0, 9.0
"""Millimetres from line to line, between lessons, and between lines to write on."""
LESSON_HEIGHT = 55.0
GREY = 110


def worksheet(settings: Architecture, link: str, *, answers: bool = False) -> bytes:
    """A PDF (A4) with all lessons for the class's `settings`; `link` leads to them.

    Args:
        settings: whose family, α, β, γ and rounding the questions are about.
        link: printed on the sheet.
        answers: whether the sheet of answers follows, on a page of its own.

    Raises:
        ScalingError: a lesson cannot be held with these settings.
    """
    pdf = FPDF(format="A4")
    for style, name in (("", "DejaVuSans"), ("B", "DejaVuSans-Bold")):
        pdf.add_font(FONT, style, ASSETS / "fonts" / f"{name}.ttf")
    pdf.set_title("Compound scaling: predict, then build")
    pdf.set_auto_page_break(auto=True, margin=15)
    _head(pdf, "Compound scaling: predict, then build", settings, link)
    for number, lesson in enumerate(COURSE, start=1):
        _question(pdf, number, lesson, settings)
    if answers:
        _head(pdf, "Answers, for the teacher", settings, link)
        for number, lesson in enumerate(COURSE, start=1):
            _answer(pdf, number, lesson, settings)
    return bytes(pdf.output())


def _head(pdf: FPDF, title: str, settings: Architecture, link: str) -> None:
    pdf.add_page()
    _write(pdf, title, size=LARGE, style="B")
    compound = settings.compound
    _write(
        pdf,
        f"{name_of(settings)}, α = {decimal(compound.alpha)}, β = {decimal(compound.beta)}, γ = "
        f"{decimal(compound.gamma)}, rounding: {settings.rounding}",
    )
    _write(pdf, link, size=SMALL, grey=True)
    pdf.ln(GAP)


def _question(pdf: FPDF, number: int, lesson: Lesson, settings: Architecture) -> None:
    if pdf.will_page_break(LESSON_HEIGHT):
        pdf.add_page()
    _write(pdf, f"{number}. {lesson.title}", style="B")
    _write(pdf, f"{lesson.know} {lesson.ask(settings)}")
    pdf.ln(GAP)
    _write(pdf, f"My guess ({lesson.unit.name}): ________________      The answer: ________________")
    _write(pdf, "Why?", size=SMALL, grey=True)
    for _ in range(2):
        pdf.ln(RULE_GAP)
        pdf.set_draw_color(GREY)
        pdf.line(pdf.l_margin, pdf.get_y(), pdf.w - pdf.r_margin, pdf.get_y())
    pdf.ln(GAP)


def _answer(pdf: FPDF, number: int, lesson: Lesson, settings: Architecture) -> None:
    found, unit = lesson.answer(settings), lesson.unit
    promised = "" if found.promised is None else f" (the formula: {unit.write(found.promised)})"
    _write(pdf, f"{number}. {lesson.title}: {unit.write(found.value)}{promised}", style="B")
    _write(pdf, found.why, size=SMALL)
    _write(
        pdf,
        f"Aim: {lesson.aim} Students believe: {lesson.misconception} Go on: {lesson.follow_up}",
        size=SMALL,
        grey=True,
    )
    pdf.ln(GAP / 2)


def _write(pdf: FPDF, text: str, *, size: float = NORMAL, style: str = "", grey: bool = False) -> None:
    pdf.set_font(FONT, style, size)
    pdf.set_text_color(GREY if grey else 0)
    pdf.multi_cell(0, LINE * size / NORMAL, text, align="L", new_x="LMARGIN", new_y="NEXT")
