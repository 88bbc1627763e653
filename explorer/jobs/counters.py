"""What a service has done, in numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Counters:
    """What a service has done since it began. Every job submitted is waiting, running, or in one of the endings."""

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
