"""How often each visitor may ask: an allowance that every question takes from and that grows back with time."""

from __future__ import annotations


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
