"""One network under every convention, and the proof of each number."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from explorer import proof
from explorer.built import Built
from explorer.conventions import CONVENTIONS
from explorer.models import jobs
from explorer.proof import Measured
from explorer.published import as_published
from explorer.quantities import exact, times
from explorer.ui.background import measured

EXPECTED = "The real module is built and traced: a few seconds for B0, a minute for the largest."


def render(built: Built) -> None:
    """The table of conventions, and under it analytic ‖ measured ‖ published."""
    st.markdown(
        "Four tools, four numbers, one network: they differ in what they count, and each is exact in its own way."
    )
    base = built.cost.macs
    rows = [
        {
            "Convention": convention.name,
            "Operations": exact(convention.count(built.network)),
            "Relative": times(convention.count(built.network) / base),
            "Counts": convention.counts,
            "Leaves out": convention.leaves_out,
        }
        for convention in CONVENTIONS.values()
    ]
    st.table(pd.DataFrame(rows).set_index("Convention"))
    st.subheader("Proof")
    counted = measured(
        "proof",
        built.network,
        lambda bench: bench.submit(jobs.count, built.network),
        "Measure the real module",
        EXPECTED,
    )
    _proof(built, counted)


def _proof(built: Built, counted: Measured | None) -> None:
    rows = proof.rows(built.network, as_published(built.network), counted)
    st.table(pd.DataFrame([_row(row) for row in rows]).set_index("Quantity"))
    differing = [row.quantity for row in rows if row.agrees is False]
    if differing:
        st.error(f"The count and the measurement differ in: {', '.join(differing)}.", icon=":material/error:")
    elif counted is not None:
        st.success("Every measurement on the real module equals the count, as an integer.", icon=":material/check:")


def _row(row: proof.Row) -> dict[str, str]:
    if row.measured is None:
        cell = "not measured yet" if row.tool else "nothing here measures it"
    elif row.agrees:
        cell = f":green[{exact(row.measured)}] = ({row.tool})"
    else:
        cell = f":red[{exact(row.measured)}] ≠ ({row.tool})"
    return {
        "Quantity": row.quantity,
        "Analytic": exact(row.analytic),
        "Measured": cell,
        "Published": row.published or "–",
    }
