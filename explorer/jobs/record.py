"""What is kept of jobs when they have ended: how each one did, and how many did. Nothing tells whose they were."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Ending(Enum):
    """How a job ended."""

    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed out"
    CRASHED = "crashed"


@dataclass(frozen=True)
class JobRecord:
    """The kind of a job, how it ended, and seconds that it waited and that it was at work."""

    kind: str
    ending: Ending
    waited: float
    worked: float


def ignore(_: JobRecord) -> None:
    """Keep no account."""


@dataclass(frozen=True)
class Counters:
    """What a pool has done since it began. Every job submitted is waiting, running, or in one of the endings."""

    submitted: int
    refused: int
    answered: int
    failed: int
    cancelled: int
    timed_out: int
    crashed: int
    workers_lost: int
    waiting: int
    running: int
    seconds: float
    """Of work by jobs that began, the running ones not counted."""
