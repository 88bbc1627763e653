"""The database of a study's record: a file for SQLite, or the URL of a server; and its lock, where it is a file."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from explorer.study.errors import StudyError

TRIES = 10
RETRY_SECONDS = 0.5
BOTH_BEGIN = ("already exists", "UNIQUE constraint", "unique constraint")
"""What SQLite and PostgreSQL say to the second of two that make the same tables."""

if TYPE_CHECKING:
    from optuna.storages import RDBStorage
    from sqlalchemy import URL


def connect(place: str) -> RDBStorage:
    """Optuna's storage at `place`; its tables are made where they are missing.

    Raises:
        StudyError: it cannot be reached, or a file cannot be made there.
    """
    import optuna
    from optuna.storages import RDBStorage

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    if not is_url(place):
        try:
            Path(place).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StudyError(f"{Path(place).parent} cannot be made: {error.strerror}.") from error
    url = place if is_url(place) else f"sqlite:///{Path(place).resolve()}"
    with guarded():
        try:
            return _with_tables(RDBStorage, url)
        except ImportError as error:
            raise StudyError(
                f"The driver for {url.split('://')[0]} is missing: see requirements-cluster.txt."
            ) from error


def _with_tables(storage: type[RDBStorage], url: str) -> RDBStorage:
    """Connect; where another process makes the tables of a new database at this moment, after it has."""
    from sqlalchemy.exc import DBAPIError

    for _ in range(TRIES):
        try:
            return storage(url)
        except DBAPIError as error:
            if not any(words in str(error.orig) for words in BOTH_BEGIN):
                raise
            time.sleep(RETRY_SECONDS)
    return storage(url)


@contextmanager
def guarded() -> Iterator[None]:
    """Turn what a database says into a sentence."""
    from optuna.exceptions import StorageInternalError
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (StorageInternalError, SQLAlchemyError) as error:
        cause = str(getattr(error.__cause__ or error, "orig", None) or error.__cause__ or error)
        raise StudyError(
            f"The study's record cannot be used ({' '.join(cause.split())[:200]}). What was written before is kept: "
            "make room or allow writing there, and resume."
        ) from error


def exists(place: str) -> bool:
    """Whether there may be a record at `place`; of a URL only its server knows."""
    return is_url(place) or Path(place).is_file()


def is_url(place: str) -> bool:
    """Whether `place` is a database URL and not a file."""
    return "://" in place


@contextmanager
def only_driver(place: str) -> Iterator[None]:
    """Hold the lock of a record that is a file: one driver at a time, however the last one ended.

    Raises:
        StudyError: another driver has it, or the folder cannot be written.
    """
    if is_url(place):
        yield
        return
    with _lock_file(place) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StudyError(f"The study at {place} is running already; “study status” shows how far it is.") from error
        file.truncate(0)
        print(os.getpid(), file=file, flush=True)
        yield


@contextmanager
def claiming(url: URL) -> Iterator[None]:
    """Hold the moment of a claim: SQLite locks no rows, so two drivers could both read that a trial waits.

    Raises:
        StudyError: the folder cannot be written.
    """
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    with _lock_file(f"{url.database}.claim") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_driven(place: str) -> bool:
    """Whether a driver on this machine has the record that is a file."""
    if is_url(place) or not Path(f"{place}.lock").is_file():
        return False
    with _lock_file(place) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def driver_pid(place: str) -> int | None:
    """The process that drives the record that is a file; None where none does."""
    if not is_driven(place):
        return None
    text = Path(f"{place}.lock").read_text(encoding="utf-8").strip()
    return int(text) if text.isdecimal() else None


def _lock_file(place: str) -> IO[str]:
    path = Path(f"{place}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise StudyError(f"{path} cannot be written: {error.strerror}. Name another place with --store.") from error
