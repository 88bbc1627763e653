"""The single numbers of the paper's text, by name."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.published.rows import rows


@dataclass(frozen=True)
class Constant:
    """A number that the paper gives in its text."""

    name: str
    value: float
    unit: str | None
    source: str


def constants() -> tuple[Constant, ...]:
    """All of them."""
    return rows(Constant, "constants.csv")


def constant(name: str) -> float:
    """The number called `name`.

    Raises:
        KeyError: there is none of that name.
    """
    return {each.name: each.value for each in constants()}[name]
