"""The memory that a process holds, and giving back what this one has freed."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path


def resident_bytes(process: int | None = None) -> int:
    """Bytes of a process, by default of this one, that are in memory now.

    0 where there is no such process, or where the system has no /proc to tell.
    """
    try:
        pages = Path("/proc", "self" if process is None else str(process), "statm").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(pages.split()[1]) * os.sysconf("SC_PAGE_SIZE")


def release_freed() -> None:
    """Give memory that is free within this process back to the system, where the C library can."""
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)
