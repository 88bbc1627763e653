"""Several photographs at once: a table of what the network says of each, and the same as a file."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from explorer.formats.csv import as_csv
from explorer.formats.quantities import duration
from explorer.jobs import tasks
from explorer.models.lineage import Classifier
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.measurement import measured
from explorer.vision import batch, images
from explorer.vision.batch import MOST_BYTES, MOST_FILES, FileAnswer
from explorer.vision.narrative import lineage_sentence
from explorer.vision.photograph import PhotographFile

TOP = 2
REFUSED = "Refused because"


def render(classifier: Classifier) -> None:
    """Choose the files, look at them in one job, and show a row for each."""
    limits = f"up to {MOST_FILES} files, {MOST_BYTES // 2**20} MB together, {images.MAX_BYTES // 2**20} MB each"
    chosen = st.file_uploader(
        f"Your photographs: {limits}.", images.EXTENSIONS, accept_multiple_files=True, key="_several"
    )
    if not chosen:
        st.info("Choose your photographs: they stay in this session and nowhere else.", icon=":material/photo_library:")
        return
    refusal = batch.too_much([file.size for file in chosen])
    if refusal:
        st.error(escape_markdown(refusal), icon=":material/broken_image:")
        return
    rows = measured(
        "several",
        (classifier, tuple(file.file_id for file in chosen)),
        partial(
            tasks.classify_files, classifier, tuple(PhotographFile(file.name, file.getvalue()) for file in chosen), TOP
        ),
        f"Look at {len(chosen)} photographs" if len(chosen) > 1 else "Look at this photograph",
        "One after the other: up to a second for each.",
    )
    if rows is not None:
        _answers(classifier, rows)


def _answers(classifier: Classifier, rows: tuple[FileAnswer, ...]) -> None:
    st.subheader("What it says of each")
    st.markdown(f"**{batch.batch_sentence(rows)}** {escape_markdown(lineage_sentence(classifier))}")
    st.dataframe(
        pd.DataFrame([_shown(row) for row in rows]).fillna({REFUSED: ""}),
        hide_index=True,
        column_config={
            name: st.column_config.ProgressColumn(format="%.1f %%", min_value=0, max_value=100)
            for name in ("Probability", "Its probability")
        },
    )
    refusals = [escape_markdown(row.refusal) for row in rows if row.refusal]
    if refusals:
        st.warning("\n\n".join(refusals), icon=":material/broken_image:")
    st.download_button(
        "Table as CSV",
        as_csv(batch.table(rows, TOP)),
        "photographs.csv",
        "text/csv",
        icon=":material/table:",
        on_click="ignore",
    )


def _shown(row: FileAnswer) -> dict[str, object]:
    if row.latency is None:
        return {
            "File": row.file,
            "First answer": "refused",
            "Second answer": "",
            "Time": "",
            REFUSED: row.refusal,
        }
    first, second = row.top
    return {
        "File": row.file,
        "First answer": first.label,
        "Probability": first.probability * 100,
        "Second answer": second.label,
        "Its probability": second.probability * 100,
        "Time": duration(row.latency.median_ms),
        "Runs": row.latency.runs,
    }
