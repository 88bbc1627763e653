"""Uploads stay in memory, and take no more of it, and no longer, than the server can spare."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from time import monotonic

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 16 * 2**20
"""More than an upload may have (maxUploadSize in .streamlit/config.toml)."""

SESSION_BYTES = 128 * 2**20
"""What the uploads of one session may hold at a time: several times what the pages take."""

SERVER_BYTES = 2**30
"""What the uploads of all sessions may hold at a time: a class of 30 with three full uploads each."""

PAUSE_SECONDS = 10.0
"""How long an upload may send nothing."""

LONGEST_SECONDS = 300.0
"""How long an upload may take: 10 MB at 280 kbit/s."""

TOO_SLOW = "The upload stopped arriving, or came too slowly, and was given up: see to the connection and try again."
SESSION_FULL = "Your session holds as many uploads as it may: take some back, or load the page anew."
SERVER_FULL = "This server holds as many uploads as it can. Try again in a few minutes."

Held = Callable[[], Mapping[str, int]]
"""The bytes that each session's uploads hold now."""

log = logging.getLogger(__name__)


def keep_in_memory() -> None:
    """Have the server parse uploads in memory; left to itself it writes those above 1 MB to a temporary file."""
    MultiPartParser.spool_max_size = MOST_BYTES


class CutShortError(Exception):
    """An upload that is not heard to its end; the message says why to whoever sends it."""

    def __init__(self, sentence: str, status: HTTPStatus) -> None:
        super().__init__(sentence)
        self.status = status


class UploadAllowance:
    """Refuses an upload for which its session or the server has no room, or that stops arriving, and keeps none of it.

    A browser takes a replaced photograph back; a client of another kind may keep giving. What counts is what has
    arrived: who announces much and sends nothing takes no room from others.
    """

    def __init__(self, app: ASGIApp, held: Held, path: str) -> None:
        self._app = app
        self._held = held
        self._path = path
        self._arrived: Counter[str] = Counter()  # bytes of uploads that are on their way, by session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        session = uploading(scope, self._path)
        if session is None:
            await self._app(scope, receive, send)
            return
        heard = paced(receive)
        try:
            self._require_room(session, announced(scope))
            await self._take_in(session, scope, heard, send)
        except CutShortError as refusal:
            log.warning("An upload was refused: %s", refusal)
            with suppress(CutShortError):
                await _hear_out(heard)
            await PlainTextResponse(str(refusal), refusal.status)(scope, receive, send)

    async def _take_in(self, session: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an upload on and count what arrives of it, until its session holds it or it is given up."""
        arrived = 0

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            size = len(message.get("body", b""))
            self._require_room(session, size)
            self._arrived[session] += size
            arrived += size
            return message

        try:
            await self._app(scope, counted, send)
        finally:
            self._arrived[session] -= arrived
            self._arrived += Counter()  # forgets sessions of which nothing is on its way

    def _require_room(self, session: str, size: int) -> None:
        """Raises CutShortError where so many bytes more are too many."""
        held = self._held()
        if held.get(session, 0) + self._arrived[session] + size > SESSION_BYTES:
            raise CutShortError(SESSION_FULL, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if sum(held.values()) + self._arrived.total() + size > SERVER_BYTES:
            raise CutShortError(SERVER_FULL, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def paced(receive: Receive) -> Receive:
    """`receive`, but CutShortError once a body pauses for `PAUSE_SECONDS` or takes `LONGEST_SECONDS` in all."""
    begun, more = monotonic(), True

    async def received() -> Message:
        nonlocal more
        left = min(PAUSE_SECONDS, begun + LONGEST_SECONDS - monotonic())
        try:
            async with asyncio.timeout(left if more else None):
                message = await receive()
        except TimeoutError:
            raise CutShortError(TOO_SLOW, HTTPStatus.REQUEST_TIMEOUT) from None
        more = message.get("more_body", False)
        return message

    return received


def uploading(scope: Scope, path: str) -> str | None:
    """The session that the request of `scope` gives a file to, at `path`/session/file; None where it gives none."""
    if scope["type"] != "http" or scope["method"] != "PUT" or path not in scope["path"]:
        return None
    after: str = scope["path"].split(path, 1)[1]
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
