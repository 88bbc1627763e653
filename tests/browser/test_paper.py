"""What a reader of the Paper page does: turn chapters, change a version, try it on the sliders, take charts away."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from explorer.planning.narrative import headline
from explorer.settings.built import build
from explorer.settings.declarations import Architecture
from explorer.teaching.paper import results, single
from tests.browser.conftest import INPUT_MAY_BE_LOST
from tests.browser.rest import at_rest
from tests.support.conditions import wait_until

pytestmark = INPUT_MAY_BE_LOST

Opener = Callable[..., Page]
PNG = b"\x89PNG"


def chapter(page: Page, title: str) -> None:
    """Wait until the chapter called `title` is drawn to its end."""
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    at_rest(page)


def saved(page: Page, press: Callable[[], None]) -> bytes:
    """What the browser downloads when `press` is done."""
    with page.expect_download() as download:
        press()
    return Path(download.value.path()).read_bytes()


def test_a_class_is_led_through_the_argument_and_into_the_sliders(open_page: Opener) -> None:
    page = open_page("paper")
    chapter(page, "The problem")
    page.get_by_role("button", name="Next", exact=True).click()
    chapter(page, "The baseline, B0")
    expect(page).to_have_url(re.compile(r"/paper\?chapter=baseline$"))
    page.evaluate("window.sameSession = true")
    page.get_by_role("link", name="Try it: B0 itself").click()
    expect(page.get_by_test_id("stMain").get_by_text(headline(build(Architecture(phi=0.0))))).to_be_visible()
    assert page.evaluate("window.sameSession"), "a link into the sliders does not load the app anew"
    page.get_by_role("link", name="Paper").click()
    chapter(page, "The baseline, B0")


def test_a_version_of_the_paper_is_in_the_link(open_page: Opener) -> None:
    page = open_page("paper?chapter=results")
    chapter(page, "ImageNet results")
    page.get_by_role("radio", name="v1, May 2019").click()
    expect(page.get_by_text(results.sentence("v1"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"version=v1"))


def test_a_chart_is_taken_away_as_data_and_as_picture(open_page: Opener) -> None:
    page = open_page("paper?chapter=single")
    chapter(page, "One dimension at a time")
    page.get_by_role("button", name="Save").click()
    data = saved(page, page.get_by_role("button", name="Data as CSV").click)
    assert len(list(csv.DictReader(data.decode().splitlines()))) == len(single.rows())
    assert saved(page, lambda: _camera(page)).startswith(PNG)
    page.get_by_role("radio", name="SVG").click()
    chart = page.locator(".js-plotly-plot").first
    wait_until(lambda: chart.evaluate("drawn => drawn._context?.toImageButtonOptions.format") == "svg")
    at_rest(page)
    picture = saved(page, lambda: _camera(page)).decode()
    assert "<svg" in picture
    assert "ImageNet top-1 accuracy" in picture


def _camera(page: Page) -> None:
    page.keyboard.press("Escape")
    chart = page.get_by_test_id("stPlotlyChart").first
    chart.hover()
    chart.locator(".modebar-btn").first.click()
    page.get_by_role("button", name="Save").click()
