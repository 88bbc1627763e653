"""How fast the network runs on this machine, and where fewer multiply-adds run slower."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from functools import partial

import pandas as pd
import streamlit as st

from explorer.cost.latency import Latency, Timing, inversions, machine
from explorer.formats.measures import MACS
from explorer.formats.quantities import counted, engineering, times
from explorer.jobs import tasks
from explorer.models import task_memory
from explorer.planning.narrative import title_of
from explorer.settings import stage_table
from explorer.settings.built import Built
from explorer.ui.shared.measurement import measured

MOST_KEPT = 100
EXPECTED = "A few seconds of inference on untrained weights, whose values do not change the time."
LARGEST_MACS = 60e9


class Timings:
    """What has been timed; bounded, the oldest go first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[Hashable, Timing] = {}

    def add(self, timing: Timing) -> None:
        """Keep `timing`, in place of an older one of the same network."""
        with self._lock:
            self._kept.pop(timing.network.identity, None)
            self._kept[timing.network.identity] = timing
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]

    def all(self) -> tuple[Timing, ...]:
        """All that is kept, the oldest first."""
        with self._lock:
            return tuple(self._kept.values())


@st.cache_resource(show_spinner=False)
def _server() -> Timings:
    """The timings of this server, of networks whose names are the explorer's own."""
    return Timings()


def _own() -> Timings:
    """Those of this visitor's own tables, whose names nobody else is to read."""
    found: Timings = st.session_state.setdefault("_own_timings", Timings())
    return found


def timings() -> tuple[Timing, ...]:
    """What has been timed on this server, as far as this visitor may know of it."""
    return (*_server().all(), *_own().all())


def render(built: Built) -> None:
    """Time the network, keep the time, list the pairs that multiply-adds get wrong."""
    st.markdown(f"Measured on **{machine()}**: one image, float32, eager torch; median and quartiles after a warm-up.")
    if built.cost.macs > LARGEST_MACS:
        limit = engineering(LARGEST_MACS)
        st.warning(f"This network has {engineering(built.cost.macs)} multiply-adds; up to {limit} are timed here.")
        return
    refusal = task_memory.refusal(task_memory.forward(built.network))
    if refusal:
        st.warning(refusal, icon=":material/memory:")
        return
    latency = measured("latency", built.network, partial(tasks.latency, built.network), "Time it", EXPECTED)
    if latency is not None:
        kept = _own() if built.network.baseline.key == stage_table.KEY else _server()
        kept.add(Timing(title_of(built), built.network, latency))
        _metrics(built, latency)
    _table()


def _metrics(built: Built, latency: Latency) -> None:
    row = st.container(horizontal=True, gap="small")
    row.metric("Median", f"{latency.median_ms:.1f} ms", width=180)
    spread = f"{latency.lower_quartile_ms:.1f} – {latency.upper_quartile_ms:.1f} ms"
    row.metric("Middle half of the runs", spread, width=240)
    rate = built.cost.macs / latency.median_ms * 1000
    row.metric(f"{MACS.column} a second", engineering(rate), width=220)
    st.caption(f"{counted(latency.runs, 'run')} on {counted(latency.threads, 'thread')}.")


def _table() -> None:
    kept = timings()
    if not kept:
        return
    rows = [
        {
            "Network": timing.title,
            MACS.column: engineering(timing.macs),
            "Median": f"{timing.latency.median_ms:.1f} ms",
            "Quartiles": f"{timing.latency.lower_quartile_ms:.1f} – {timing.latency.upper_quartile_ms:.1f} ms",
            "Runs": timing.latency.runs,
        }
        for timing in sorted(kept, key=lambda timing: timing.macs)
    ]
    st.subheader("Timed on this server")
    st.table(pd.DataFrame(rows).set_index("Network"))
    pairs = inversions(kept)
    for cheaper, dearer in pairs:
        slower = times(cheaper.latency.median_ms / dearer.latency.median_ms)
        st.markdown(
            f"**{cheaper.title} has {times(cheaper.macs / dearer.macs)} the multiply-adds of {dearer.title} and takes "
            f"{slower} its time.**"
        )
    if len(kept) > 1 and not pairs:
        st.caption("No pair here in which fewer multiply-adds run slower.")
