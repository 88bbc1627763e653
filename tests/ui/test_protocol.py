"""Which messages of Streamlit's protocol reach the server."""

from __future__ import annotations

from collections import deque

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from explorer.ui.protocol import VisitorsOnly
from explorer.ui.streamlit_internals import FOR_DEVELOPERS, message_kind
from tests.support.awaiting import run
from tests.ui.test_streamlit_internals import FROM_PAGES

NOT_OF_THE_PROTOCOL = (None, b"", b"\xff\xff\xff", b"GET / HTTP/1.1")


def _message(name: str) -> bytes:
    message = BackMsg()
    field = BackMsg.DESCRIPTOR.fields_by_name[name]
    if field.message_type:
        getattr(message, name).SetInParent()
    else:
        setattr(message, name, True)
    return message.SerializeToString()


def _reaching(kind_of_scope: str, *payloads: bytes | None) -> list[bytes | None]:
    """What of `payloads` an app behind the middleware receives before the connection ends."""
    waiting: deque[Message] = deque({"type": "websocket.receive", "bytes": each} for each in payloads)
    waiting.append({"type": "websocket.disconnect", "code": 1000})
    received: list[bytes | None] = []

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            received.append(message["bytes"])

    async def receive() -> Message:
        return waiting.popleft()

    async def send(message: Message) -> None:
        raise AssertionError(message)

    run(VisitorsOnly(app)({"type": kind_of_scope}, receive, send))
    return received


@pytest.mark.parametrize("name", sorted(FOR_DEVELOPERS))
def test_what_runs_the_server_is_dropped(name: str) -> None:
    move = _message("rerun_script")
    assert _reaching("websocket", _message(name), move, _message(name)) == [move]


@pytest.mark.parametrize("name", sorted(FROM_PAGES))
def test_what_a_page_sends_arrives_unchanged(name: str) -> None:
    assert message_kind(_message(name)) == name
    assert _reaching("websocket", _message(name)) == [_message(name)]


@pytest.mark.parametrize("payload", NOT_OF_THE_PROTOCOL)
def test_what_is_no_message_is_the_servers_to_refuse(payload: bytes | None) -> None:
    assert message_kind(payload) is None
    assert _reaching("websocket", payload) == [payload]


def test_other_requests_are_not_touched() -> None:
    assert _reaching("http", _message("clear_cache")) == [_message("clear_cache")]
