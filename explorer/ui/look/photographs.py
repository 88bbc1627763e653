"""Choosing a photograph: a sample, an upload or the camera. What a visitor gives stays in the visitor's session."""

from __future__ import annotations

import hashlib

import streamlit as st

from explorer.assets import ASSETS
from explorer.settings.declarations import options
from explorer.ui.look.given import forget, kept
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.ui.shared.state import bound
from explorer.ui.streamlit_internals import UploadedFile
from explorer.vision import images
from explorer.vision.images import ImageRejected
from explorer.vision.photograph import PhotographFile

TITLES = {
    "cat": "Cat",
    "coffee": "Coffee",
    "cat_and_coffee": "Cat and coffee",
    "camera": "Photographer",
    "rocket": "Rocket",
    "upload": "Upload",
    "webcam": "Camera",
    "several": "Several",
}
SEVERAL = "several"
"""Not one photograph but many: see `explorer.ui.look.several`."""

UPLOAD, WEBCAM = "_upload", "_webcam"
_READ = "_photograph"


def choose(kind: str) -> PhotographFile | None:
    """Draw the picker and give what it holds: None before a file is chosen, or where it was refused (and said why)."""
    st.pills("Photograph", options("photo"), format_func=TITLES.__getitem__, **bound("photo"), required=True)
    if kind == SEVERAL:
        return None
    if kind == "upload":
        limits = f"Up to {images.MAX_BYTES // 2**20} MB and {images.MAX_PIXELS // 10**6} megapixels."
        label = f"Your photograph. {limits}"
        file = st.file_uploader(label, images.EXTENSIONS, key=UPLOAD, on_change=forget, args=(UPLOAD,))
        return _given(UPLOAD, file)
    if kind == "webcam":
        return _given(WEBCAM, st.camera_input("Take a photograph", key=WEBCAM, on_change=forget, args=(WEBCAM,)))
    return _read((ASSETS / "samples" / f"{kind}.jpg").read_bytes(), TITLES[kind])


def _given(key: str, file: UploadedFile | None) -> PhotographFile | None:
    given = kept(key, file)
    return None if given is None else _read(given.data, given.name)


def _read(data: bytes, name: str) -> PhotographFile | None:
    """The file with its encoded bytes, its header checked once, kept for the session only; None where it is refused."""
    key = (hashlib.sha256(data).hexdigest(), name)
    kept = st.session_state.get(_READ)
    if kept is None or kept[0] != key:
        try:
            images.check(data, name)
            kept = (key, PhotographFile(name, data))
        except ImageRejected as refusal:
            kept = (key, refusal)
        st.session_state[_READ] = kept
    if isinstance(kept[1], ImageRejected):
        st.error(escape_markdown(str(kept[1])), icon=":material/broken_image:")
        return None
    photograph: PhotographFile = kept[1]
    return photograph
