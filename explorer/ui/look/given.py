"""The photograph that a visitor gave, kept in the session: Streamlit forgets that of an uploader it does not draw."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.streamlit_internals import UploadedFile
from explorer.vision.photograph import PhotographFile


@dataclass(frozen=True)
class _Kept:
    """A file by Streamlit's name for it, so that its bytes are copied once and not in every run."""

    name: str
    file: PhotographFile


def forget(uploader: str) -> None:
    """The callback of the uploader with this key: what it held before is no more what the visitor gives."""
    st.session_state.pop(_key(uploader), None)


def kept(uploader: str, held: UploadedFile | None) -> PhotographFile | None:
    """What the visitor gives: what the uploader holds, or, back from another page, what it held last.

    Of the latter it says so, with a way to take it away, because the uploader itself is empty then.
    """
    found: _Kept | None = st.session_state.get(_key(uploader))
    if held is not None and (found is None or found.name != held.file_id):
        found = st.session_state[_key(uploader)] = _Kept(held.file_id, PhotographFile(held.name, held.getvalue()))
    if found is None:
        return None
    if held is None:
        _say(uploader, found.file.name)
    return found.file


def _say(uploader: str, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"Still yours from before: {escape_markdown(name)}.", width="content")
        st.button("Take it away", key=f"{_key(uploader)}_away", on_click=forget, args=(uploader,), type="tertiary")


def _key(uploader: str) -> str:
    return f"{uploader}_kept"
