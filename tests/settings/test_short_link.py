"""Short links: every state and back, for ever, and nothing from a code that is not whole."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.settings import links
from explorer.settings.declarations import FIELDS, Architecture, Settings, of_values
from explorer.settings.links import to_query
from explorer.settings.short_link import DICTIONARY, BrokenLinkError, expand, shorten
from tests.support.states import states

# Codes that were handed out; whatever changes, they must open to the same.
FOR_EVER = (
    ("1__8DAA", Settings()),
    ("18Z0DK9EzNgUA", Settings(Architecture(phi=2.35))),
    ("1H9NDjiCIcljwGgMA", Settings(Architecture(family="lite", phi=2, alpha=1.3))),
    (
        "1n1RDBC_ClwhXIVuGnHVRsx-iLAEA",
        of_values(
            {
                "by": "direct",
                "depth": 1.4,
                "width": 1.8,
                "pixels": 380,
                "photo": "coffee",
                "network": "lite0",
                "view": "trust",
            }
        ),
    ),
    (
        "13SODSKIGGtYINjRCywMA",
        of_values({"chapter": "single", "phi": 3, "rounding": "none", "drawing": "blocks", "block": 12}),
    ),
)

# What is no code, and what the sentence about it says.
BROKEN = (
    ("", "damaged"),
    ("1", "damaged"),
    ("1AAAA", "damaged"),
    ("18Z0DK9EzNgU", "damaged"),
    ("18Z0DK9EzNgUB", "damaged"),
    ("28Z0DK9EzNgUA", "newer version"),
    ("x8Z0DK9EzNgUA", "damaged"),
    ("1" + "A" * 30_000, "damaged"),
    ("1φφφ", "damaged"),
    ("1<b>", "damaged"),
)

# What came after the dictionary: a new one would be a new packing, for a few characters less.
SPELT_OUT = {
    "limit_activations",
    "precision",
    "optimiser",
    "batch",
    "gpu",
    "free",
    "objective",
    "map_across",
    "map_up",
    "map_cost",
}

REPEATED = ({"phi": ["1", "2"]}, Settings(Architecture(phi=2)), "The link gives phi 2 times: the last one counts.")


@given(states)
def test_every_state_comes_back(settings: Settings) -> None:
    query = to_query(settings)
    assert expand(shorten(query)) == query
    opened, notices = links.read({"s": [shorten(query)]})
    assert (opened, notices) == (settings, ())


@pytest.mark.parametrize(("code", "settings"), FOR_EVER)
def test_a_code_opens_for_ever(code: str, settings: Settings) -> None:
    assert links.read({"s": [code]}) == (settings, ())


@pytest.mark.parametrize(("code", "said"), BROKEN)
def test_what_is_no_code_is_said(code: str, said: str) -> None:
    with pytest.raises(BrokenLinkError, match=said):
        expand(code)
    opened, notices = links.read({"s": [code]})
    assert opened == Settings()
    assert len(notices) == 1


@given(st.text(max_size=60))
def test_a_changed_code_opens_nothing_else(tail: str) -> None:
    code = shorten({"phi": "2.35"}) + tail
    if tail:
        with pytest.raises(BrokenLinkError):
            expand(code)


def test_one_character_off_is_noticed() -> None:
    code = shorten(to_query(FOR_EVER[3][1]))
    for place in range(1, len(code)):
        wrong = code[:place] + ("A" if code[place] != "A" else "B") + code[place + 1 :]
        with pytest.raises(BrokenLinkError):
            expand(wrong)


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(BrokenLinkError):
        expand(shorten({"own": "0" * 200_000}))


def test_what_a_newer_version_added_is_ignored() -> None:
    assert links.read({"s": [shorten({"phi": "2", "hologram": "on"})]}) == (Settings(Architecture(phi=2)), ())


def test_words_count_before_the_code() -> None:
    code = shorten({"phi": "2", "alpha": "1.3"})
    assert links.read({"s": [code], "phi": ["3"]}) == (Settings(Architecture(phi=3, alpha=1.3)), ())


def test_a_repeated_setting_is_said() -> None:
    query, settings, sentence = REPEATED
    assert links.read(query) == (settings, (sentence,))


def test_broken_values_in_a_code_are_said_as_in_words() -> None:
    settings, notices = links.read({"s": [shorten({"phi": "99"})]})
    assert settings.architecture.phi == 8
    assert "phi" in notices[0]


@given(states)
def test_both_links_open_to_the_same(settings: Settings) -> None:
    address = "https://explorer.test:8501/look?phi=7&x=1#top"
    for link in (links.short(address, settings), links.in_words(address, settings)):
        place, _, query = link.partition("?")
        assert place == "https://explorer.test:8501/look"
        assert links.read(parse_qs(query)) == (settings, ())
    assert len(links.short(address, settings)) <= len(links.in_words(address, settings))


def test_a_setting_that_the_dictionary_does_not_know_is_spelt_out() -> None:
    spelt = {name for name in FIELDS if f"{name}=".encode() not in DICTIONARY}
    assert spelt == SPELT_OUT
