"""Where the files that the explorer carries are, and how its tables are read."""

from __future__ import annotations

import csv
from pathlib import Path

ASSETS = Path(__file__).resolve().parent.parent / "assets"


def table(name: str) -> list[dict[str, str]]:
    """The rows of the CSV file `name` under assets/, as texts by column."""
    with (ASSETS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
