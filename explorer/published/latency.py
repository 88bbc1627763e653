"""The paper's Table 4: how long one image takes on one processor core."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.published.rows import rows


@dataclass(frozen=True)
class PrintedLatency:
    """A row of Table 4: top-1 in percent, seconds for one image; `speedup_printed` is relative to `against`."""

    model: str
    top1: float
    seconds: float
    against: str | None
    speedup_printed: float | None
    source: str


def table4() -> tuple[PrintedLatency, ...]:
    """Latency on one core of an Intel Xeon E5-2690."""
    return rows(PrintedLatency, "table4.csv")
