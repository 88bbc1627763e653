"""A real server and a real browser for the journeys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser.install import chromium
from tests.browser.serving import serving

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A camera of moving colours, for whoever the page and its frames allow to ask for one.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
PATIENCE_MILLISECONDS = 180_000
POLICY = "Content Security Policy"

INPUT_MAY_BE_LOST = pytest.mark.flaky(
    reruns=1,
    reason="Between Playwright's check and its click Streamlit may draw the control anew, and Chromium's click is lost",
)
"""For modules of clicks and key presses; a visitor would press once more, and what is wrong is wrong twice."""


@pytest.fixture(scope="session")
def app() -> Iterator[tuple[str, psutil.Process]]:
    """The address and the process of one running app."""
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def address(app: tuple[str, psutil.Process]) -> str:
    """The address of the running app."""
    return app[0]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """A function that opens a path of the app, or of another at an address, in a fresh browser profile.

    Errors of the page fail the test, and so does whatever its content security policy has to forbid.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(
        path: str,
        width: int = 1280,
        height: int = 900,
        scheme: str = "light",
        agent: str | None = None,
        at: str = address,
    ) -> Page:
        viewport: ViewportSize = {"width": width, "height": height}
        context = browser.new_context(viewport=viewport, color_scheme=scheme, user_agent=agent)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.extend([message.text] if POLICY in message.text else []))
        page.goto(f"{at}/{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []
