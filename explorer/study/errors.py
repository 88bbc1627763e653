"""What stops a study."""

from __future__ import annotations


class StudyError(ValueError):
    """A study that cannot begin or go on; its text is a sentence for the user."""


class NoStudyError(StudyError):
    """There is no study where one was looked for."""
