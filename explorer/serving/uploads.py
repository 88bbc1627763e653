"""Uploads stay in memory, and take no more of it than the server can spare."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MOST_BYTES = 16 * 2**20
"""More than an upload may have (maxUploadSize in .streamlit/config.toml)."""

SESSION_BYTES = 128 * 2**20
"""What the uploads of one session may hold at a time: several times what the pages take."""

SERVER_BYTES = 2**30
"""What the uploads of all sessions may hold at a time: a class of 30 with three full uploads each."""

SESSION_FULL = "Your session holds as many uploads as it may: take some back, or load the page anew."
SERVER_FULL = "This server holds as many uploads as it can. Try again in a few minutes."

PLACE = "/_stcore/upload_file/"
"""Where Streamlit takes uploads; the session and the file follow."""

Held = Callable[[], Mapping[str, int]]
"""The bytes that each session's uploads hold now."""

log = logging.getLogger(__name__)


def keep_in_memory() -> None:
    """Have the server parse uploads in memory; left to itself it writes those above 1 MB to a temporary file."""
    MultiPartParser.spool_max_size = MOST_BYTES


class UploadAllowance:
    """Refuses an upload for which its session or the server has no room, and keeps nothing of it.

    A browser takes a replaced photograph back; a client of another kind may keep giving.
    """

    def __init__(self, app: ASGIApp, held: Held) -> None:
        self._app = app
        self._held = held
        self._arriving: Counter[str] = Counter()  # bytes of uploads that are on their way, by session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        session = uploading(scope)
        if session is None:
            await self._app(scope, receive, send)
            return
        size = announced(scope)
        refusal = self._refusal(session, size)
        if refusal:
            log.warning("An upload was refused: %s", refusal)
            await _hear_out(receive)
            await PlainTextResponse(refusal, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)(scope, receive, send)
            return
        self._arriving[session] += size
        try:
            await self._app(scope, receive, send)
        finally:
            self._arriving[session] -= size
            if not self._arriving[session]:
                del self._arriving[session]

    def _refusal(self, session: str, size: int) -> str | None:
        held = self._held()
        if held.get(session, 0) + self._arriving[session] + size > SESSION_BYTES:
            return SESSION_FULL
        if sum(held.values()) + self._arriving.total() + size > SERVER_BYTES:
            return SERVER_FULL
        return None


def uploading(scope: Scope) -> str | None:
    """The session that the request of `scope` gives a file to; None where it gives none."""
    if scope["type"] != "http" or scope["method"] != "PUT" or PLACE not in scope["path"]:
        return None
    after: str = scope["path"].split(PLACE, 1)[1]
    return after.split("/", 1)[0]


def announced(scope: Scope) -> int:
    """The size that the request of `scope` says it has, in bytes; the largest that is taken where it says none."""
    text = Headers(scope=scope).get("content-length", "")
    return int(text[:15]) if text.isdecimal() else MOST_BYTES  # 15 digits are too many already


async def _hear_out(receive: Receive) -> None:
    """Let a file of a permitted size arrive, and drop it: who is cut short while sending does not read the answer."""
    heard, more = 0, True
    while more and heard <= MOST_BYTES:
        message = await receive()
        heard += len(message.get("body", b""))
        more = message.get("more_body", False)
