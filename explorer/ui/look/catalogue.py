"""The catalogue of trained weights: what is here, what could be downloaded, what cannot be reached."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from explorer.formats.quantities import engineering
from explorer.models.checkpoints import Checkpoint, catalogue, refusals
from explorer.models.weight_sources import FOLDER_VARIABLE, Hub
from explorer.ui.look.downloads import download
from explorer.ui.look.sources import sources, wait_for
from explorer.ui.shared.escape_markdown import escape_markdown

HERE, DOWNLOAD, AWAY, ASKED = "on this machine", "can be downloaded", "not reachable from here", "being asked"
HEIGHT = 420


def render() -> None:
    """The table of all weights, and the download of one."""
    st.subheader("Trained weights")
    known = catalogue()
    states = {name: _state(checkpoint) for name, checkpoint in known.items()}
    here = sum(state == HERE for state in states.values())
    st.markdown(f"**{here} of {len(known)} sets of weights are on this machine.** {_advice(known, states)}")
    for refusal in refusals():
        st.warning(escape_markdown(refusal), icon=":material/block:")
    order = sorted(known, key=lambda name: states[name] != HERE)
    rows = [_row(known[name], states[name]) for name in order]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height=HEIGHT,
        column_config={
            "Top-1": st.column_config.NumberColumn(format="%.1f %%", help="Measured on ImageNet; source at the right.")
        },
    )
    downloadable = [name for name in order if states[name] == DOWNLOAD]
    if downloadable:
        _choose_download({name: known[name] for name in downloadable})
    if ASKED in states.values():
        wait_for({known[name].place for name in order if states[name] == ASKED})


def _advice(known: Mapping[str, Checkpoint], states: dict[str, str]) -> str:
    if ASKED in states.values():
        return "Where the others can be downloaded is being asked."
    if any(isinstance(known[name].place, Hub) for name, state in states.items() if state == DOWNLOAD):
        return "The others can be downloaded from the Hugging Face Hub."
    others = "the others" if DOWNLOAD not in states.values() else "all others but those that npm has"
    return (
        f"The Hugging Face Hub does not answer from here, so {others} need its local cache, or a folder of "
        f"safetensors files of yours (the environment variable {FOLDER_VARIABLE})."
    )


def _state(checkpoint: Checkpoint) -> str:
    if checkpoint.at_hand:
        return HERE
    return {True: DOWNLOAD, False: AWAY, None: ASKED}[sources().answers(checkpoint.place)]


def _row(checkpoint: Checkpoint, state: str) -> dict[str, object]:
    return {
        "Network": checkpoint.title,
        "Recipe": checkpoint.recipe,
        "Pixels": checkpoint.network.input_resolution,
        "Top-1": checkpoint.top1,
        "State": state,
        "Size": f"{engineering(checkpoint.bytes)}B",
        "Source": checkpoint.place.source,
        "Licence": checkpoint.licence,
        "Accuracy from": checkpoint.top1_source,
        "Name": checkpoint.name,
    }


def _choose_download(known: dict[str, Checkpoint]) -> None:
    name = st.selectbox(
        "Download", list(known), key="_fetch", format_func=lambda each: _label(known[each]), persist_state="session"
    )
    download(known[name], "fetch")


def _label(checkpoint: Checkpoint) -> str:
    top1 = "" if checkpoint.top1 is None else f"{checkpoint.top1:.1f} %, "
    return f"{checkpoint.title}: {checkpoint.recipe} ({top1}{engineering(checkpoint.bytes)}B)"
