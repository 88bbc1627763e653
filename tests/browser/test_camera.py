"""A photograph from the camera, on the page itself and in the frame of another site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import INPUT_MAY_BE_LOST
from tests.browser.serving import serving

pytestmark = INPUT_MAY_BE_LOST

Opener = Callable[..., Page]

QUESTION = "look?network=lite0&photo=webcam"
FRAMED = """<!doctype html><title>Another site</title>
<iframe {allow} style="width: 100%; height: 95vh" src="{address}/{question}"></iframe>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def other_site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of another site on this machine, and the folder of its pages."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=tmp_path)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}", tmp_path
        server.shutdown()


def _take(page: Page | FrameLocator) -> None:
    """Press the camera's button as soon as it shows a picture, and wait for an answer to the photograph."""
    button = page.get_by_role("button", name="Take Photo")
    expect(button).to_be_enabled()
    button.click()
    expect(page.get_by_role("button", name="Clear photo")).to_be_visible()
    expect(page.get_by_text(re.compile("EfficientNet-Lite0 says “")).first).to_be_visible()


def test_a_photograph_is_taken_and_answered(open_page: Opener) -> None:
    _take(open_page(QUESTION))


def test_also_in_a_frame_of_a_site_that_allows_the_camera_and_only_there(
    open_page: Opener, other_site: tuple[str, Path]
) -> None:
    site, folder = other_site
    # As in a Space (Dockerfile): a browser withholds the XSRF cookie in another site's frame.
    settings = {"EXPLORER_FRAME_ANCESTORS": site, "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION": "false"}
    with serving(settings=settings) as (address, _):
        for name, allow in (("open", 'allow="camera"'), ("shut", "")):
            written = FRAMED.format(allow=allow, address=address, question=QUESTION)
            (folder / f"{name}.html").write_text(written, encoding="utf-8")
        _take(open_page("open.html", at=site).frame_locator("iframe"))
        shut = open_page("shut.html", at=site).frame_locator("iframe")
        expect(shut.get_by_text("This app would like to use your camera.")).to_be_visible()
