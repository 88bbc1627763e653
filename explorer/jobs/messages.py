"""What the server and a worker process tell each other, beside the bytes of questions and answers."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.progress import Progress


@dataclass(frozen=True)
class RunJob:
    """To the worker: do this job. `call` is a pickled function without arguments."""

    number: int
    call: bytes


@dataclass(frozen=True)
class Stop:
    """To the worker: nobody waits for this job any more."""

    number: int


@dataclass(frozen=True)
class Started:
    """From the worker: this job has begun."""

    number: int


@dataclass(frozen=True)
class Reported:
    """From the worker: how far this job is."""

    number: int
    progress: Progress


@dataclass(frozen=True)
class Finished:
    """From the worker: this job has ended, with a pickled result, or a pickled exception where it has `failed`.

    A worker that has `outgrown` its memory ends itself after this message.
    """

    number: int
    failed: bool
    result: bytes
    outgrown: bool


ToWorker = RunJob | Stop
FromWorker = Started | Reported | Finished
