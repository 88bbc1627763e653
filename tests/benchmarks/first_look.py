"""From opening the Look page to its answer and map on the screen, in Chromium: without a click, B0 where it is here.

Where B0's weights are not on this machine its twin answers, which takes as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.interface import BARE
from tests.benchmarks.timing import Comparison, compare_timed
from tests.browser.conftest import FLAGS
from tests.browser.install import chromium
from tests.browser.serving import ROOT, serving

ANSWERED = Path(__file__).with_name("answered_page.py")
OPENINGS, STARTS = 7, 3
FLOOR = "() => document.querySelector('.js-plotly-plot .main-svg') !== null"
SEEN = """() => document.querySelector('.js-plotly-plot .heatmaplayer image') !== null &&
    / says “/.test(document.body.innerText)"""


def comparisons() -> Iterator[Comparison]:
    """A warm server against the same page with its answer kept, and the first look of a server against a bare page."""
    with serving() as (ours, _), serving(ANSWERED) as (kept, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        opened, floor = partial(_opened, browser, f"{ours}/look", SEEN), partial(_opened, browser, f"{kept}/look", SEEN)
        yield compare_timed(
            "Look opened → answer and map, warm server", opened, "the same, not looking", floor, OPENINGS
        )
        browser.close()
    first, bare = partial(_first, ROOT / "app.py", "/look", SEEN), partial(_first, BARE, "", FLOOR)
    yield compare_timed("the first look of a server", first, "bare Streamlit page", bare, STARTS)


def _first(script: Path, path: str, drawn: str) -> float:
    """Seconds from the first visitor of a new server of `script` opening a page until it is drawn."""
    with serving(script) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        taken = _opened(browser, f"{address}{path}", drawn)
        browser.close()
    return taken


def _opened(browser: Browser, address: str, drawn: str) -> float:
    """Seconds from a new visitor's request until the page says that it is `drawn`; nothing is in a cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    started = perf_counter()
    page.goto(address)
    page.wait_for_function(drawn, polling="raf", timeout=180_000)
    taken = perf_counter() - started
    context.close()
    return taken
