"""The address under which other machines of the network reach this server, where its page is open as localhost."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - what a server is told, not what is done here
"""How a server is told to listen to all of its machine's networks."""

BEYOND = ("8.8.8.8", 1)
"""Some address beyond the network; nothing is sent there."""

CONTAINER = Path("/.dockerenv")
"""Is there within a Docker container, whose own address nobody outside can reach."""


def is_local(address: str) -> bool:
    """Whether `address`, of a page, means another machine to everyone else: localhost, in any of its spellings."""
    host = urlsplit(address).hostname or ""
    return host == "localhost" or host.endswith(".localhost") or _is_loopback(host)


def elsewhere(address: str, listens: str | None) -> str | None:
    """A local page's `address` as other machines of the network reach it; None where they cannot, or nobody can know.

    `listens` is the address that the server listens at, None for all.
    """
    if (listens or "") not in EVERYWHERE or CONTAINER.exists():
        return None
    found = machine()
    if found is None:
        return None
    parts = urlsplit(address)
    port = "" if parts.port is None else f":{parts.port}"
    return urlunsplit(parts._replace(netloc=f"{found}{port}"))


def machine() -> str | None:
    """The address (IPv4) of this machine in its network; None where it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(BEYOND)  # chooses a way out, and with it the address that packets would come from
        except OSError:
            return None
        found: str = asking.getsockname()[0]
    return None if _is_loopback(found) else found


def _is_loopback(host: str) -> bool:
    try:
        found = ip_address(host)
    except ValueError:
        return False
    return found.is_loopback or found.is_unspecified
