"""The npm client of this machine: whether it has a package, and the package's archive. No script of it ever runs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

SCRIPTS = sysconfig.get_path("scripts")
"""Where an npm that pip installed lies: such an environment need not be on the PATH."""

ANSWER_SECONDS = 10.0
"""How long npm may take to say whether there is a package: it starts in about a second."""

PACK_SECONDS = 240.0
POLL_SECONDS = 0.2
OPTIONS = (
    "--ignore-scripts",
    "--no-update-notifier",
    "--no-fund",
    "--no-audit",
    "--fetch-retries=0",
    "--loglevel=error",
)


class NpmError(Exception):
    """npm is missing, does not answer or refuses; its text is the end of a sentence."""


def client() -> str | None:
    """The npm of this machine; None where there is none."""
    return shutil.which("npm", path=os.pathsep.join((SCRIPTS, os.environ.get("PATH", os.defpath))))


def has(package: str) -> bool:
    """Whether npm knows `package` ("name@version") and answers within `ANSWER_SECONDS`."""
    try:
        with TemporaryDirectory() as folder:
            _run(("view", package, "version"), Path(folder), ANSWER_SECONDS, lambda: None)
    except NpmError:
        return False
    return True


def pack(package: str, folder: Path, going_on: Callable[[], None]) -> Path:
    """The archive of `package` ("name@version"), which npm puts into the empty `folder`.

    Args:
        package: what to get.
        folder: where to; npm works in it, so that no project's settings reach it.
        going_on: is called while npm works; what it raises ends npm.

    Raises:
        NpmError: there is no npm, it does not answer in time, or it does not have the package.
    """
    if not has(package):
        raise NpmError("npm does not answer or does not have it" if client() else "there is no npm on this machine")
    _run(("pack", package), folder, PACK_SECONDS, going_on)
    archives = tuple(folder.glob("*.tgz"))
    if len(archives) != 1:
        raise NpmError(f"npm gave {len(archives)} archives")
    return archives[0]


def _run(command: tuple[str, ...], folder: Path, seconds: float, going_on: Callable[[], None]) -> None:
    found = client()
    if found is None:
        raise NpmError("there is no npm on this machine")
    ends = monotonic() + seconds
    with _running((found, *command, *OPTIONS), folder) as process:
        while monotonic() < ends:
            try:
                code = process.wait(POLL_SECONDS)
            except subprocess.TimeoutExpired:
                going_on()
                continue
            if code:
                raise NpmError(f"npm ended with {code}")
            return
    raise NpmError(f"npm took more than {seconds:.0f} s")


@contextmanager
def _running(command: tuple[str, ...], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has ended, with its children, whatever happens."""
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's npm, and a name of the catalogue
            command, cwd=folder, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
    except OSError as error:
        raise NpmError("npm cannot be started") from error
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End npm, which may be a script that has started the real one; Windows has no groups of processes."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
