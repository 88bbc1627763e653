"""Where the files that the explorer carries are, and how its tables are read."""

from __future__ import annotations

import csv
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_INSTALLED = _HERE / "_assets"

ASSETS = _INSTALLED if _INSTALLED.exists() else _HERE.parent / "assets"
"""In an installed package beside this module (pyproject.toml puts them there), in a checkout beside the package."""


def table(name: str) -> list[dict[str, str]]:
    """The rows of the CSV file `name` under assets/, as texts by column."""
    with (ASSETS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
