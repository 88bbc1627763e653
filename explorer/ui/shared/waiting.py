"""What a visitor reads while a job waits or runs."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.formats.quantities import percent
from explorer.jobs.ticket import Ticket
from explorer.progress import remaining

SLOW_SECONDS = 1.0


def bar(ticket: Ticket[Any], doing: str, note: str = "") -> None:
    """A bar with the share done, and over it the state of the job in words, with a note while it says nothing else."""
    st.progress(ticket.progress.share, words(ticket, doing, note))


def words(ticket: Ticket[Any], doing: str, note: str = "") -> str:
    """The place in the queue, then what happens and how long it will take; `doing` says what the job does."""
    place, seconds, progress = ticket.place, ticket.running_seconds, ticket.progress
    if place > 0:
        return f"Number {place} in the queue: it starts by itself."
    step = f"{doing}, {progress.words}" if progress.words else doing
    if seconds is None or seconds < SLOW_SECONDS:
        return f"{step}…"
    left = remaining(progress, seconds)
    if left is None:
        return f"{step}: {seconds:.0f} s so far. {note}".rstrip()
    return f"{step}: {percent(progress.share, 0)}, about {max(left, 1):.0f} s to go."
