"""The lock of a record: looking at it refuses nobody, and it names only the process that holds it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from explorer.study.database import _alone, driver_pid, is_driven, only_driver

STARTS, WATCHERS = 400, 4
OLD = 999_999_999


@contextmanager
def meanwhile(look: Callable[[], object]) -> Iterator[list[object]]:
    """Look again and again in other threads; what has been seen."""
    seen: list[object] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.is_set():
            seen.append(look())

    threads = [threading.Thread(target=watch) for _ in range(WATCHERS)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def test_a_driver_that_starts_is_not_refused_because_somebody_looks(tmp_path: Path) -> None:
    place = str(tmp_path / "study.db")
    with only_driver(place):
        pass
    with meanwhile(lambda: is_driven(place)):
        for _ in range(STARTS):
            with only_driver(place):
                pass


def test_the_lock_names_its_holder_from_its_first_moment(tmp_path: Path) -> None:
    place = str(tmp_path / "study.db")
    lock = Path(f"{place}.lock")
    with meanwhile(lambda: driver_pid(place)) as seen:
        for _ in range(STARTS):
            with _alone(f"{place}.look"):  # or a look that has seen the lock held would read what is written here
                lock.write_text(f"{OLD}\n")
            with only_driver(place):
                pass
    assert set(seen) <= {None, os.getpid()}


@pytest.mark.parametrize("text", ["", "0", "-1", "9" * 5000, "one", "\udcff"])
def test_what_is_no_process_is_never_signalled(tmp_path: Path, text: str) -> None:
    place = str(tmp_path / "study.db")
    with only_driver(place):
        Path(f"{place}.lock").write_bytes(text.encode(errors="surrogateescape"))
        assert is_driven(place)
        assert driver_pid(place) is None
