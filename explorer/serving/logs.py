"""What the server writes about itself to stderr: one line for each event, with nothing personal in it.

No event carries an address, a visitor's name, a link, or the name or content of a file.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from pythonjsonlogger.json import JsonFormatter

LEVEL = "EXPLORER_LOG_LEVEL"
FORMAT = "EXPLORER_LOG_FORMAT"

NAME = "explorer"
"""The logger above those of all modules."""

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
FORMATS = ("text", "json")
FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"


def configure(environment: Mapping[str, str]) -> None:
    """Write the explorer's events as `EXPLORER_LOG_LEVEL` and `EXPLORER_LOG_FORMAT` ask, by default INFO as text.

    A value that is neither is said in the log, and the default kept.
    """
    level, level_known = _choice(environment, LEVEL, "INFO", LEVELS)
    form, form_known = _choice(environment, FORMAT, "text", FORMATS)
    handler = logging.StreamHandler()
    handler.setFormatter(_json() if form == "json" else logging.Formatter(FIELDS))
    logger = logging.getLogger(NAME)
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(level)
    for name, known, choices in ((LEVEL, level_known, LEVELS), (FORMAT, form_known, FORMATS)):
        if not known:
            logger.warning("%s is none of %s: its default is used.", name, ", ".join(choices))


def _json() -> logging.Formatter:
    """One JSON object for each line; what an event gives as `extra` is in it under its own name."""
    names = {"asctime": "time", "levelname": "level", "name": "logger"}
    return JsonFormatter(FIELDS, rename_fields=names)


def _choice(environment: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> tuple[str, bool]:
    """The choice that is set, in whatever case, or the default; and whether what is set is a choice."""
    given = environment.get(name, default)
    found = next((choice for choice in choices if choice.lower() == given.strip().lower()), None)
    return found or default, found is not None
