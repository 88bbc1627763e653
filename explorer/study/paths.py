"""Where a study's files live: a folder of the user's, never the program's own."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = "EXPLORER_DATA"
"""The environment variable that names the folder."""

SWITCH = "EXPLORER_STUDY"
"""The environment variable that keeps visitors from starting studies: "off"."""


def data_folder() -> Path:
    """The folder for what the explorer keeps: EXPLORER_DATA, else efficientnet-explorer/ in the user's state folder."""
    named = os.environ.get(FOLDER)
    if named:
        return Path(named).expanduser()
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "efficientnet-explorer"


def record() -> Path:
    """The record of the user's study."""
    return data_folder() / "study.db"


def images() -> Path:
    """Where torchvision keeps its data sets."""
    return data_folder() / "images"


def may_start() -> bool:
    """Whether the page may start studies."""
    return os.environ.get(SWITCH, "").strip().lower() not in {"off", "0", "no", "false"}
