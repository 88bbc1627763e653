"""What a lesson is: a question whose answer is computed, and how a guess is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from explorer.formats.quantities import decimal, fixed, times
from explorer.settings.declarations import Architecture

NEAR_RATIO = 1.1
"""A guess is near if neither it nor the answer is more than so many times the other."""


@dataclass(frozen=True)
class Unit:
    """How an answer is written, and how far a guess may be from it to count as near.

    Factors are compared by their ratio, all else by the difference.
    """

    name: str
    write: Callable[[float], str]
    near: float
    factor: bool = False


FACTOR = Unit("times", times, NEAR_RATIO, factor=True)
PHI = Unit("φ", lambda value: f"φ = {decimal(round(value, 2))}", 0.25)
POINTS = Unit("percentage points", lambda value: f"{fixed(value, 1)} points", 0.5)


@dataclass(frozen=True)
class LessonAnswer:
    """The answer for one setting; `promised` is what the formula says, None where it says nothing."""

    value: float
    promised: float | None
    why: str
    trial: Architecture
    """What the sliders are set to, to see it."""


@dataclass(frozen=True)
class Lesson:
    """One step: two sentences to know, a question on the class's own settings, and the teacher's notes."""

    key: str
    title: str
    know: str
    ask: Callable[[Architecture], str]
    unit: Unit
    answer: Callable[[Architecture], LessonAnswer]
    aim: str
    misconception: str
    follow_up: str
    minutes: int


def judged(guess: float, answer: float, unit: Unit) -> str:
    """How near a guess is, in words."""
    if unit.factor and guess <= 0:
        return "Your guess is too low: a factor of cost is above 0."
    if unit.factor:
        ratio = guess / answer
        if 1 / unit.near <= ratio <= unit.near:
            return "Your guess is near."
        off = ratio if ratio > 1 else 1 / ratio
        return f"Your guess is too {'high' if ratio > 1 else 'low'} by a factor of {off:.2g}."
    off = guess - answer
    if abs(off) <= unit.near:
        return "Your guess is near."
    return f"Your guess is too {'high' if off > 0 else 'low'} by {decimal(round(abs(off), 2))}."


def read_guesses(text: str) -> dict[int, float]:
    """The guesses of a link, by the number of their lesson from 1; what cannot be read is left out."""
    found: dict[int, float] = {}
    for part in text.split(";"):
        number, _, value = part.partition("_")
        try:
            guess = float(value)
        except ValueError:
            continue
        if number.isascii() and number.isdecimal() and "_" not in value and isfinite(guess):
            found[int(number)] = guess
    return found


def write_guesses(guesses: dict[int, float]) -> str:
    """Guesses as a link carries them: "1_2;5_1.9"."""
    return ";".join(f"{number}_{value:g}" for number, value in sorted(guesses.items()))
