"""First paint and key press → new numbers, in Chromium, against a bare Streamlit page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.timing import Comparison, compare
from tests.browser.conftest import FLAGS
from tests.browser.install import chromium
from tests.browser.rest import at_rest
from tests.browser.serving import ROOT, serving

BARE = Path(__file__).with_name("bare_page.py")
KEY_PRESSES = 15
MOVES = 5
STARTS = 3

NUMBERS = "() => [...document.querySelectorAll('[data-testid=stMetricValue]')].map(e => e.innerText).join()"
CHANGED = f"before => ({NUMBERS})() !== before"


def comparisons() -> Iterator[Comparison]:
    """The app against the bare page, each with a server and a browser page of its own."""
    yield compare("server start → first paint", _start(ROOT / "app.py"), "bare Streamlit page", _start(BARE), STARTS)
    with serving() as (ours, process), serving(BARE) as (theirs, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        app, bare = browser.new_page(), browser.new_page()
        for page, address in ((app, ours), (bare, theirs)):
            page.goto(address)
            _painted(page)
            at_rest(page)
        yield compare("key press → new numbers", _press(app), "bare Streamlit page", _press(bare), KEY_PRESSES)
        received = _received(app)
        _painted(app)
        at_rest(app)
        print(f"  received by the first page over its websocket: {sum(received) / 1000:.0f} kB")
        moves = [_sent_by(app, received) for _ in range(MOVES)]
        print(f"  received for one move of φ: {median(moves) / 1000:.0f} kB (at most {max(moves) / 1000:.0f} kB)")
        for member in (process, *process.children(recursive=True)):
            print(f"  memory of {' '.join(member.cmdline())[:60]:<62} {member.memory_info().rss / 2**20:7.0f} MiB")
        browser.close()


def _received(page: Page) -> list[int]:
    """A list that grows by the size, in bytes, of each message that the page's websocket receives from now on."""
    sizes: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sizes.append(len(data))))
    page.reload()
    return sizes


def _sent_by(page: Page, received: list[int]) -> int:
    """Bytes that one press of the φ slider's key brings."""
    before = sum(received)
    _press(page)()
    at_rest(page)
    return sum(received) - before


def _start(script: Path) -> Callable[[], object]:
    def start() -> None:
        with serving(script) as (address, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
            page = browser.new_page()
            page.goto(address)
            _painted(page)
            browser.close()

    return start


def _painted(page: Page) -> None:
    """Wait until a metric and a chart are drawn."""
    page.get_by_test_id("stMetricValue").first.wait_for()
    page.locator(".js-plotly-plot .main-svg").first.wait_for()


def _press(page: Page) -> Callable[[], object]:
    """One press of the φ slider's key until a metric has a new text."""

    def press() -> None:
        before = page.evaluate(NUMBERS)
        page.get_by_role("slider", name="φ: compound coefficient").focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(CHANGED, arg=before, polling="raf")

    return press
