"""A large upload is parsed without a file."""

from __future__ import annotations

import tempfile

import pytest
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.types import Message

from explorer.serving import uploads
from tests.awaiting import run

BORDER = "border"
PHOTOGRAPH = bytes(10 * 2**20)


def _received() -> bytes:
    """The content of an upload of 10 MB, after it was parsed as the server does it."""
    head = f'--{BORDER}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    body = head.encode() + PHOTOGRAPH + f"\r\n--{BORDER}--\r\n".encode()
    headers = [(b"content-type", f"multipart/form-data; boundary={BORDER}".encode())]

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def parse() -> bytes:
        async with Request({"type": "http", "method": "PUT", "headers": headers}, receive).form() as form:
            (file,) = form.values()
            assert isinstance(file, UploadFile)
            return await file.read()

    return run(parse())


def _refuse(*_: object, **__: object) -> None:
    raise OSError("The disk is not to be touched.")


def test_an_upload_touches_no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", _refuse)
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 2**20)
    with pytest.raises(OSError, match="not to be touched"):
        _received()
    uploads.keep_in_memory()
    assert _received() == PHOTOGRAPH
