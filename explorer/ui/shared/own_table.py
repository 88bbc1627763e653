"""The editor of the user's own stage table: rows on the page, or the same as JSON."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pandas as pd
import streamlit as st

from explorer.formats.strict_json import decode
from explorer.network.baselines import BASELINES, Baseline, Operator
from explorer.network.scaling import ScalingError
from explorer.settings import stage_table
from explorer.settings.built import baseline_of
from explorer.settings.declarations import Architecture
from explorer.ui.shared.escape_markdown import escape_markdown

_ROWS, _WRITTEN, _VERSION = "_own_rows", "_own_written", "_own_version"


def render(architecture: Architecture) -> Architecture:
    """Edit the table; one that cannot be built leaves the last one that could, and says why.

    What the table is then part of: the settings that were given, or the same with the table that was edited.
    """
    with st.expander("Your stage table", expanded=True, icon=":material/table_edit:"):
        baseline = _current(architecture)
        start, json_text = st.columns([2, 3])
        with start:
            _start_from()
        edited = st.data_editor(
            st.session_state[_ROWS],
            key=_editor(),
            num_rows="dynamic",
            hide_index=True,
            column_config={
                "operator": st.column_config.SelectboxColumn(options=[each.value for each in Operator], required=True),
                "squeeze_ratio": st.column_config.NumberColumn(format="%.3f"),
            },
        )
        taken = _take(edited, baseline)
        with json_text:
            _as_json(taken)
    return replace(architecture, own=st.session_state["own"])


def _current(architecture: Architecture) -> Baseline:
    """The table of the link; where that has changed under the editor, or the editor is new, it starts from the link."""
    try:
        baseline = baseline_of(architecture)
    except ScalingError as error:
        st.error(
            f"The table in the link cannot be built, so this is B0's. {escape_markdown(str(error))}",
            icon=":material/block:",
        )
        baseline = stage_table.own(BASELINES["efficientnet"])
        st.session_state["own"] = ""
    # Streamlit forgets what was edited with the editor, when another page or family is shown.
    if st.session_state.get(_WRITTEN) != st.session_state["own"] or _editor() not in st.session_state:
        _restart(baseline)
    return baseline


def _editor() -> str:
    """The key of the editor; another one is an editor in which nothing was edited."""
    return f"_own_editor_{st.session_state.get(_VERSION, 0)}"


def _restart(baseline: Baseline) -> None:
    rows = [{**asdict(stage), "operator": stage.operator.value} for stage in baseline.stages]
    st.session_state[_ROWS] = pd.DataFrame(rows)
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1
    st.session_state[_WRITTEN] = st.session_state["own"]


def _take(edited: pd.DataFrame, baseline: Baseline) -> Baseline:
    """Make the edited rows the table, if one can be built from them; the table that is in force then."""
    rows = [_plain(row) for row in edited.to_dict("records")]
    try:
        changed = stage_table.from_rows(rows, stage_table.to_document(baseline), baseline.name)
    except ScalingError as error:
        st.error(
            f"{escape_markdown(str(error))} Until then, the last table that could be built is shown.",
            icon=":material/block:",
        )
        return baseline
    if changed.stages != baseline.stages:
        st.session_state["own"] = st.session_state[_WRITTEN] = stage_table.to_json(changed, indent=None)
    return changed


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """A row of the editor with empty cells left out and whole numbers whole."""
    return {str(name): value for name, value in row.items() if value is not None and value == value}  # noqa: PLR0124


def _start_from() -> None:
    chosen = st.selectbox(
        "Start from",
        list(BASELINES),
        format_func=lambda key: BASELINES[key].name,
        key="_own_start",
        persist_state="session",
    )
    st.button("Copy its table", on_click=_copy, args=(chosen,))


def _copy(key: str) -> None:
    st.session_state["own"] = stage_table.to_json(stage_table.own(BASELINES[key]), indent=None)


def _as_json(baseline: Baseline) -> None:
    text = stage_table.to_json(baseline)
    st.download_button("Save as JSON", text, f"{baseline.name}.json", "application/json", on_click="ignore")
    file = st.file_uploader("Or open a JSON table", ["json"], key="_own_file")
    if file is not None and file.file_id != st.session_state.get("_own_file_read"):
        st.session_state["_own_file_read"] = file.file_id
        _open(file.getvalue())


def _open(data: bytes) -> None:
    """Take the table in a file, or say what is wrong with it."""
    try:
        baseline = stage_table.from_json(decode(data))
    except UnicodeDecodeError:
        st.error("The file is not text: give a stage table as JSON.", icon=":material/block:")
    except ScalingError as error:
        st.error(escape_markdown(str(error)), icon=":material/block:")
    else:
        st.session_state["own"] = stage_table.to_json(baseline, indent=None)
        st.rerun()
