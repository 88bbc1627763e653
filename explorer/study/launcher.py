"""A study in a process of its own, started, paused and resumed from elsewhere; one at a time on a machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from explorer.study.database import driver_pid, is_driven
from explorer.study.errors import StudyError
from explorer.study.plan import Plan

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 20.0
LOOK_SECONDS = 0.1
SECOND_VISITOR = (
    "A study is running on this server already, and there is room for one at a time. Its results appear here as they "
    "come; when it is done or paused you can start yours."
)


@dataclass(frozen=True)
class LauncherState:
    """Whether a study is running, and the sentence with which the last one ended badly ("" if none did)."""

    running: bool
    complaint: str


class Launcher:
    """Where the study of one record is started and stopped. Safe to share between threads and visitors."""

    def __init__(self, record: Path) -> None:
        self.record = record
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._starter = ""

    @property
    def log(self) -> Path:
        """What the process says."""
        return self.record.with_suffix(".log")

    def state(self) -> LauncherState:
        """How things are now; a study that another program drives counts too."""
        code = None if self._process is None else self._process.poll()
        running = is_driven(str(self.record)) or (self._process is not None and code is None)
        failed = not running and code not in {None, 0, 130}
        return LauncherState(running, self._last_words() if failed else "")

    def may_stop(self, visitor: str) -> bool:
        """Whether `visitor` may pause or cancel the study: who started it, or everybody once that one has left."""
        return self._starter in {"", visitor}

    def leave(self, visitor: str) -> None:
        """Take note that `visitor` has left; the study goes on."""
        if self._starter == visitor:
            self._starter = ""

    def start(self, plan: Plan, processes: int, starter: str = "") -> None:
        """Begin `plan` for the visitor `starter`; a study that was there before is set aside under another name.

        Raises:
            StudyError: one is running, or its files cannot be written.
        """
        with self._lock:
            if self.state().running:
                raise StudyError(SECOND_VISITOR)
            self._set_aside()
            self._begin(["run", *arguments(plan)], processes)
            self._starter = starter

    def resume(self, processes: int, starter: str = "") -> None:
        """Go on with the study of the record, for the visitor `starter`.

        Raises:
            StudyError: one is running, or its files cannot be written.
        """
        with self._lock:
            if self.state().running:
                raise StudyError(SECOND_VISITOR)
            self._begin(["resume"], processes)
            self._starter = starter

    def pause(self) -> None:
        """Stop the study so that it can be resumed; returns when it has let go of its record.

        Raises:
            StudyError: it does not stop.
        """
        deadline = time.monotonic() + STOP_SECONDS
        asked: int | None = None
        while self.state().running:
            pid = driver_pid(str(self.record))
            if pid is not None and pid != asked:
                _ask_to_end(pid)
                asked = pid
            if time.monotonic() > deadline:
                raise StudyError("The study does not stop. Try again, or end its process on the server.")
            time.sleep(LOOK_SECONDS)

    def cancel(self) -> None:
        """Stop the study for good; what it had done is set aside under another name.

        Raises:
            StudyError: it does not stop, or its files cannot be renamed.
        """
        self.pause()
        with self._lock:
            self._set_aside()

    def _begin(self, words: Sequence[str], processes: int) -> None:
        command = [sys.executable, "-m", "explorer", "study", *words]
        command += ["--store", str(self.record), "--jobs", str(processes)]
        try:
            self.record.parent.mkdir(parents=True, exist_ok=True)
            with self.log.open("wb") as log:
                self._process = subprocess.Popen(  # noqa: S603 - our own program and numbers
                    command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
        except OSError as error:
            raise StudyError(
                f"The data folder cannot be written: {error.strerror}. Whoever runs this server can name another with "
                "EXPLORER_DATA."
            ) from error

    def _set_aside(self) -> None:
        if not self.record.exists():
            return
        stamp = time.strftime("%Y-%m-%d-%H%M%S", time.localtime(self.record.stat().st_mtime))
        try:
            self.record.rename(self.record.with_name(f"{self.record.stem}-{stamp}{self.record.suffix}"))
        except OSError as error:
            raise StudyError(f"{self.record.name} cannot be renamed: {error.strerror}.") from error

    def _last_words(self) -> str:
        try:
            lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return lines[-1] if lines else "The study's process ended without a word, perhaps for want of memory."


def _ask_to_end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        pass  # it has ended by itself
    except PermissionError as error:
        raise StudyError("The study belongs to another user of this machine, who alone can stop it.") from error


def arguments(plan: Plan) -> list[str]:
    """The command line that asks for `plan`, which is one of a family of the explorer."""
    protocol = plan.protocol
    given = {
        "family": plan.family,
        "grid-step": plan.grid_step,
        "tolerance": plan.tolerance,
        "match": plan.match,
        "triples": plan.most,
        "seeds": plan.seeds,
        "data": protocol.data,
        "images": protocol.images,
        "held-out": protocol.held_out,
        "epochs": protocol.epochs,
        "batch": protocol.batch,
        "threads": protocol.threads,
        "learning-rate": protocol.learning_rate,
    }
    words = [word for name, value in given.items() for word in (f"--{name}", str(value))]
    words += ["--rounding", plan.rounding] if plan.rounding else []
    return words if plan.step_2 else [*words, "--step-1-only"]
