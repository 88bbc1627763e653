"""What exists once in a server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import streamlit as st

from explorer.ui.shared.once import once

ASKING = 8


def test_all_who_ask_at_the_same_time_get_the_same() -> None:
    barrier = Barrier(ASKING)
    made: list[object] = []

    @once
    def thing() -> object:
        made.append(object())
        return made[-1]

    def ask(_: int) -> object:
        barrier.wait()
        return thing()

    with ThreadPoolExecutor(ASKING) as pool:
        got = list(pool.map(ask, range(ASKING)))
    assert len(made) == 1
    assert all(each is made[0] for each in got)


def test_clearing_the_caches_forgets_nothing() -> None:
    thing = once(object)
    first = thing()
    st.cache_resource.clear()
    st.cache_data.clear()
    assert thing() is first


def test_what_could_not_be_made_is_tried_again() -> None:
    answers = iter((OSError("not yet"), "made"))

    @once
    def thing() -> str:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    with pytest.raises(OSError, match="not yet"):
        thing()
    assert thing() == "made"
