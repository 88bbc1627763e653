"""A Hub that cannot be reached, says nothing, or says it too slowly: a sentence in time, and nothing is left."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic

import pytest
from huggingface_hub import constants

from explorer.models.checkpoints import WeightsError, published
from explorer.models.fetching import fetch
from tests.browser.serving import free_port

LIMIT_SECONDS = 10.0
B0 = published()["tf_efficientnet_b0.in1k"]


@contextmanager
def refused() -> Iterator[int]:
    """A port where nobody listens."""
    yield free_port()


@contextmanager
def silent() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=8)) as server:
        yield server.getsockname()[1]


@contextmanager
def trickling() -> Iterator[int]:
    """A port that answers with one byte a second."""
    over = threading.Event()

    def answer(connection: socket.socket) -> None:
        with closing(connection):
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 1000:
                if over.wait(1.0):
                    return
                try:
                    connection.send(bytes([byte]))
                except OSError:
                    return

    def serve(server: socket.socket) -> None:
        while not over.is_set():
            try:
                threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()
            except OSError:
                return

    with closing(socket.create_server(("127.0.0.1", 0), backlog=8)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        yield server.getsockname()[1]
        over.set()


@pytest.mark.parametrize("hub", [refused, silent, trickling])
def test_nothing_waits_for_it_beyond_its_limit(hub: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    opened = next(each for each in (refused, silent, trickling) if each is hub)
    with opened() as port:
        began = monotonic()
        with pytest.raises(WeightsError, match="does not answer"):
            fetch(B0, lambda _: None, f"http://127.0.0.1:{port}")
        assert monotonic() - began < LIMIT_SECONDS
    assert list(tmp_path.rglob("*.safetensors")) == []
