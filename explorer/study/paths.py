"""Where a study's files live in the data folder, and whether visitors may start one."""

from __future__ import annotations

import os
from pathlib import Path

from explorer.assets import data_folder

SWITCH = "EXPLORER_STUDY"
"""The environment variable that keeps visitors from starting studies: "off"."""


def record() -> Path:
    """The record of the user's study."""
    return data_folder() / "study.db"


def images() -> Path:
    """Where torchvision keeps its data sets."""
    return data_folder() / "images"


def may_start() -> bool:
    """Whether the page may start studies."""
    return os.environ.get(SWITCH, "").strip().lower() not in {"off", "0", "no", "false"}
