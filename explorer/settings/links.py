"""From the address of a page to settings and back: in words, or short where that takes fewer characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from explorer.settings.declarations import FIELDS, PageView, PaperView, Settings, of_values
from explorer.settings.fields import Field
from explorer.settings.short_link import PARAMETER, BrokenLinkError, expand, shorten

OF_A_QUESTION = ("family", "own", "alpha", "beta", "gamma", "rounding", "hold", "reading", "lesson")
"""The settings that a lesson's question and its answer depend on, and which lesson it is."""


TEXT_SHOWN = 24
"""How many characters of a broken value a notice repeats."""


def read(query: Mapping[str, Sequence[str]]) -> tuple[Settings, tuple[str, ...]]:
    """The settings that a link asks for, and a sentence for each thing in it that could not be taken as it is.

    Args:
        query: every value of each parameter, in the link's order. Of a setting that is given several times the last
            value counts; one given in words counts before the same one in a short link; unknown names are ignored.
    """
    known = {name: values for name, values in query.items() if values and (name in FIELDS or name == PARAMETER)}
    notices = [_repeated(name, len(values)) for name, values in known.items() if len(values) > 1]
    asked = {name: values[-1] for name, values in known.items()}
    try:
        packed = expand(asked[PARAMETER]) if PARAMETER in asked else {}
    except BrokenLinkError as error:
        notices.append(f"{error} Until then the page opens with its start settings.")
        packed = {}
    settings, said = parse({**packed, **asked})
    return settings, (*notices, *said)


def parse(query: Mapping[str, str]) -> tuple[Settings, tuple[str, ...]]:
    """The settings that a link asks for in words, and a sentence for each value that had to be changed.

    Unknown names are ignored, so that a link of another version still opens.
    """
    values: dict[str, Any] = {}
    notices: list[str] = []
    for name, field in FIELDS.items():
        if name in query:
            values[name], exact = field.read(query[name])
            if not exact:
                notices.append(_notice(name, query[name], field, values[name]))
    return of_values(values), tuple(notices)


def to_query(settings: Settings) -> dict[str, str]:
    """The link of `settings`: only what differs from the defaults."""
    written = {name: FIELDS[name].write(value) for name, value in settings.values.items()}
    return {name: text for name, text in written.items() if text != FIELDS[name].write(FIELDS[name].default)}


def in_words(address: str, settings: Settings) -> str:
    """The link of `settings` with each by its name; `address` is the page's, what it asks for is replaced."""
    return _at(address, urlencode(to_query(settings)))


def short(address: str, settings: Settings) -> str:
    """The shortest link of `settings`: packed into one parameter, or in words where that is as short."""
    query = to_query(settings)
    return _at(address, min(urlencode(query), urlencode({PARAMETER: shorten(query)}), key=len))


def for_students(settings: Settings, *, question: bool = False) -> Settings:
    """What of `settings` a class is given: without the presenter's view, the teacher's notes and anybody's guesses.

    Args:
        settings: as the teacher has them.
        question: whether an open lesson is handed over: then only what it asks about goes with it, because sliders
            that stand at the answer give it away.
    """
    if question:
        return of_values({name: settings.values[name] for name in OF_A_QUESTION})
    start = PaperView()
    paper = replace(settings.paper, teacher=start.teacher, guesses=start.guesses)
    return replace(settings, page=PageView(), paper=paper)


def _at(address: str, query: str) -> str:
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=parts.path or "/", query=query, fragment=""))


def _repeated(name: str, count: int) -> str:
    return f"The link gives {name} {count} times: the last one counts."


def _notice(name: str, text: str, field: Field, value: float | str) -> str:
    shown = text if len(text) <= TEXT_SHOWN else f"{text[:TEXT_SHOWN]}…"
    instead = f"Shown with {name} = {value}." if value != "" else f"Shown without {name}."
    return f"The link asks for {name} = “{shown}”; allowed: {field.allowed}. {instead}"
