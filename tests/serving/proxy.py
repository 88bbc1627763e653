"""nginx with the configuration that comes with the explorer, in front of replicas on this machine."""

from __future__ import annotations

import getpass
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from explorer.assets import ASSETS
from tests.browser.serving import free_port
from tests.serving.install import nginx
from tests.support.conditions import wait_until

CONFIGURATION = ASSETS / "hosting" / "nginx.conf"
REPLICAS = ("127.0.0.1:8501", "127.0.0.1:8502")
LISTEN = "listen 8080;"
AROUND = """
daemon off;
user {user};
pid {folder}/pid;
error_log {folder}/errors.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/explorer.conf;
}}
"""


@contextmanager
def proxying(addresses: tuple[str, str], folder: Path) -> Iterator[str]:
    """The address of nginx in front of the replicas at `addresses`; it ends with the block."""
    port = free_port()
    text = CONFIGURATION.read_text(encoding="utf-8")
    for written, meant in zip((*REPLICAS, LISTEN), (*addresses, f"listen 127.0.0.1:{port};"), strict=True):
        assert written in text
        text = text.replace(written, meant)
    (folder / "explorer.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=getpass.getuser()), encoding="utf-8")
    command = [str(nginx()), "-p", str(folder), "-c", "nginx.conf"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: _answers(f"http://127.0.0.1:{port}/health"))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5):  # noqa: S310 - an address of this machine
            return True
    except (URLError, ConnectionError):
        return False
