"""Where the files that the explorer carries are and how its tables are read, and where it keeps what it makes."""

from __future__ import annotations

import csv
import os
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_INSTALLED = _HERE / "_assets"

ASSETS = _INSTALLED if _INSTALLED.exists() else _HERE.parent / "assets"
"""In an installed package beside this module (pyproject.toml puts them there), in a checkout beside the package."""

DATA_VARIABLE = "EXPLORER_DATA"
"""The environment variable that names the folder for what the explorer makes or fetches."""


def table(name: str) -> list[dict[str, str]]:
    """The rows of the CSV file `name` under assets/, as texts by column."""
    with (ASSETS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def data_folder() -> Path:
    """A folder of the user's, never the program's own: EXPLORER_DATA, else efficientnet-explorer/ in the state folder.

    The latter is the user's own, `$XDG_STATE_HOME` or `~/.local/state`.
    """
    named = os.environ.get(DATA_VARIABLE)
    if named:
        return Path(named).expanduser()
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "efficientnet-explorer"
