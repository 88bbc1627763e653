"""Page Scale's drawing in Chromium: what a move says, and how a block is opened by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from explorer.planning.change import change_sentence
from explorer.settings.declarations import Architecture
from tests.browser.conftest import INPUT_MAY_BE_LOST
from tests.browser.rest import at_rest

pytestmark = INPUT_MAY_BE_LOST

Opener = Callable[..., Page]

# The drawing, and the bar that is clicked: its trace of bars, counted from 0, and its place in it.
CLICKED = (("towers", 1, 5), ("blocks", 1, 8))


def test_a_move_says_what_it_did(open_page: Opener) -> None:
    page = open_page("")
    at_rest(page)
    page.get_by_role("slider", name="φ: compound coefficient").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(change_sentence(Architecture(phi=1.0), Architecture(phi=1.05)))).to_be_visible()


@pytest.mark.parametrize(("drawing", "trace", "place"), CLICKED)
def test_a_click_opens_the_block(open_page: Opener, drawing: str, trace: int, place: int) -> None:
    page = open_page(f"?drawing={drawing}")
    at_rest(page)
    bar = page.locator(".js-plotly-plot").first.locator(".barlayer .trace.bars").nth(trace).locator(".point").nth(place)
    box = bar.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page).to_have_url(re.compile(r"block=\d+"))
    expect(page.get_by_text(re.compile(r"^Together [\d,]+ parameters"))).to_be_visible()


def test_the_keyboard_opens_a_block_too(open_page: Opener) -> None:
    page = open_page("?drawing=blocks")
    at_rest(page)
    page.get_by_role("combobox", name="Open a block").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"block=\d+"))
