"""What a link carries: round trips of every state, and broken links that still open and say so."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.cost.memory import OPTIMISERS, PRECISIONS
from explorer.network import scaling
from explorer.network.baselines import BASELINES
from explorer.planning.budget import OBJECTIVES
from explorer.settings.declarations import FIELDS, PARTS, Architecture, LookView, Settings, of_values, options
from explorer.settings.fields import Choice, Number
from explorer.settings.links import parse, to_query
from explorer.ui.count.cost_map import COMPOUND, DIRECT
from tests.support.samples import PHOTOGRAPHS
from tests.support.states import states

# Name, what the link says, the value that is shown instead, and a part of the notice.
BROKEN: tuple[tuple[str, str, float | str, str], ...] = (
    ("phi", "9", 8.0, "numbers from -3 to 8"),
    ("phi", "-99", -3.0, "numbers from -3 to 8"),
    ("phi", "inf", 8.0, "“inf”"),
    ("phi", "-inf", -3.0, "“-inf”"),
    ("phi", "1e308", 8.0, "“1e308”"),
    ("phi", "1e999", 8.0, "“1e999”"),
    ("phi", "nan", 1.0, "“nan”"),
    ("phi", "", 1.0, "“”"),
    ("phi", "one", 1.0, "“one”"),
    ("phi", "1,5", 1.0, "“1,5”"),
    ("phi", "0x10", 1.0, "“0x10”"),
    ("alpha", "0", 0.5, "numbers from 0.5 to 2.5"),
    ("beta", "-1", 0.5, "numbers from 0.5 to 2.5"),
    ("gamma", "3", 2.5, "numbers from 0.5 to 2.5"),
    ("depth", "0", 0.1, "numbers from 0.1 to 8"),
    ("width", "8.0001", 8.0, "numbers from 0.1 to 8"),
    ("pixels", "31", 32, "numbers from 32 to 1024"),
    ("pixels", "1e9", 1024, "numbers from 32 to 1024"),
    ("pixels", "inf", 1024, "numbers from 32 to 1024"),
    ("pixels", "nan", 224, "numbers from 32 to 1024"),
    ("class_index", "1000", 999, "numbers from -1 to 999"),
    ("class_index", "-2", -1, "numbers from -1 to 999"),
    ("opacity", "101", 100, "numbers from 0 to 100"),
    ("family", "resnet", "efficientnet", "efficientnet, lite"),
    ("family", "Lite", "efficientnet", "“Lite”"),
    ("by", "", "formula", "formula, direct"),
    ("hold", "phi", "off", "off, alpha, beta, gamma"),
    ("photo", "../../etc/passwd", "cat", "“../../etc/passwd”"),
    ("network", "b7", "sliders", "sliders, lite0, lite1, lite2"),
)

# What a link may say in more than one way, and the value.
SPELLINGS: tuple[tuple[str, str, float | str], ...] = (
    ("phi", "1.5", 1.5),
    ("phi", "1.50", 1.5),
    ("phi", "-2", -2.0),
    ("phi", "+3", 3.0),
    ("phi", "2e0", 2.0),
    ("pixels", "380", 380),
    ("pixels", "380.0", 380),
    ("class_index", "-1", -1),
    ("family", "lite", "lite"),
)

# Settings and the whole link that they make.
LINKS: tuple[tuple[Settings, dict[str, str]], ...] = (
    (Settings(), {}),
    (Settings(Architecture(phi=2.5)), {"phi": "2.5"}),
    (Settings(Architecture(phi=-3.0, alpha=1.0)), {"phi": "-3", "alpha": "1"}),
    (Settings(Architecture(phi=0.0)), {"phi": "0"}),
    (
        Settings(Architecture(family="lite", by="direct", depth=1.8, width=1.4, pixels=380)),
        {"family": "lite", "by": "direct", "depth": "1.8", "width": "1.4", "pixels": "380"},
    ),
    (
        Settings(look=LookView(photo="rocket", network="lite2", class_index=657)),
        {"photo": "rocket", "network": "lite2", "class_index": "657"},
    ),
)

LONG = "x" * 1_000_000


def test_no_two_parts_have_a_setting_of_the_same_name() -> None:
    names = [each.name for part in PARTS.values() for each in fields(part)]
    assert names == list(FIELDS)


def test_a_default_is_declared_once_and_is_of_the_settings_type() -> None:
    assert Settings().values == {name: field.default for name, field in FIELDS.items()}
    for part in PARTS.values():
        declared_types = get_type_hints(part)
        assert {each.name: type(each.default) for each in fields(part)} == declared_types


def test_every_setting_says_what_it_means() -> None:
    assert all(field.meaning.endswith(".") for field in FIELDS.values())
    assert len({field.meaning for field in FIELDS.values()}) == len(FIELDS)


def test_values_come_back_as_settings() -> None:
    assert of_values({}) == Settings()
    assert of_values(Settings(Architecture(phi=2.0)).values) == Settings(Architecture(phi=2.0))


def test_every_default_is_allowed() -> None:
    for field in FIELDS.values():
        if isinstance(field, Number):
            assert field.range.lowest <= field.default <= field.range.highest
            assert field.default == round(field.default, field.decimals)
        elif isinstance(field, Choice):
            assert len(set(field.options)) == len(field.options) > 1


def test_choices_are_what_there_is_to_choose() -> None:
    assert options("family")[: len(BASELINES)] == tuple(BASELINES)
    assert options("hold") == ("off", *scaling.EXPONENTS)
    assert options("precision") == tuple(PRECISIONS)
    assert options("optimiser") == tuple(OPTIMISERS)
    assert options("objective") == tuple(OBJECTIVES)
    assert sorted(options("map_across")) == sorted(options("map_up")) == sorted([*COMPOUND, *DIRECT])
    assert options("photo")[: len(PHOTOGRAPHS)] == PHOTOGRAPHS


@pytest.mark.parametrize("name", ["phi", "colour"])
def test_only_choices_have_options(name: str) -> None:
    with pytest.raises(KeyError):
        options(name)


@given(states)
def test_a_link_brings_back_every_state(state: Settings) -> None:
    assert parse(to_query(state)) == (state, ())


@given(states)
def test_a_link_says_only_what_is_not_the_default(state: Settings) -> None:
    query = to_query(state)
    assert set(query) == {name for name, value in state.values.items() if value != FIELDS[name].default}
    assert all(isinstance(text, str) for text in query.values())


@given(states)
def test_whole_numbers_stay_whole(state: Settings) -> None:
    read, _ = parse(to_query(state))
    for name, field in FIELDS.items():
        if isinstance(field, Number) and not field.decimals:
            assert type(read.values[name]) is int


@pytest.mark.parametrize(("state", "query"), LINKS)
def test_known_links(state: Settings, query: dict[str, str]) -> None:
    assert to_query(state) == query
    assert parse(query) == (state, ())


@pytest.mark.parametrize(("name", "text", "value"), SPELLINGS)
def test_a_value_can_be_spelt_in_several_ways(name: str, text: str, value: float | str) -> None:
    state, notices = parse({name: text})
    assert state.values[name] == value
    assert notices == ()


@pytest.mark.parametrize(("name", "text", "value", "words"), BROKEN)
def test_a_broken_value_is_clamped_and_said(name: str, text: str, value: float | str, words: str) -> None:
    state, notices = parse({name: text})
    shown: dict[str, Any] = {name: value}
    assert state == of_values(shown)
    (notice,) = notices
    assert name in notice
    assert words in notice
    assert f"{name} = {value}." in notice


def test_each_broken_value_has_its_own_notice_and_the_others_are_kept() -> None:
    state, notices = parse({"phi": "99", "alpha": "1.3", "photo": "dog", "pixels": "100"})
    assert state.architecture == Architecture(phi=8.0, alpha=1.3, pixels=100)
    assert ["phi" in notices[0], "photo" in notices[1], len(notices)] == [True, True, 2]


@given(st.dictionaries(st.text().filter(lambda name: name not in FIELDS), st.text()))
def test_unknown_names_are_ignored(query: dict[str, str]) -> None:
    assert parse(query) == (Settings(), ())
    assert parse({**query, "phi": "2"}) == (Settings(Architecture(phi=2.0)), ())


@given(st.sampled_from(sorted(FIELDS)), st.text() | st.floats().map(str) | st.integers().map(str))
def test_no_text_breaks_a_link(name: str, text: str) -> None:
    state, notices = parse({name: text})
    field, value = FIELDS[name], state.values[name]
    if isinstance(field, Number):
        assert field.range.lowest <= value <= field.range.highest
    elif isinstance(field, Choice):
        assert value in field.options
    else:
        assert value == text
    assert all(len(notice) <= 300 for notice in notices)
    assert parse(to_query(state))[1] == ()


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("text", [LONG, "9" * len(LONG), "-" + LONG], ids=["letters", "digits", "minus"])
def test_a_megabyte_makes_a_short_notice(name: str, text: str) -> None:
    _, notices = parse({name: text})
    (notice,) = notices
    assert len(notice) <= 300
    assert text[:20] in notice


def test_the_held_coefficient_follows() -> None:
    assert Architecture().compound == scaling.Compound(1.0, 1.2, 1.1, 1.15)
    held = Architecture(phi=2.0, hold="beta").compound
    assert (held.phi, held.alpha, held.gamma) == (2.0, 1.2, 1.15)
    assert held.product == pytest.approx(2)
