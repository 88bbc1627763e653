"""One network under every convention, and the proof of each number."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from explorer.cost.conventions import CONVENTIONS, keras_params
from explorer.formats.measures import BILLION
from explorer.formats.quantities import engineering, exact, times
from explorer.jobs import tasks
from explorer.models import task_memory
from explorer.planning import proof
from explorer.planning.proof import MeasuredCounts
from explorer.published import as_published
from explorer.settings.built import Built
from explorer.ui.shared.measurement import measured

LABEL = "Measure the real module"
LARGEST_TRACED_MACS = 60e9
EXPECTED = "The real module is built and traced: a few seconds for B0, a minute for the largest."


def render(built: Built) -> None:
    """The table of conventions, and under it analytic ‖ measured ‖ published."""
    st.markdown(
        "Four tools, four numbers, one network: they differ in what they count, and each is exact in its own way."
    )
    counts = {key: convention.count(built.network) for key, convention in CONVENTIONS.items()}
    rows = [
        {
            "Convention": convention.name,
            "Operations": exact(counts[key]),
            "Relative": times(counts[key] / built.cost.macs),
        }
        for key, convention in CONVENTIONS.items()
    ]
    printed = proof.printed_macs(as_published(built.network))
    if printed is not None:
        ratio = times(printed / built.cost.macs)
        rows.append(
            {"Convention": "Paper, as printed", "Operations": f"{printed / BILLION:g} billion", "Relative": ratio}
        )
    st.table(pd.DataFrame(rows).set_index("Convention"))
    explained = [
        f"- **{each.name}** counts {each.counts}; leaves out {each.leaves_out}." for each in CONVENTIONS.values()
    ]
    explained.append(
        f"- **Keras' total of parameters**, {exact(keras_params(built.network))}, is larger than the "
        f"{exact(built.cost.params)} trainable ones: it also counts moving means and variances and, in an "
        "EfficientNet, its own input layer."
    )
    st.markdown("\n".join(explained))
    st.subheader("Proof")
    _proof(built, _measured(built))


def _measured(built: Built) -> MeasuredCounts | None:
    network, limit = built.network, engineering(LARGEST_TRACED_MACS)
    if built.cost.macs > LARGEST_TRACED_MACS:
        st.info(f"fvcore runs a real image through the module: up to {limit} multiply-adds are measured here.")
        return None
    refusal = task_memory.refusal(task_memory.forward(network))
    if refusal:
        st.info(refusal, icon=":material/memory:")
        return None
    return measured("proof", network, partial(tasks.count, network), LABEL, EXPECTED)


def _proof(built: Built, counted: MeasuredCounts | None) -> None:
    rows = proof.rows(built.network, as_published(built.network), counted)
    st.table(pd.DataFrame([_row(row) for row in rows]).set_index("Quantity"))
    differing = [row.quantity for row in rows if row.agrees is False]
    if differing:
        st.error(f"The count and the measurement differ in: {', '.join(differing)}.", icon=":material/error:")
    elif counted is not None:
        st.success("Every measurement on the real module equals the count, as an integer.", icon=":material/check:")


def _row(row: proof.ProofRow) -> dict[str, str]:
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
