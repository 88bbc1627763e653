"""The app, or any other Streamlit script, served on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from time import monotonic
from urllib.error import URLError

import psutil

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180


def free_port() -> int:
    """A port of this machine that nothing listens to now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def serving(
    script: Path = ROOT / "app.py", settings: Mapping[str, str] | None = None, log: Path | None = None, base: str = ""
) -> Iterator[tuple[str, psutil.Process]]:
    """`script` on a free port of this machine: its address and its process; it ends with all its children.

    `settings` go into its environment, and what it writes to stderr into the file `log`; `base` ("/scaling") is the
    path that its pages are under.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.baseUrlPath", base] if base else []
    environment = {**os.environ, "STREAMLIT_SERVER_ADDRESS": "127.0.0.1", **(settings or {})}
    written = nullcontext() if log is None else log.open("wb")
    with (
        written as errors,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=errors) as process,
    ):
        watched = psutil.Process(process.pid)
        try:
            _wait_for(f"http://127.0.0.1:{port}{base}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}{base}", watched
        finally:
            family = [*watched.children(recursive=True), watched] if watched.is_running() else []
            process.terminate()
            _, alive = psutil.wait_procs(family, timeout=10)
            for left in alive:
                left.kill()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = monotonic() + START_SECONDS
    while monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - an address of this machine
                return
        except (URLError, ConnectionError):
            try:
                process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
            break
    raise RuntimeError(f"The app did not answer at {address} within {START_SECONDS} s.")
