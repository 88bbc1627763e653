"""What a visitor does to read a map: draw a rectangle on it, ask for another one, compare two classes."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import INPUT_MAY_BE_LOST
from tests.browser.rest import at_rest

pytestmark = INPUT_MAY_BE_LOST

Opener = Callable[..., Page]


def settled(page: Page, text: str) -> None:
    """Wait until the page says `text` and is drawn to its end."""
    expect(page.get_by_test_id("stMain").get_by_text(text).first).to_be_visible()
    at_rest(page)


def drag(page: Page, start: float, end: float) -> None:
    """Drag a rectangle over the map, from one corner to the other, in shares of its sides."""
    at_rest(page)
    area = page.locator(".js-plotly-plot .nsewdrag").last
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + start * box["width"], box["y"] + start * box["height"])
    page.mouse.down()
    for share in (0.5, 1.0):
        place = start + share * (end - start)
        page.mouse.move(box["x"] + place * box["width"], box["y"] + place * box["height"], steps=4)
    page.mouse.up()


def test_a_rectangle_is_drawn_with_the_mouse_and_moved_with_the_keyboard(open_page: Opener) -> None:
    page = open_page("look?network=lite0&photo=coffee")
    settled(page, "Drag a rectangle over the map, or move the two sliders of the rectangle, to read")
    drag(page, 0.2, 0.7)
    settled(page, "of the evidence for “espresso” lies in the rectangle you drew")
    expect(page).to_have_url(re.compile(r"left=20&top=20&right=70&bottom=70$"))
    page.get_by_role("slider", name="Rectangle from left to right, %").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"left=21&top=20&right=70&bottom=70$"))
    drag(page, 0.4, 0.6)
    expect(page).to_have_url(re.compile(r"left=40&top=40&right=60&bottom=60$"))
    page.get_by_role("button", name="Whole picture").click()
    settled(page, "Drag a rectangle over the map, or move the two sliders of the rectangle, to read")


def test_on_a_phone_a_swipe_over_the_map_draws_nothing(open_page: Opener) -> None:
    page = open_page("look?network=lite0&photo=coffee", width=390, agent="Mozilla/5.0 (Android) Mobile")
    settled(page, "Move the two sliders of the rectangle")
    expect(page.locator(".js-plotly-plot .heatmaplayer")).to_be_attached()
    assert page.evaluate("document.querySelector('.js-plotly-plot')._fullLayout.dragmode") is False


def test_a_map_of_another_stage_is_computed_and_two_classes_are_compared(open_page: Opener) -> None:
    page = open_page("look?network=lite0&photo=coffee&method=grad_cam&stage=5&left=20&right=80")
    page.get_by_role("button", name="Compute the maps at stage 5").click()
    settled(page, "Grad-CAM at stage 5, 14 × 14 cells")
    page.get_by_role("radio", name="Why A and not B").click()
    settled(page, "Orange cells speak for “espresso” rather than “")
    page.get_by_role("button", name="Cover the rectangle").click()
    settled(page, "With the rectangle covered, “espresso” ")
    page.get_by_role("button", name="Swap A and B").click()
    settled(page, "blue cells for “espresso”")
    settled(page, "and “espresso” ")
