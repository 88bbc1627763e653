"""The catalogue of trained weights: what is here, what could be downloaded, what cannot be reached."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from explorer.formats.quantities import engineering
from explorer.jobs import tasks
from explorer.models.checkpoints import Checkpoint, catalogue, refusals
from explorer.models.weight_sources import FOLDER_VARIABLE, Hub, NpmPackage, Place
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.measurement import measured

REACHED_SECONDS = 60
HERE, DOWNLOAD, AWAY = "on this machine", "can be downloaded", "not reachable from here"
HEIGHT = 420


def render() -> None:
    """The table of all weights, and the download of one."""
    st.subheader("Trained weights")
    known = catalogue()
    states = {name: _state(checkpoint) for name, checkpoint in known.items()}
    here = sum(state == HERE for state in states.values())
    st.markdown(f"**{here} of {len(known)} sets of weights are on this machine.** {_advice(states)}")
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
        _download({name: known[name] for name in downloadable})


def _advice(states: dict[str, str]) -> str:
    if _hub_answers():
        return "The others can be downloaded from the Hugging Face Hub."
    others = "the others" if DOWNLOAD not in states.values() else "all others but those that npm has"
    return (
        f"The Hugging Face Hub does not answer from here, so {others} need its local cache, or a folder of "
        f"safetensors files of yours (the environment variable {FOLDER_VARIABLE})."
    )


@st.cache_data(ttl=REACHED_SECONDS, max_entries=1, show_spinner=False)
def _hub_answers() -> bool:
    return Hub.reachable()


@st.cache_data(ttl=REACHED_SECONDS, max_entries=1, show_spinner=False)
def _npm_answers(package: NpmPackage) -> bool:
    return package.reachable()


def _state(checkpoint: Checkpoint) -> str:
    if checkpoint.at_hand:
        return HERE
    return DOWNLOAD if _answers(checkpoint.place) else AWAY


def _answers(place: Place) -> bool:
    """Whether the source of weights that are not here can be reached."""
    if isinstance(place, NpmPackage):
        return _npm_answers(place)
    return isinstance(place, Hub) and _hub_answers()


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


def _download(known: dict[str, Checkpoint]) -> None:
    name = st.selectbox(
        "Download", list(known), key="_fetch", format_func=lambda each: _label(known[each]), persist_state="session"
    )
    checkpoint = known[name]
    done = measured(
        "fetch",
        name,
        lambda bench: bench.submit(tasks.fetch, name),
        f"Download {engineering(checkpoint.bytes)}B",
        "The time depends on the line. A cancelled download goes on where it stopped.",
    )
    if done:
        st.success(f"{checkpoint.title} ({checkpoint.recipe}) is on this machine now.", icon=":material/download_done:")


def _label(checkpoint: Checkpoint) -> str:
    top1 = "" if checkpoint.top1 is None else f"{checkpoint.top1:.1f} %, "
    return f"{checkpoint.title}: {checkpoint.recipe} ({top1}{engineering(checkpoint.bytes)}B)"
