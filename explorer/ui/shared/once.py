"""What exists once in a server, for all its sessions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import TypeVar

T = TypeVar("T")


def once(make: Callable[[], T]) -> Callable[[], T]:
    """`make`, called by whoever asks first; everybody else gets what it made.

    Unlike `st.cache_resource` it forgets nothing: whoever speaks Streamlit's protocol can have its caches cleared, and
    worker processes would be left behind.
    """
    lock, made = Lock(), list[T]()

    @wraps(make)
    def get() -> T:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return get
