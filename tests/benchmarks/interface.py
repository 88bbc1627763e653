"""First paint and key press → new numbers, in Chromium, against a bare Streamlit page."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import psutil
from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.timing import Comparison, compare, compare_timed
from tests.browser.conftest import FLAGS
from tests.browser.install import chromium
from tests.browser.rest import at_rest
from tests.browser.serving import ROOT, serving
from tests.support.conditions import wait_until

BARE = Path(__file__).with_name("bare_page.py")
KEY_PRESSES = 15
MOVES = 5
STARTS = 3

NUMBERS = "[...document.querySelectorAll('[data-testid=stMetricValue]')].map(each => each.innerText).join()"
CHARTS = (
    "[...document.querySelectorAll('.js-plotly-plot')].map(each => each.querySelector('.cartesianlayer')?.innerHTML)"
)
REMEMBER = f"() => {{ window.before = {{numbers: {NUMBERS}, charts: {CHARTS}}} }}"
NUMBERS_CHANGED = f"() => {NUMBERS} !== window.before.numbers"
# A chart that changes is taken away and built anew: all must be there again.
ALL_CHANGED = f"""() => {NUMBERS} !== window.before.numbers && {CHARTS}.length === window.before.charts.length &&
    {CHARTS}.every((chart, place) => chart && chart !== window.before.charts[place])"""


def comparisons() -> Iterator[Comparison]:
    """The app against the bare page, each with a server and a browser page of its own."""
    ours, theirs = partial(_first_paint, ROOT / "app.py"), partial(_first_paint, BARE)
    yield compare_timed("server start → first paint", ours, "bare Streamlit page", theirs, STARTS)
    with serving() as (address, process), serving(BARE) as (floor, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        app, bare = browser.new_page(), browser.new_page()
        for page, place in ((app, address), (bare, floor)):
            page.goto(place)
            _painted(page)
            at_rest(page)
        wait_until(lambda: _is_warm(address, process))
        pressed, floor_pressed = _press(app, NUMBERS_CHANGED), _press(bare, NUMBERS_CHANGED)
        yield compare("key press → new numbers", pressed, "bare Streamlit page", floor_pressed, KEY_PRESSES)
        drawn = _press(app, ALL_CHANGED)
        yield compare("key press → numbers, drawing and frontier", drawn, "… → new text", floor_pressed, KEY_PRESSES)
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
    _press(page, NUMBERS_CHANGED)()
    at_rest(page)
    return sum(received) - before


def _first_paint(script: Path) -> float:
    """Seconds from starting a server of `script` to its first page in a browser that is started too."""
    started = perf_counter()
    with serving(script) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        page = browser.new_page()
        page.goto(address)
        _painted(page)
        taken = perf_counter() - started
        browser.close()
    return taken


def _is_warm(address: str, server: psutil.Process) -> bool:
    """Whether the server has its worker, and that one has nothing more to do: it does not disturb what is timed."""
    with urllib.request.urlopen(f"{address}/health", timeout=30) as answer:  # noqa: S310 - an address of this machine
        looks = json.load(answer)["looks"]
    return bool(server.children()) and looks == {"waiting": 0, "running": 0}


def _painted(page: Page) -> None:
    """Wait until a metric and a chart are drawn."""
    page.get_by_test_id("stMetricValue").first.wait_for()
    page.locator(".js-plotly-plot .main-svg").first.wait_for()


def _press(page: Page, changed: str) -> Callable[[], object]:
    """One press of the φ slider's key until the page has `changed`."""

    def press() -> None:
        page.evaluate(REMEMBER)
        page.get_by_role("slider", name="φ: compound coefficient").focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(changed, polling="raf")

    return press
