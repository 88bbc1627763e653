"""Table 4: latency as printed, elsewhere and on this machine."""

from __future__ import annotations

from functools import partial

import streamlit as st

from explorer.charts.paper import latency as charts
from explorer.cost.latency import machine
from explorer.jobs import tasks
from explorer.teaching.paper import latency
from explorer.ui.paper.parts import counts, plain_table, says
from explorer.ui.paper.try_it import direct
from explorer.ui.shared import figure
from explorer.ui.shared.measurement import measured

EXPECTED = "Two networks, each for some seconds on one core."


def render() -> None:
    """The printed seconds beside two other machines."""
    says("Fewer multiply-adds are faster on a processor: one image on one core of a Xeon E5-2690 (Table 4).")
    networks = latency.to_measure()
    times = measured(
        "table4",
        networks,
        partial(tasks.latencies, networks),
        "Time ResNet-152 and B1 here",
        EXPECTED,
    )
    rows = latency.rows(times)
    plain_table(rows, "Network")
    told = latency.sentence() if times is None else f"{latency.sentence()} {latency.here_sentence(times)}"
    figure.show(charts.times(latency.milliseconds(times)), "paper_table4", told, rows)
    st.caption(
        f"This machine: {machine()}; eager torch in float32, one image, one core, median. timm: one image on an "
        "i9-10940X, float32, torch.compile."
    )
    counts(told)
    st.caption("Multiply-adds are not time: page Count, panel Speed, finds pairs in which fewer of them run slower.")
    direct("B1 as published", 1.1, 1.0, 240)
