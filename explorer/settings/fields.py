"""The kinds of value that a setting has, and how one is declared: beside its type, in the dataclass that holds it.

A field of a settings class is `phi: float = number(1.0, PHI, 4, "φ, how much bigger")`: its type and default are the
dataclass's own, and what it may be, how a link spells it and what it means stand in the field's metadata.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields

from explorer.network import scaling

DECLARED = "declared"
"""The key of a declaration in the metadata of a dataclass's field."""


@dataclass(frozen=True)
class Number:
    """A number of a link: its default, its range and how many decimals the link keeps."""

    default: float
    range: scaling.Range
    decimals: int
    meaning: str = ""

    @property
    def allowed(self) -> str:
        """What it may be, in words."""
        return f"numbers from {self.range.lowest:g} to {self.range.highest:g}"

    def read(self, text: str) -> tuple[float, bool]:
        """The value nearest to what `text` says, and whether it says exactly that."""
        try:
            asked = float(text)
        except ValueError:
            return self.default, False
        if math.isnan(asked):
            return self.default, False
        value = round(self.range.clamp(asked), self.decimals or None)
        return value, value == asked

    def kept(self, value: float) -> float:
        """The value with the digits of a link: a browser's field makes 1.2000000000000002 of 1.1 and a step of 0.1."""
        return round(value, self.decimals or None)

    def write(self, value: float | str) -> str:
        """The value as a link carries it, without trailing zeros."""
        text = f"{float(value):.{self.decimals}f}"
        return text.rstrip("0").rstrip(".") if self.decimals else text


@dataclass(frozen=True)
class Choice:
    """A choice of a link: the first option is the default."""

    options: tuple[str, ...]
    meaning: str = ""

    @property
    def default(self) -> str:
        """The option where the link says nothing."""
        return self.options[0]

    @property
    def allowed(self) -> str:
        """What it may be, in words: all of a few options, the first of many."""
        if len(self.options) <= MOST_LISTED:
            return ", ".join(self.options)
        return f"{', '.join(self.options[:FEW_LISTED])} and {len(self.options) - FEW_LISTED} others"

    def read(self, text: str) -> tuple[str, bool]:
        """The option that `text` names, or the default, and whether it names one."""
        return (text, True) if text in self.options else (self.default, False)

    def write(self, value: float | str) -> str:
        """The option as a link carries it."""
        return str(value)


MOST_LISTED, FEW_LISTED = 20, 5
"""How many options a sentence lists, and how many of more than those."""


@dataclass(frozen=True)
class Text:
    """A text of a link, empty by default; what it says is checked where it is used."""

    longest: int
    default: str = ""
    meaning: str = ""

    @property
    def allowed(self) -> str:
        """What it may be, in words."""
        return f"at most {self.longest:,} characters"

    def read(self, text: str) -> tuple[str, bool]:
        """The text, or none where it is too long, and whether it could be taken."""
        return (text, True) if len(text) <= self.longest else (self.default, False)

    def write(self, value: float | str) -> str:
        """The text as a link carries it."""
        return str(value)


Field = Number | Choice | Text


def number(default: float, allowed: scaling.Range, decimals: int, meaning: str) -> float:
    """Declare a number with so many decimals."""
    return field(default=default, metadata={DECLARED: Number(default, allowed, decimals, meaning)})


def whole(default: int, lowest: float, highest: float, meaning: str) -> int:
    """Declare a whole number."""
    allowed = scaling.Range(lowest, highest)
    return field(default=default, metadata={DECLARED: Number(default, allowed, 0, meaning)})


def choice(options: tuple[str, ...], meaning: str) -> str:
    """Declare a choice; the first option is the default."""
    return field(default=options[0], metadata={DECLARED: Choice(options, meaning)})


def text(longest: int, meaning: str) -> str:
    """Declare a text of at most so many characters, empty by default."""
    return field(default="", metadata={DECLARED: Text(longest, meaning=meaning)})


def declared(part: type) -> dict[str, Field]:
    """The declarations of a settings class, by name in their order."""
    return {each.name: each.metadata[DECLARED] for each in fields(part)}
