"""What a visitor of the Frontier page does: opens a card with the keyboard, keeps a network, sends the link."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import INPUT_MAY_BE_LOST
from tests.browser.rest import at_rest

pytestmark = INPUT_MAY_BE_LOST

Opener = Callable[..., Page]


def test_a_kept_network_is_in_the_link(open_page: Opener) -> None:
    page = open_page("frontier?phi=2")
    page.get_by_role("button", name="Keep your network on the chart").click()
    remove = re.compile("Remove EfficientNet: d 1.44")
    expect(page.get_by_role("button", name=remove)).to_be_visible()
    expect(page).to_have_url(re.compile("pins=efficientnet"))
    second = open_page(page.url.split("/", 3)[3])
    expect(second.get_by_role("button", name=remove)).to_be_visible()


def test_a_dot_is_clicked_and_its_card_opens(open_page: Opener) -> None:
    page = open_page("frontier?only_recipe=paper+v5&only_family=GPipe&cloud=off&axis=params")
    expect(page.get_by_role("heading", name="Everything that is shown")).to_be_visible()
    at_rest(page)
    dot = page.locator(".js-plotly-plot .scatterlayer .trace .points path").first
    box = dot.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text("arXiv:1905.11946v5 Table 2").first).to_be_visible()
    expect(page).to_have_url(re.compile("card=GPipe"))
