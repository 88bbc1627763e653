"""Who opens Look for the first time sees an answer, and B0's own after one click where it is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from explorer.assets import DATA_VARIABLE
from tests.browser.serving import serving

pytestmark = pytest.mark.real_weights

Opener = Callable[..., Page]

EVIDENCE = "Where it finds its evidence"


def answers(page: Page, words: str) -> None:
    """Wait for the answer, which begins with `words`, and for its map."""
    expect(page.get_by_text(re.compile(f"^{words}")).first).to_be_visible()
    expect(page.get_by_role("heading", name=EVIDENCE)).to_be_visible()
    expect(page.locator(".js-plotly-plot .heatmaplayer")).to_be_attached()


def test_the_twin_answers_at_once_and_b0_after_one_click(open_page: Opener, tmp_path: Path) -> None:
    settings = {DATA_VARIABLE: str(tmp_path / "data"), "HF_HUB_OFFLINE": "1"}
    with serving(settings=settings) as (address, _):
        page = open_page("look?phi=0&photo=coffee", at=address)
        answers(page, "EfficientNet-Lite0 says “espresso”")
        page.get_by_role("button", name="Fetch EfficientNet-B0 (21.3 MB)").click()
        answers(page, "EfficientNet-B0 says “espresso”")
        expect(page.get_by_text("answers for your network")).to_have_count(0)
        expect(page).to_have_url(re.compile(r"look\?phi=0&photo=coffee$"))


def test_with_b0_the_first_view_is_its_answer_without_a_click(open_page: Opener, b0_folder: Path) -> None:
    with serving(settings={DATA_VARIABLE: str(b0_folder)}) as (address, _):
        answers(open_page("look", at=address), "The network grown from EfficientNet-B0 says “tiger cat”")
