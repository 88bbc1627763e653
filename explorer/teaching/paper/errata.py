"""Where published numbers contradict each other: what the list says, in figures and sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from explorer.formats.quantities import signed
from explorer.published.discrepancies import STATUSES, Discrepancy, discrepancies


def of_status(status: str) -> tuple[Discrepancy, ...]:
    """Discrepancies of one status; all of them for an empty one."""
    return tuple(each for each in discrepancies() if status in {"", each.status})


def sentence(given: Sequence[Discrepancy]) -> str:
    """How many there are of which kind, and how many we counted again."""
    found = Counter(each.status for each in given)
    listed = ", ".join(f"{found[status]} {status}" for status in STATUSES if found[status])
    counted = sum(each.recount() is not None for each in given)
    return f"{len(given)} pairs of numbers that should be one: {listed}. {counted} of the networks are counted again."


def items(given: Sequence[Discrepancy]) -> str:
    """A Markdown list: both numbers with their places, our recount, what is known."""
    return "\n".join(f"- {_item(each)}" for each in given)


def rows(given: Sequence[Discrepancy]) -> list[dict[str, object]]:
    """The same as data, with the source."""
    return [
        {
            "what": each.subject,
            "unit": each.unit,
            "number": each.first,
            "where": each.first_place,
            "other number": each.second,
            "where else": each.second_place,
            "our recount": each.recount(),
            "status": each.status,
            "what is known": each.words,
            "source": each.source,
        }
        for each in given
    ]


def deviations(given: Sequence[Discrepancy]) -> list[tuple[Discrepancy, float]]:
    """Those that we counted again, with how far the first printed number is from our count, in percent."""
    counted = [(each, each.recount()) for each in given]
    found = [(each, 100 * (each.first / count - 1)) for each, count in counted if count is not None]
    return sorted(found, key=lambda pair: pair[1])


def deviation_sentence(given: Sequence[Discrepancy]) -> str:
    """The range of the deviations, for those who cannot see the chart."""
    found = deviations(given)
    if not found:
        return "None of these can be counted again."
    (lowest, low), (highest, high) = found[0], found[-1]
    return (
        f"Printed numbers against our recount: from {signed(low)} % ({lowest.subject}) to {signed(high)} % "
        f"({highest.subject})."
    )


def _item(each: Discrepancy) -> str:
    found = each.recount()
    recount = "" if found is None else f" Our recount: **{found:.3f}**."
    return (
        f"**{each.subject}**, {each.unit}: **{each.first:g}** ({each.first_place}) and **{each.second:g}** "
        f"({each.second_place}).{recount} {each.words}"
    )
