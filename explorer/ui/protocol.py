"""What a visitor may ask of the server over Streamlit's protocol: to run the page, not to run the server.

Streamlit's own pages offer more to developers than to visitors, but its server obeys whoever asks: one message would
clear the caches of all sessions, and end everybody's questions with them.
"""

from __future__ import annotations

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.ui.streamlit_internals import FOR_DEVELOPERS, message_kind

log = logging.getLogger(__name__)


class VisitorsOnly:
    """Drops the messages that no visitor's page sends, before `app` sees them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one websocket."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return

        async def permitted() -> Message:
            while True:
                message = await receive()
                asked = message_kind(message.get("bytes")) if message["type"] == "websocket.receive" else None
                if asked not in FOR_DEVELOPERS:
                    return message
                log.warning("A message of the kind %s was not obeyed.", asked)

        await self._app(scope, permitted, send)
