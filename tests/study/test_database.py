"""The database of a record and its lock: what is said of one that cannot be used, and who holds it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from explorer.study.database import _alone, connect, driver_pid, is_driven, only_driver
from explorer.study.errors import StudyError

STARTS, WATCHERS = 400, 4
OLD = 999_999_999

ROOM, ASIDE, SERVER, URL = "make room or allow writing", "set it aside", "see that the server runs", "Give --store"


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


def tables(path: Path) -> bytes:
    """A record without runs, as bytes."""
    connect(str(path)).remove_session()
    return path.read_bytes()


def refusal(place: str) -> str:
    with pytest.raises(StudyError) as refused:
        connect(place)
    return str(refused.value)


def test_a_file_that_is_no_record_is_not_a_full_disk(tmp_path: Path) -> None:
    whole = tables(tmp_path / "whole.db")
    for name, data in (("random.db", os.urandom(9000)), ("cut.db", whole[: len(whole) // 2])):
        (tmp_path / name).write_bytes(data)
        said = refusal(str(tmp_path / name))
        assert ASIDE in said
        assert ROOM not in said


def test_a_file_that_cannot_be_written_now_is_not_damaged(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    said = refusal(str(tmp_path / "folder.db"))
    assert ROOM in said
    assert ASIDE not in said


@pytest.mark.parametrize(
    ("place", "advice"),
    [("postgresql+psycopg://nobody@127.0.0.1:1/base", SERVER), ("nonsense://x", URL), ("postgresql+none://x", URL)],
)
def test_a_server_is_no_disk(place: str, advice: str) -> None:
    said = refusal(place)
    assert advice in said
    assert ROOM not in said
