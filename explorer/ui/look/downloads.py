"""Fetching weights that are not on this machine: which could be fetched now, and the click that does it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from explorer.formats.quantities import engineering
from explorer.jobs import tasks
from explorer.models.checkpoints import Checkpoint
from explorer.ui.look.sources import sources, wait_for
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.measurement import measured


def offer(missing: tuple[Checkpoint, ...], advice: str) -> None:
    """A click that fetches the first of `missing` whose source answers; `advice` where none of their sources does."""
    places = {checkpoint.place for checkpoint in missing}
    if any(sources().answers(place) is None for place in places):
        wait_for(places)
        return
    found = next((each for each in missing if sources().answers(each.place)), None)
    if found is not None:
        download(found, "fetch_missing")
    elif missing and advice:
        st.caption(escape_markdown(advice))


def download(checkpoint: Checkpoint, job: str) -> None:
    """A click that fetches the weights, how far that is, and that they are here; `job` is its name on this page."""
    done = measured(
        job,
        checkpoint.name,
        partial(tasks.fetch, checkpoint.name),
        f"Fetch {checkpoint.title} ({engineering(checkpoint.bytes)}B)",
        f"From {checkpoint.source}. The time depends on the line.",
        f"Fetching {checkpoint.title}",
    )
    if done:
        st.success(f"{checkpoint.title} ({checkpoint.recipe}) is on this machine now.", icon=":material/download_done:")
