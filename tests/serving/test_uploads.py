"""A large upload is parsed without a file, and of one for which there is no room nothing is kept."""

from __future__ import annotations

import asyncio
import tempfile
from http import HTTPStatus

import pytest
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from explorer.serving import uploads
from explorer.serving.uploads import (
    SERVER_BYTES,
    SERVER_FULL,
    SESSION_BYTES,
    SESSION_FULL,
    TOO_SLOW,
    UploadAllowance,
)
from tests.support.awaiting import run

BORDER = "border"
PATH = "/base/uploads/"
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


# What sessions hold, who gives how much, and what is said: a refusal, or nothing.
GIFTS: tuple[tuple[dict[str, int], str, str, str | None], ...] = (
    ({}, "ada", str(SESSION_BYTES), None),
    ({}, "ada", str(SESSION_BYTES + 1), SESSION_FULL),
    ({"ada": SESSION_BYTES - 5}, "ada", "5", None),
    ({"ada": SESSION_BYTES - 5}, "ada", "6", SESSION_FULL),
    ({"ada": SESSION_BYTES - 5}, "bob", "6", None),
    ({"ada": SESSION_BYTES - 5}, "ada", "", SESSION_FULL),  # of unknown length
    ({"ada": SESSION_BYTES - 5}, "ada", "-9", SESSION_FULL),
    ({"ada": SESSION_BYTES - 5}, "ada", "9" * 5000, SESSION_FULL),
    ({str(k): SESSION_BYTES for k in range(SERVER_BYTES // SESSION_BYTES)}, "ada", "1", SERVER_FULL),
)


def _put(session: str, length: str) -> Scope:
    headers = [(b"content-length", length.encode())] if length else []
    return {"type": "http", "method": "PUT", "path": f"{PATH}{session}/file", "headers": headers}


async def _served(app: UploadAllowance, scope: Scope, parts: int = 3) -> tuple[int, str, int]:
    """The status and the text that `app` answers with, and how many of the `parts` of 1 MB it left unheard.

    The server behind it hears nothing, and answers 204 without a text.
    """
    sent: list[Message] = []
    left = parts

    async def receive() -> Message:
        nonlocal left
        left -= 1
        return {"type": "http.request", "body": bytes(2**20), "more_body": left > 0}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], sent[1].get("body", b"").decode(), left


async def _taking(_: Scope, __: Receive, send: Send) -> None:
    await asyncio.sleep(0)
    await send({"type": "http.response.start", "status": HTTPStatus.NO_CONTENT, "headers": []})
    await send({"type": "http.response.body"})


@pytest.mark.parametrize(("held", "session", "length", "said"), GIFTS)
def test_an_upload_is_refused_where_there_is_no_room(
    held: dict[str, int], session: str, length: str, said: str | None
) -> None:
    app = UploadAllowance(_taking, lambda: held, PATH)
    expected = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said, 0) if said else (HTTPStatus.NO_CONTENT, "", 3)
    assert run(_served(app, _put(session, length))) == expected
    assert run(_served(app, _put(session, length))) == expected, "the first is no longer on its way"


def test_a_refused_upload_without_end_is_not_heard_out() -> None:
    app = UploadAllowance(_taking, lambda: {"ada": SESSION_BYTES}, PATH)
    status, _, left = run(_served(app, _put("ada", ""), parts=10**6))
    assert status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert left > 10**6 - 20


async def _hearing(_: Scope, receive: Receive, send: Send) -> None:
    """A server that hears the whole upload, and others meanwhile."""
    while (await receive())["more_body"]:
        await asyncio.sleep(0)
    await _taking(_, receive, send)


def test_uploads_that_arrive_together_share_the_room() -> None:
    app = UploadAllowance(_hearing, dict, PATH)
    parts = SESSION_BYTES // 2 // 2**20

    async def three() -> list[tuple[int, str, int]]:
        half = str(SESSION_BYTES // 2)
        return await asyncio.gather(*(_served(app, _put("ada", half), parts) for _ in range(3)))

    for _ in range(2):  # nothing of the first is left
        assert sorted(status for status, _, _ in run(three())) == [204, 204, 413]


def test_two_hundred_who_announce_much_and_send_nothing_take_no_room_and_are_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = UploadAllowance(_hearing, dict, PATH)
    largest = str(10 * 2**20)

    async def idle(number: int, begun: asyncio.Event) -> tuple[int, str]:
        sent: list[Message] = []

        async def never() -> Message:
            begun.set()
            await asyncio.Event().wait()
            raise AssertionError("nothing ever comes")

        async def send(message: Message) -> None:
            sent.append(message)

        await app(_put(f"session {number}", largest), never, send)
        return sent[0]["status"], sent[1]["body"].decode()

    async def scene() -> tuple[int, list[tuple[int, str]]]:
        monkeypatch.setattr(uploads, "PAUSE_SECONDS", 0.5)
        begun = [asyncio.Event() for _ in range(200)]
        waiting = [asyncio.create_task(idle(number, each)) for number, each in enumerate(begun)]
        for each in begun:
            await each.wait()
        status, _, _ = await _served(app, _put("ada", largest), 10)
        return status, await asyncio.gather(*waiting)

    status, given_up = run(scene())
    assert status == HTTPStatus.NO_CONTENT
    assert set(given_up) == {(HTTPStatus.REQUEST_TIMEOUT, TOO_SLOW)}


def test_an_upload_that_trickles_is_given_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LONGEST_SECONDS", 0.2)
    sent: list[Message] = []

    async def trickle() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    run(UploadAllowance(_hearing, dict, PATH)(_put("ada", ""), trickle, send))
    assert sent[0]["status"] == HTTPStatus.REQUEST_TIMEOUT


@pytest.mark.parametrize(
    "scope",
    [
        {"type": "websocket", "path": "/stream", "headers": []},
        {"type": "http", "method": "GET", "path": "/", "headers": []},
        {"type": "http", "method": "DELETE", "path": f"{PATH}ada/file", "headers": []},
    ],
)
def test_what_gives_nothing_is_not_counted(scope: Scope) -> None:
    def unasked() -> dict[str, int]:
        raise AssertionError("what is held does not matter")

    assert run(_served(UploadAllowance(_taking, unasked, PATH), scope)) == (204, "", 3)
