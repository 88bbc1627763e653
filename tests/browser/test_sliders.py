"""Sliders as a browser shows them: they come back where they were, and a key that is held loses no press."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from explorer.planning.narrative import headline
from explorer.settings.built import build
from explorer.settings.declarations import Architecture
from tests.browser.conftest import INPUT_MAY_BE_LOST
from tests.browser.rest import at_rest
from tests.browser.test_journeys import heading, says, slider

pytestmark = INPUT_MAY_BE_LOST

Opener = Callable[..., Page]

PRESSES = 20
PAUSES_MILLISECONDS = (33, 50, 80)


def test_the_coefficients_come_back_as_they_were(open_page: Opener) -> None:
    page = open_page("?phi=2&alpha=1.3")
    heading(page, "Stage by stage")
    page.get_by_test_id("stSidebar").get_by_text("B4", exact=True).click()
    says(page, "EfficientNet-B4")
    page.get_by_text("Compound φ", exact=True).click()
    for name, value in (("φ: compound", "2"), ("α: depth", "1.3"), ("β: width", "1.1"), ("γ: resolution", "1.15")):
        expect(page.get_by_role("slider", name=name)).to_have_value(value)
    says(page, headline(build(Architecture(phi=2.0, alpha=1.3))))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_held_key_loses_no_press(open_page: Opener, seed: int) -> None:
    page, draw = open_page(""), random.Random(seed)
    heading(page, "Stage by stage")
    at_rest(page)
    slider(page, "φ: compound coefficient")
    for _ in range(PRESSES):
        page.keyboard.press("ArrowRight", delay=draw.choice(PAUSES_MILLISECONDS))
    says(page, headline(build(Architecture(phi=2.0))))
    expect(page.get_by_role("slider", name="φ: compound coefficient")).to_have_value("2")
    page.wait_for_url("**/?phi=2")
