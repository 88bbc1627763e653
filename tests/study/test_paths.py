"""Where a study's files live, and whether visitors may start one."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.assets import DATA_VARIABLE, data_folder
from explorer.study import paths

# What EXPLORER_DATA, XDG_STATE_HOME say, and the folder.
FOLDERS = (
    ("/srv/kept", "/state", Path("/srv/kept")),
    ("~/kept", "", Path.home() / "kept"),
    ("", "/state", Path("/state/efficientnet-explorer")),
    ("", "", Path.home() / ".local" / "state" / "efficientnet-explorer"),
)
SWITCHES = (("", True), ("on", True), ("1", True), ("off", False), (" OFF ", False), ("0", False), ("no", False))


@pytest.mark.parametrize(("named", "state", "folder"), FOLDERS)
def test_the_data_folder(monkeypatch: pytest.MonkeyPatch, named: str, state: str, folder: Path) -> None:
    monkeypatch.setenv(DATA_VARIABLE, named)
    monkeypatch.setenv("XDG_STATE_HOME", state)
    assert data_folder() == folder
    assert paths.record() == folder / "study.db"
    assert paths.images() == folder / "images"


@pytest.mark.parametrize(("said", "may"), SWITCHES)
def test_the_switch(monkeypatch: pytest.MonkeyPatch, said: str, may: bool) -> None:
    monkeypatch.setenv(paths.SWITCH, said)
    assert paths.may_start() is may


def test_without_a_word_studies_may_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.SWITCH, raising=False)
    assert paths.may_start()
