"""What the server tells browsers about its pages: where their parts may come from, and who may frame them."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRAMES = "EXPLORER_FRAME_ANCESTORS"
"""The setting that names the sites, besides this one, that may show the pages in a frame."""

POLICY = {
    "default-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' ws: wss: data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
"""Nothing is loaded from elsewhere and no text becomes a program (`policy` adds the page's one script). Streamlit
writes its styles into the page."""

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""The camera is the page's own, which asks before it opens it. In another site's frame that site must allow it too
(`allow="camera"`), as huggingface.co does; nothing that a page of ours could frame gets it."""


class SecurityHeaders:
    """Adds the headers to every answer of `app`."""

    def __init__(self, app: ASGIApp, environment: Mapping[str, str], inline_script: str) -> None:
        self._app = app
        self._headers = {**ALWAYS, "Content-Security-Policy": policy(environment, inline_script)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, answer)


def policy(environment: Mapping[str, str], inline_script: str) -> str:
    """The content security policy, with the frame ancestors that `environment` names.

    `inline_script` is the hash of the one script within the page that may run, as `'sha256-…'`. Characters that could
    end the directive are dropped from the setting.
    """
    frames = environment.get(FRAMES, "").replace(";", " ").replace(",", " ").split()
    scripts = f"'self' {inline_script}"
    rules = {**POLICY, "script-src": scripts, "frame-ancestors": " ".join(("'self'", *frames))}
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())
