"""How a job ended, for whoever keeps an account: nothing in it tells whose job it was."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.jobs.schedule import Ending


@dataclass(frozen=True)
class JobRecord:
    """The kind of a job, how it ended, and seconds that it waited and that it was at work."""

    lane: str
    ending: Ending
    waited: float
    worked: float


def ignore(_: JobRecord) -> None:
    """Keep no account."""
