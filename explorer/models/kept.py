"""What a worker keeps between jobs, engines and the tensors that others grow from, within one number of bytes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar

from explorer.models import task_memory

KEPT_BYTES = 600_000_000


class Sized(Protocol):
    """Something that says how much memory it holds."""

    @property
    def bytes(self) -> int:
        """Bytes that it holds."""


Kind = TypeVar("Kind", bound=Sized)


class KeptCache:
    """Things by kind and key that together stay within `limit` bytes: the largest goes first.

    One that is larger than the limit itself is built, given and not kept. Safe to share between threads; two that
    miss the same key at once both build it, and one of the two is kept.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._kept: dict[Hashable, Sized] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, kind: type[Kind], make: Callable[[], Kind]) -> Kind:
        """What is kept of this kind under `key`, else what `make` builds."""
        with self._lock:
            kept = self._kept.get((kind, key))
        if isinstance(kept, kind):
            return kept
        made = make()
        with self._lock:
            self._kept[kind, key] = made
            self._shrink_to(self.limit)
        return made

    @property
    def bytes(self) -> int:
        """Memory of all that is kept."""
        with self._lock:
            return self._total()

    def free(self, amount: int) -> None:
        """Let go of the largest ones until `amount` bytes fewer are kept."""
        with self._lock:
            self._shrink_to(self._total() - amount)

    def make_room(self, need: int, most: int) -> None:
        """Let go of the largest ones until `need` bytes fit into `most` beside the rest."""
        with self._lock:
            self._shrink_to(most - need)

    def clear(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._kept.clear()

    def _shrink_to(self, limit: int) -> None:
        while self._kept and self._total() > limit:
            del self._kept[max(self._kept, key=lambda name: self._kept[name].bytes)]

    def _total(self) -> int:
        return sum(each.bytes for each in self._kept.values())


KEPT = KeptCache(KEPT_BYTES)
"""Of this process."""


def claim(need: int) -> None:
    """Make room for a task that needs so many bytes, before it builds anything.

    Raises:
        TooLargeError: it needs more than there may be.
    """
    task_memory.require(need)
    KEPT.make_room(need, task_memory.room())
