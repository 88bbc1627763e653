"""B0's trained weights for the tests: the user's, where they have been fetched, else fetched by npm as the app does."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from explorer.assets import DATA_VARIABLE
from explorer.models import converting
from explorer.models.checkpoints import published
from explorer.models.fetching import fetch

USERS_FOLDER = "TESTS_USERS_FOLDER"
"""The environment variable in which the tests keep the user's data folder, as theirs is another."""


def data_folder_with_b0(folder: Path) -> Path:
    """`folder`, which has B0's weights afterwards as a data folder has them."""
    checkpoint, ready = published()["b0"], Path(os.environ[USERS_FOLDER]) / "weights" / "b0.safetensors"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(folder))
        if ready.is_file() and converting.is_whole(checkpoint, ready):
            (folder / "weights").mkdir()
            shutil.copy(ready, folder / "weights")
        else:
            fetch(checkpoint, lambda _: None)
    return folder
