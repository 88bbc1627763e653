"""Waiting for what another process brings about."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_SECONDS = 300
PAUSE_SECONDS = 0.02


def wait_until(holds: Callable[[], object]) -> None:
    """Wait for a condition, which must come."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "what was waited for has not come"
        time.sleep(PAUSE_SECONDS)
