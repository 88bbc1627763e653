"""What a job may end with instead of an answer, because of what it was given: each is a sentence for whoever asked."""

from __future__ import annotations


class JobError(Exception):
    """A job that cannot be done with what it was given; its text says what happened, to what, and what to do.

    A job documents that it raises this or one of its kinds. Whatever else it raises is a fault of this program.
    """


class StageError(JobError, ValueError):
    """A stage that the network does not have, or that cannot stand where it is."""


class MeasureError(JobError, ValueError):
    """A measurement that torch cannot make of this network."""
