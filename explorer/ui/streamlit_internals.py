"""Every private part of Streamlit that the explorer uses, and nothing else.

Elsewhere Streamlit is `import streamlit as st` and what its documentation names. What is here was read in the source of
Streamlit 1.67; tests/ui/test_streamlit_internals.py holds each part to the version that is installed and says what to
do where another version lacks it.
"""

from __future__ import annotations

from typing import cast

from google.protobuf.message import DecodeError
from streamlit import delta_generator
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime, uploaded_file_manager
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

DeltaGenerator = delta_generator.DeltaGenerator
"""The type of a column or container."""

UploadedFile = uploaded_file_manager.UploadedFile
"""The type of what an upload's widget gives."""

INLINE_SCRIPT = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"
"""The one script that Streamlit writes into its page, as a content security policy names it."""

UPLOADS = "/_stcore/upload_file/"
"""Where Streamlit takes uploads; the session and the file follow."""

FOR_DEVELOPERS = frozenset(
    {"clear_cache", "set_run_on_save", "load_git_info", "debug_disconnect_websocket", "debug_shutdown_runtime"}
)
"""The kinds of a message (`message_kind`) that change the server; a visitor's page sends none of them."""


def message_kind(data: bytes | None) -> str | None:
    """The kind of a message that a browser sends over the websocket; None where `data` is no such message."""
    message = BackMsg()
    try:
        message.ParseFromString(data or b"")
    except DecodeError:
        return None
    found: str | None = message.WhichOneof("type")
    return found


def uploaded_bytes() -> dict[str, int]:
    """The bytes that each session's uploads hold in memory now, by the session's name."""
    manager = cast("MemoryUploadedFileManager", Runtime.instance().uploaded_file_mgr)
    return {
        session: sum(len(file.data) for file in list(files.values()))
        for session, files in list(manager.file_storage.items())
    }
