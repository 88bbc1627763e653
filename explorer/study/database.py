"""The database of a study's record: a file for SQLite, or the URL of a server; and its lock, where it is a file."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from explorer.study import file_locks
from explorer.study.errors import StudyError

TRIES = 10
RETRY_SECONDS = 0.5
BOTH_BEGIN = ("already exists", "UNIQUE constraint", "unique constraint")
"""What SQLite and PostgreSQL say to the second of two that make the same tables."""

PRIMARY_CODE = 0xFF
OF_THE_DISK = frozenset(
    {
        sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED,
    }
)  # fmt: skip
"""What SQLite says of a good file that it cannot use now; anything else it says is of what the file holds."""

PROCESS = re.compile(r"[1-9][0-9]{0,8}")
"""A process id: a signal to 0 or below would reach others than the driver."""

if TYPE_CHECKING:
    from optuna.storages import RDBStorage
    from sqlalchemy import URL


def connect(place: str) -> RDBStorage:
    """Optuna's storage at `place`; its tables are made where they are missing.

    Raises:
        StudyError: it cannot be reached, or a file cannot be made there.
    """
    import optuna
    from alembic.util import CommandError
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
        except (RuntimeError, AssertionError, CommandError) as error:  # tables of another version of Optuna's
            raise StudyError(
                f"The study's record was written by another version ({' '.join(str(error).split())[:200]}): name "
                "another with --store."
            ) from error
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
        cause = getattr(error.__cause__ or error, "orig", None) or error.__cause__ or error
        words = " ".join(str(cause).split())[:200]
        raise StudyError(f"The study's record cannot be used ({words}). {_advice(cause)}") from error


def _advice(cause: BaseException) -> str:
    """What can be done about what a database, or the library that speaks to it, says."""
    from sqlalchemy.exc import ArgumentError

    if isinstance(cause, ArgumentError):
        return "Give --store as a file, or as a URL like postgresql+psycopg://user@host/base."
    if not isinstance(cause, sqlite3.Error):
        return "What was written before is kept: see that the server runs and lets this user write, and resume."
    if getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & PRIMARY_CODE in OF_THE_DISK:
        return "What was written before is kept: make room or allow writing there, and resume."
    return "It is damaged, or no study's: set it aside, or name another with --store."


@contextmanager
def undamaged() -> Iterator[None]:
    """Turn what reading values that no study has written raises into a sentence.

    Optuna takes what is in its tables for its own: an unknown state is a LookupError, a broken document a ValueError.
    """
    try:
        yield
    except StudyError:
        raise
    except (ValueError, LookupError, TypeError, AssertionError) as error:
        raise StudyError(
            "The study's record is damaged, or was written by another program: set it aside, or name another with "
            "--store."
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

    Its process id is in the lock's file before anybody can see that the lock is taken.

    Raises:
        StudyError: another driver has it, or the folder cannot be written.
    """
    if is_url(place):
        yield
        return
    with _lock_file(place) as file:
        with _alone(f"{place}.look"):
            if not file_locks.take(file):
                raise StudyError(f"The study at {place} is running already; “study status” shows how far it is.")
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
    with _alone(f"{url.database}.claim"):
        yield


def is_driven(place: str) -> bool:
    """Whether a driver on this machine has the record that is a file.

    Raises:
        StudyError: the folder cannot be written.
    """
    if not _may_be_locked(place):
        return False
    with _alone(f"{place}.look"):
        return _is_held(place)


def driver_pid(place: str) -> int | None:
    """The process that drives the record that is a file; None where none does.

    Raises:
        StudyError: the folder cannot be written.
    """
    if not _may_be_locked(place):
        return None
    with _alone(f"{place}.look"):
        if not _is_held(place):
            return None
        text = Path(f"{place}.lock").read_text(encoding="utf-8", errors="replace").strip()
    return int(text) if PROCESS.fullmatch(text) else None


def _may_be_locked(place: str) -> bool:
    return not is_url(place) and Path(f"{place}.lock").is_file() and file_locks.supported()


def _is_held(place: str) -> bool:
    """Whether the lock is taken. Asking takes it for a moment: only inside `_alone`, where no driver can be refused."""
    with _lock_file(place) as file:
        return not file_locks.take(file, shared=True)


@contextmanager
def _alone(place: str) -> Iterator[None]:
    """Wait for a lock that is held for moments only, and hold it."""
    with _lock_file(place) as file:
        file_locks.wait_for(file)
        yield


def _lock_file(place: str) -> IO[str]:
    path = Path(f"{place}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise StudyError(f"{path} cannot be written: {error.strerror}. Name another place with --store.") from error
