"""What a process takes of its machine: the memory that it holds and gives back, the time that it leaves to others."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

NICENESS = 19
"""The pages go first where both want the same processor."""


def give_way(niceness: int = NICENESS) -> None:
    """Let others have the processor first, where the system can be asked for that."""
    if hasattr(os, "nice"):
        os.nice(niceness)


def resident_bytes(process: int | None = None) -> int:
    """Bytes of a process, by default of this one, that are in memory now.

    0 where there is no such process, or where the system has no /proc to tell.
    """
    try:
        pages = Path("/proc", "self" if process is None else str(process), "statm").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(pages.split()[1]) * os.sysconf("SC_PAGE_SIZE")


def is_suspended(process: int) -> bool:
    """Whether somebody has stopped a process (SIGSTOP), so that it does nothing until somebody lets it go on.

    False where there is no such process, or where the system has no /proc to tell.
    """
    try:
        status = Path("/proc", str(process), "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] == "T"  # the name before it, in brackets, may hold anything


def release_kept(excess: int) -> None:
    """Let go of about `excess` bytes of what this process keeps of networks between jobs, the largest first."""
    kept = sys.modules.get("explorer.models.kept")  # not loaded for this
    if kept is not None:
        kept.KEPT.free(excess)


def release_freed() -> None:
    """Give memory that is free within this process back to the system, where the C library can."""
    if os.name != "posix":
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)
