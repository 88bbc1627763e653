"""Networks of equal cost and different shape."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from explorer.cost import memory
from explorer.cost.latency import Latency, machine
from explorer.formats.measures import ACTIVATIONS, MACS, MEMORY, PARAMS
from explorer.formats.quantities import decimal, duration, engineering, percent, signed, times
from explorer.jobs import tasks
from explorer.network.description import Network, scale
from explorer.network.scaling import Compound
from explorer.planning.equal_cost import TOLERANCE, EqualCostNetwork, equal_cost_networks
from explorer.settings.built import Built
from explorer.ui.shared.measurement import measured

EXPECTED = "Each network runs for some seconds, the largest ones longer."


def render(built: Built, compound: Compound) -> None:
    """What each way of scaling builds for the multiply-adds of the network at the sliders."""
    found = equal_cost_networks(built.network, compound, built.rounding)
    st.markdown(
        f"**Five ways to spend {engineering(built.cost.macs)} multiply-adds**, each within {percent(TOLERANCE, 0)} of "
        "them where whole layers, channels and pixels allow it. Equal multiply-adds are not equal memory."
    )
    networks = tuple(_network(twin, built) for twin in found)
    times_here = measured("twins", networks, partial(tasks.latencies, networks), "Time the five here", EXPECTED)
    latencies = times_here or [None] * len(found)
    rows = [_row(*each, built) for each in zip(found, networks, latencies, strict=True)]
    st.dataframe(pd.DataFrame(rows), hide_index=True)
    st.caption(
        "Activations and memory are for one image in float32, training with momentum; times are medians "
        "after a warm-up on "
        f"{machine()}. Fast compound scaling (Dollár et al. 2021, arXiv:2103.06877) mainly widens, because "
        "activations, and time with them, grow least that way."
    )


def _network(twin: EqualCostNetwork, built: Built) -> Network:
    return scale(built.network.baseline, twin.depth, twin.width, twin.input_resolution, built.rounding)


def _row(twin: EqualCostNetwork, network: Network, latency: Latency | None, built: Built) -> dict[str, str]:
    activations = twin.cost.activations
    mark = "" if twin.within_tolerance else " (nearest)"
    return {
        "Method": twin.words,
        "d · w · pixels": f"{decimal(twin.depth)} · {decimal(twin.width)} · {twin.input_resolution}",
        MACS.column: f"{engineering(twin.cost.macs)}, {signed(100 * twin.gap)} %{mark}",
        PARAMS.column: engineering(twin.cost.params),
        ACTIVATIONS.column: f"{engineering(activations)} ({times(activations / built.cost.activations)})",
        MEMORY.column: f"{engineering(memory.training(network, 1).total)}B",
        "Time here": "not timed" if latency is None else duration(latency.median_ms),
        "Runs": "–" if latency is None else str(latency.runs),
    }
