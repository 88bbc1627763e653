"""The kinds of value that a link carries: how each is read, kept within what is allowed, and written."""

from __future__ import annotations

import math
from dataclasses import dataclass

from explorer.network import scaling


@dataclass(frozen=True)
class Number:
    """A number of a link: its default, its range and how many decimals the link keeps."""

    default: float
    range: scaling.Range
    decimals: int

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

    @property
    def default(self) -> str:
        """The option where the link says nothing."""
        return self.options[0]

    def read(self, text: str) -> tuple[str, bool]:
        """The option that `text` names, or the default, and whether it names one."""
        return (text, True) if text in self.options else (self.default, False)

    def write(self, value: float | str) -> str:
        """The option as a link carries it."""
        return str(value)


@dataclass(frozen=True)
class Text:
    """A text of a link, empty by default; what it says is checked where it is used."""

    longest: int
    default: str = ""

    def read(self, text: str) -> tuple[str, bool]:
        """The text, or none where it is too long, and whether it could be taken."""
        return (text, True) if len(text) <= self.longest else (self.default, False)

    def write(self, value: float | str) -> str:
        """The text as a link carries it."""
        return str(value)


Field = Number | Choice | Text
