"""A Hub on this machine, as its library asks for files."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class LocalHub:
    """What a Hub on this machine serves, and what it was asked for."""

    data: bytes
    endpoint: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving(data: bytes) -> Iterator[LocalHub]:
    """A Hub on this machine that serves one file of every repository, with the headers that its library asks for."""
    hub = LocalHub(data)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._head(200, len(hub.data))

        def do_GET(self) -> None:
            hub.asked.append(self.path)
            start = int((re.match(r"bytes=(\d+)-", self.headers.get("Range") or "bytes=0-") or [0, 0])[1])
            self._head(206 if start else 200, len(hub.data) - start)
            self.wfile.write(hub.data[start:])

        def _head(self, status: int, length: int) -> None:
            self.send_response(status)
            self.send_header("ETag", f'"{"e" * 64}"')
            self.send_header("X-Repo-Commit", "a" * 40)
            self.send_header("Content-Length", str(length))
            self.send_header("Accept-Ranges", "bytes")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hub.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield hub
        server.shutdown()
