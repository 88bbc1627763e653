"""What the visitors' uploads take of memory, as Streamlit keeps them."""

from __future__ import annotations

from typing import cast

from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager


def held() -> dict[str, int]:
    """The bytes that each session's uploads hold now, by the session's name."""
    manager = cast("MemoryUploadedFileManager", Runtime.instance().uploaded_file_mgr)
    return {
        session: sum(len(file.data) for file in list(files.values()))
        for session, files in list(manager.file_storage.items())
    }
