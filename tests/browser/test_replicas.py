"""Two replicas behind nginx, as the configuration that comes with the explorer has it, seen from Chromium."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import pytest
from playwright.sync_api import Page, expect

from explorer.assets import ASSETS
from explorer.planning.narrative import headline
from explorer.settings.built import build
from explorer.settings.declarations import Architecture
from tests.browser.conftest import INPUT_MAY_BE_LOST
from tests.browser.rest import at_rest
from tests.browser.serving import serving
from tests.serving.proxy import proxying
from tests.support.conditions import wait_until

pytestmark = INPUT_MAY_BE_LOST

Opener = Callable[..., Page]

SETTINGS = {"EXPLORER_METRICS": "on", "STREAMLIT_SERVER_COOKIE_SECRET": "the same for all replicas"}
DRAWN = re.compile(r'^explorer_page_seconds_count\{page="Scale"\} (\d+)', re.MULTILINE)


def scale_pages(address: str) -> int:
    """How often a replica has drawn the page Scale."""
    with urlopen(f"{address}/metrics", timeout=30) as answer:  # noqa: S310 - an address of this machine
        found = DRAWN.search(answer.read().decode())
    return int(found[1]) if found else 0


def says(page: Page, text: str) -> None:
    expect(page.get_by_test_id("stMain").get_by_text(text).first).to_be_visible()


def move_phi(page: Page, phi: float) -> None:
    """One step to the right on φ, to the network of `phi`."""
    page.get_by_role("slider", name="φ: compound coefficient").focus()
    page.keyboard.press("ArrowRight")
    says(page, headline(build(Architecture(phi=phi))))


def test_a_visitor_outlives_a_replica(open_page: Opener, tmp_path: Path) -> None:
    with serving(settings=SETTINGS) as first, serving(settings=SETTINGS) as second:
        replicas: dict[str, psutil.Process] = dict((first, second))
        addresses = tuple(address.removeprefix("http://") for address in replicas)
        with proxying((addresses[0], addresses[1]), tmp_path) as proxy:
            page = open_page("?phi=2", at=proxy)
            says(page, headline(build(Architecture(phi=2.0))))
            wait_until(lambda: any(scale_pages(address) for address in replicas))  # a page is counted at its end
            at_rest(page)
            drawn = {address: scale_pages(address) for address in replicas}
            move_phi(page, 2.05)
            wait_until(lambda: any(scale_pages(address) > drawn[address] for address in replicas))
            assert [scale_pages(address) > drawn[address] for address in replicas].count(True) == 1
            (home,) = (address for address in replicas if scale_pages(address) > 0)

            replicas[home].send_signal(signal.SIGTERM)
            replicas[home].wait(60)
            (other,) = (address for address in replicas if address != home)
            expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED")
            page.get_by_role("slider", name="φ: compound coefficient").focus()
            page.keyboard.press("ArrowRight")  # the first move after a reconnect opens the link at the new replica
            wait_until(lambda: scale_pages(other) > 0)
            at_rest(page)
            says(page, headline(build(Architecture(phi=2.05))))
            page.get_by_role("radio", name="B4").click()
            says(page, "This is EfficientNet-B4 as published.")

            page.goto(f"{proxy}/look?network=lite0&photo=upload")
            page.locator("input[type=file]").set_input_files(ASSETS / "samples" / "coffee.jpg")
            says(page, "EfficientNet-Lite0 says “espresso”")
            with pytest.raises(HTTPError, match="404"):
                urlopen(f"{proxy}/metrics", timeout=30)  # noqa: S310 - an address of this machine
