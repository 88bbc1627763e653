"""Where published numbers contradict each other or an exact count: both numbers, our recount, and what is known."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.cost import counting
from explorer.cost.counting import Cost
from explorer.formats import measures
from explorer.network.baselines import BASELINES
from explorer.network.description import scale
from explorer.published.rows import rows

STATUSES = {
    "exact": "both numbers are printed, or arithmetic decides",
    "inferred": "an explanation fits, but nothing printed says so",
    "unexplained": "nobody has said why",
}
MACS, PARAMS = measures.MACS.unit, measures.PARAMS.unit
UNITS = {MACS: measures.MACS.divisor, PARAMS: measures.PARAMS.divisor}


@dataclass(frozen=True)
class Discrepancy:
    """Two numbers that should be one, in `unit`, with the places that print them; `status` is one of `STATUSES`.

    `family`, `depth`, `width` and `input_resolution` (pixels) say how to build the network again; None where there is
    nothing to build.
    """

    key: str
    subject: str
    unit: str
    first_place: str
    first: float
    second_place: str
    second: float
    family: str | None
    depth: float | None
    width: float | None
    input_resolution: float | None
    status: str
    words: str
    source: str

    def recount(self) -> float | None:
        """Our exact count in `unit`; None where there is no network to count or the unit is no count."""
        if self.family is None or self.depth is None or self.width is None or self.input_resolution is None:
            return None
        network = scale(BASELINES[self.family], self.depth, self.width, int(self.input_resolution))
        return _in_unit(counting.of(network), self.unit)


def discrepancies() -> tuple[Discrepancy, ...]:
    """All that are known."""
    return rows(Discrepancy, "discrepancies.csv")


def _in_unit(counted: Cost, unit: str) -> float | None:
    if unit == MACS:
        return counted.macs / UNITS[MACS]
    return counted.params / UNITS[PARAMS] if unit == PARAMS else None
