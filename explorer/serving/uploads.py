"""Uploads stay in memory: nothing of a visitor's file is written to disk."""

from __future__ import annotations

from starlette.formparsers import MultiPartParser

MOST_BYTES = 16 * 2**20
"""More than an upload may have (maxUploadSize in .streamlit/config.toml)."""


def keep_in_memory() -> None:
    """Have the server parse uploads in memory; left to itself it writes those above 1 MB to a temporary file."""
    MultiPartParser.spool_max_size = MOST_BYTES
