"""What a visitor holds while a job waits and runs: its place, its progress, its answer or a sentence on why not."""

from __future__ import annotations

from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, Protocol, TypeVar

from explorer.models.errors import JobError
from explorer.progress import NOTHING_YET, Progress

T = TypeVar("T")

CRASHED = (
    "The process that runs the networks stopped before it could answer, perhaps for want of memory. "
    "Nothing here is lost: ask again, and a new process answers."
)
TIMED_OUT = "No answer came within {seconds:.0f} s, so the work was stopped: ask again later, or for less."
CANCELLED = "This was taken back before it was done."
FAULT = (
    "This could not be done, by a fault of this program and not of what you asked; what went wrong stands in the "
    "server's log. The rest of the page works: ask for something else, or again."
)
CLOSING = "This server is being stopped: try again in a minute."

OVER = Progress(1.0, "")


class NoAnswerError(RuntimeError):
    """A job that ended without an answer; its text is for the visitor."""


class RefusedError(NoAnswerError):
    """A job that was not taken in; its text is one sentence for the visitor."""


class FaultError(NoAnswerError):
    """A job that raised what it does not document: a fault of this program, which is the cause of this exception."""


class TicketOffice(Protocol):
    """Where a ticket asks and cancels: the pool that took the job in."""

    def place(self, number: int) -> int | None:
        """0 at work, from 1 in the queue, None when it is over."""

    def cancel(self, number: int) -> None:
        """End it for its visitor now, and its work soon."""


@dataclass(eq=False)
class Ticket(Generic[T]):
    """A job that a pool has taken in. Safe to share between threads; only the pool writes to it.

    Attributes:
        number: of the job, in its pool.
        kind: of work.
        office: the pool.
        came: when it was taken in, on the monotonic clock.
        began: when its work began; None before.
        reported: what it last said of how far it is.
        outcome: what it ends with.
    """

    number: int
    kind: str
    office: TicketOffice = field(repr=False)
    came: float
    began: float | None = None
    reported: Progress = NOTHING_YET
    outcome: Future[T] = field(default_factory=Future, repr=False)

    @property
    def place(self) -> int:
        """How many steps it is from being worked on: 0 at work or over, 1 next in the queue, and so on."""
        return self.office.place(self.number) or 0

    @property
    def progress(self) -> Progress:
        """The share done and what happens now, as far as the job reports it."""
        return OVER if self.done() else self.reported

    @property
    def running_seconds(self) -> float | None:
        """Seconds since the work began; None before that and after its end."""
        return None if self.began is None or self.done() else monotonic() - self.began

    def done(self) -> bool:
        """Whether it has ended, with or without an answer."""
        return self.outcome.done()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end, at most so long; whether it has ended."""
        return bool(wait([self.outcome], timeout=seconds).done)

    def cancel(self) -> None:
        """Take the job back: it has ended at once, and its work stops soon. Nothing happens to one that has ended."""
        self.office.cancel(self.number)

    def result(self, seconds: float | None = None) -> T:
        """The answer, waited for at most so long.

        Raises:
            NoAnswerError: it was taken back, took too long, its worker died, or it raised a `JobError`.
            FaultError: it raised anything else.
            TimeoutError: it has not ended by then.
        """
        error = self.outcome.exception(timeout=seconds)
        if error is None:
            return self.outcome.result()
        if isinstance(error, NoAnswerError):
            raise error
        if isinstance(error, JobError):
            raise NoAnswerError(str(error)) from error
        raise FaultError(FAULT) from error
