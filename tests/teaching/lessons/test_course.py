"""The lessons' answers, against counts of their own and for every family."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from explorer.cost import counting
from explorer.network.baselines import BASELINES
from explorer.network.description import of_baseline, scale
from explorer.network.scaling import ROUNDINGS, ScalingError
from explorer.settings.built import build
from explorer.settings.declarations import FIELDS, Architecture
from explorer.settings.fields import Number
from explorer.teaching.lessons.course import COURSE, target
from explorer.teaching.lessons.lesson import FACTOR, PHI, POINTS, judged, read_guesses, write_guesses

BY_KEY = {lesson.key: lesson for lesson in COURSE}

# Lesson, and what it says of B0 with the paper's constants; the ratios are those of counts made by hand below.
B0 = (
    ("depth", "2.03×", "2.00×"),
    ("width", "3.76×", "4.00×"),
    ("resolution", "3.99×", "4.00×"),
    ("rule", "1.92×", None),
    ("rounding", "2.57×", "1.92×"),
    ("budget", "φ = 1.1", "φ = 1.68"),
)
MULTIPLIED = (("depth", (2.0, 1.0, 224)), ("width", (1.0, 2.0, 224)), ("resolution", (1.0, 1.0, 448)))

# Guess, answer, unit, and the verdict.
VERDICTS = (
    (2.0, 2.03, FACTOR, "Your guess is near."),
    (1.0, 2.0, FACTOR, "Your guess is too low by a factor of 2."),
    (8.0, 2.0, FACTOR, "Your guess is too high by a factor of 4."),
    (4.0, 1.1, PHI, "Your guess is too high by 2.9."),
    (1.0, 1.1, PHI, "Your guess is near."),
    (-1.0, 0.7, POINTS, "Your guess is too low by 1.7."),
)

UNREADABLE = ("", ";", "1", "1_", "_2", "x_1", "1_nan", "1_inf", "-1_2", "1_2_3", "²_1", "1_1e999")

classes = st.builds(
    Architecture,
    family=st.sampled_from(tuple(BASELINES)),
    rounding=st.sampled_from(tuple(ROUNDINGS)),
    alpha=st.floats(1.0, 1.6),
    beta=st.floats(1.0, 1.4),
    gamma=st.floats(1.0, 1.4),
)


def test_there_are_as_many_lessons_as_a_link_can_name() -> None:
    field = FIELDS["lesson"]
    assert isinstance(field, Number)
    assert (field.range.lowest, field.range.highest) == (1, len(COURSE))
    assert len(BY_KEY) == len(COURSE) == 8


@pytest.mark.parametrize(("key", "value", "promised"), B0)
def test_the_answers_for_b0(key: str, value: str, promised: str | None) -> None:
    lesson = BY_KEY[key]
    answer = lesson.answer(Architecture())
    assert lesson.unit.write(answer.value) == value
    assert (None if answer.promised is None else lesson.unit.write(answer.promised)) == promised


@pytest.mark.parametrize("family", BASELINES)
@pytest.mark.parametrize(("key", "scaled"), MULTIPLIED)
def test_single_dimensions_are_counted_on_the_scaled_network(
    family: str, key: str, scaled: tuple[float, float, int]
) -> None:
    baseline = BASELINES[family]
    counted = counting.of(scale(baseline, *scaled)).macs / counting.of(of_baseline(baseline)).macs
    assert BY_KEY[key].answer(Architecture(family=family)).value == counted


@given(classes)
@examples(max_examples=12, deadline=None)
def test_every_class_gets_its_lessons(settings: Architecture) -> None:
    for lesson in COURSE:
        try:
            answer = lesson.answer(settings)
        except ScalingError:
            continue
        assert math.isfinite(answer.value)
        assert lesson.ask(settings).endswith((".", "?"))
        assert answer.why.endswith(".")
        build(answer.trial)
    budget = 3 * build(Architecture(family=settings.family, phi=0.0)).baseline_cost.macs
    assert build(BY_KEY["budget"].answer(settings).trial).cost.macs <= budget


def test_the_published_network_is_nearest_at_the_answer() -> None:
    words, macs = target(Architecture())
    assert words == "the multiply-adds of EfficientNet-B4"
    phi = BY_KEY["published"].answer(Architecture()).value
    off = [abs(math.log(build(Architecture(phi=phi + step)).cost.macs / macs)) for step in (-0.01, 0.0, 0.01)]
    assert off[1] == min(off)


@pytest.mark.parametrize(("guess", "answer", "unit", "said"), VERDICTS)
def test_a_guess_is_judged(guess: float, answer: float, unit: object, said: str) -> None:
    assert unit in (FACTOR, PHI, POINTS)
    assert judged(guess, answer, next(each for each in (FACTOR, PHI, POINTS) if each is unit)) == said


@pytest.mark.parametrize("guess", [0.0, -2.0])
def test_a_factor_that_cannot_be_is_judged_too(guess: float) -> None:
    assert judged(guess, 2.0, FACTOR) == "Your guess is too low: a factor of cost is above 0."


@given(st.dictionaries(st.integers(1, 8), st.floats(-1e6, 1e6).map(lambda value: float(f"{value:g}"))))
def test_guesses_come_back_from_the_link(guesses: dict[int, float]) -> None:
    assert read_guesses(write_guesses(guesses)) == guesses


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_no_guess_is_left_out(text: str) -> None:
    assert read_guesses(text) == {}
