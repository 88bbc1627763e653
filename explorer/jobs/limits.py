"""How much the workers may be asked for: limits of the environment with safe defaults, and each visitor's allowance."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

from explorer.models.task_memory import DEFAULT_MEGABYTES

PREFIX = "EXPLORER_"


@dataclass(frozen=True)
class WorkerLimits:
    """Limits of one pool of workers. In the environment each is called `EXPLORER_` and its name in capitals."""

    workers: int = 1
    """Processes that run networks; each takes about 0.8 GB with torch loaded."""
    waiting: int = 64
    """Jobs that may wait; above it a visitor is asked to come back."""
    per_minute: int = 120
    """Jobs that one visitor may start a minute, in the long run; half of them at once."""
    job_seconds: float = 60.0
    """How long a job may run, counted from its start; in a new worker that includes loading torch."""
    grace_seconds: float = 2.0
    """How long a job that was taken back may go on before its worker is ended; starting another costs as much."""
    worker_megabytes: float = DEFAULT_MEGABYTES
    """Resident memory above which a worker lets go of what it keeps, and is replaced if that does not help.

    What would need more is refused before it is built: see `explorer.models.task_memory`.
    """


def from_environment(environment: Mapping[str, str]) -> WorkerLimits:
    """The limits that `environment` sets; one that is no positive number is logged and its default kept."""
    given = {field.name: environment.get(PREFIX + field.name.upper()) for field in fields(WorkerLimits)}
    read = {name: _positive(name, text) for name, text in given.items() if text is not None}
    return WorkerLimits(**{name: value for name, value in read.items() if value is not None})  # type: ignore[arg-type]  # whole numbers where they must be


def _positive(name: str, text: str) -> float | None:
    """The number in `text`, whole where the limit counts something."""
    default = getattr(WorkerLimits, name)
    try:
        value = type(default)(text)
    except ValueError:
        value = math.nan
    if 0 < value < math.inf:
        return float(value) if isinstance(default, float) else value
    logging.getLogger(__name__).warning(
        "%s is %r, which is no positive number: %s is used.", PREFIX + name.upper(), text, default
    )
    return None


class Allowances:
    """`burst` questions at once for every visitor, growing back at `per_second`; who has the whole is forgotten."""

    def __init__(self, burst: float, per_second: float) -> None:
        self._burst = burst
        self._per_second = per_second
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, visitor: str, now: float) -> bool:
        """Whether `visitor` may ask once more at `now`, in seconds; if so, the question is taken off."""
        self._forget(now)
        left = self._at(visitor, now)
        if left < 1:
            return False
        self._left[visitor] = (left - 1, now)
        return True

    def __len__(self) -> int:
        """How many visitors are remembered."""
        return len(self._left)

    def _at(self, visitor: str, now: float) -> float:
        left, then = self._left.get(visitor, (self._burst, now))
        return min(self._burst, left + max(0.0, now - then) * self._per_second)

    def _forget(self, now: float) -> None:
        """Let go of whoever asked least recently and has the whole allowance again."""
        for visitor in list(self._left):
            if self._at(visitor, now) < self._burst:
                break
            del self._left[visitor]
