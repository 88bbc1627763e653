"""What the pages talk to: one worker process that runs networks, replaced when it dies.

The worker is a process of loky's, which, unlike the standard library's, does not import the running
script again in the child: under Streamlit that script is the app itself.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from typing import ParamSpec, TypeVar

import numpy as np
from loky import ProcessPoolExecutor
from loky.process_executor import ShutdownExecutorError
from numpy.typing import NDArray

from explorer.models import jobs
from explorer.models.checkpoints import WeightsError
from explorer.models.lineage import Classifier
from explorer.vision.sight import Sight

P = ParamSpec("P")
T = TypeVar("T")

TIME_LIMIT_SECONDS = 60.0
"""How long one answer may take before its worker is given up; it includes importing torch in a new worker."""


class NoAnswerError(RuntimeError):
    """A look that ended without an answer; its text is one sentence for the visitor."""


class Service:
    """A worker process and the requests that wait for it. Safe to share between sessions and threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._executor: ProcessPoolExecutor | None = None

    def look(self, classifier: Classifier, pixels: NDArray[np.uint8]) -> Future[Sight]:
        """Ask `classifier` what it sees in (height, width, 3) RGB bytes."""
        return self.submit(jobs.look, classifier, pixels)

    def warm_up(self) -> Future[None]:
        """Start the worker and load its first network, so that the first visitor waits less."""
        return self.submit(jobs.warm_up)

    def submit(self, job: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> Future[T]:
        """Queue `job` for the worker; a worker that has died is replaced first."""
        with self._lock:
            try:
                future: Future[T] = self._running().submit(job, *arguments, **options)
            except BrokenExecutor:
                self._executor = None
                future = self._running().submit(job, *arguments, **options)
        return future

    def cancel(self, future: Future[T]) -> None:
        """Take a job back: out of the queue, or, where it runs already, by ending its worker."""
        if not future.cancel() and not future.done():
            self.stop()

    def stop(self) -> None:
        """End the worker at once, with whatever it is doing; the next request starts another."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=True, kill_workers=True)

    def _running(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                max_workers=1, timeout=None, initializer=jobs.begin, initargs=(os.getpid(),)
            )
        return self._executor


def answer(future: Future[T]) -> T:
    """The result of a finished job.

    Raises:
        NoAnswerError: the worker died, or the weights are missing or broken.
    """
    try:
        return future.result(timeout=0)
    except (BrokenExecutor, ShutdownExecutorError) as error:
        raise NoAnswerError(
            "The process that runs the networks stopped before it could answer, perhaps for want of memory. "
            "Nothing here is lost: look again, and a new process answers."
        ) from error
    except WeightsError as error:
        raise NoAnswerError(str(error)) from error
