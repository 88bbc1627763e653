"""What others must type to reach a page that is open as localhost."""

from __future__ import annotations

import urllib.request
from ipaddress import ip_address
from pathlib import Path

import pytest

from explorer.serving import network_address
from tests.browser.serving import serving

ADDRESSES = {
    "http://localhost:8501/look": True,
    "http://LOCALHOST/": True,
    "https://app.localhost:8501/": True,
    "http://127.0.0.1:8501/": True,
    "http://127.8.9.1/": True,
    "http://[::1]:8501/": True,
    "http://0.0.0.0:8501/": True,
    "http://192.168.1.7:8501/": False,
    "https://a-class.example.org/": False,
    "https://localhost.example.org/": False,
    "/": False,
}


@pytest.fixture
def in_a_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with an address, and not within a container."""
    monkeypatch.setattr(network_address, "machine", lambda: "192.168.1.7")
    monkeypatch.setattr(network_address, "CONTAINER", tmp_path / "none")


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_local_is_known(address: str) -> None:
    assert network_address.is_local(address) is ADDRESSES[address]


@pytest.mark.usefixtures("in_a_network")
@pytest.mark.parametrize("listens", [None, "", "0.0.0.0", "::"])  # noqa: S104 - what a server is told
def test_a_server_that_listens_everywhere_has_the_machines_address(listens: str | None) -> None:
    found = network_address.elsewhere("http://localhost:8501/scaling/look?phi=2", listens)
    assert found == "http://192.168.1.7:8501/scaling/look?phi=2"
    assert network_address.elsewhere("https://[::1]/", listens) == "https://192.168.1.7/"


@pytest.mark.usefixtures("in_a_network")
@pytest.mark.parametrize("listens", ["localhost", "127.0.0.1"])
def test_a_server_that_listens_to_this_machine_only_has_none(listens: str) -> None:
    assert network_address.elsewhere("http://localhost:8501/", listens) is None


@pytest.mark.usefixtures("in_a_network")
def test_a_containers_own_address_is_nobodys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(network_address, "CONTAINER", tmp_path)
    assert network_address.elsewhere("http://localhost:8501/", None) is None


def test_the_machines_address_is_one_of_its_network_or_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    found = network_address.machine()
    assert found is None or not ip_address(found).is_loopback
    monkeypatch.setattr(network_address, "BEYOND", ("127.0.0.1", 1))
    assert network_address.machine() is None


@pytest.mark.server
def test_the_address_leads_to_the_server() -> None:
    with serving(settings={"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}) as (address, _):  # noqa: S104 - in the tests only
        found = network_address.elsewhere(f"{address}/health", None)
        for each in filter(None, (found, f"{address}/health")):
            with urllib.request.urlopen(each, timeout=30) as answer:  # noqa: S310 - an address of this machine
                assert answer.status == 200
