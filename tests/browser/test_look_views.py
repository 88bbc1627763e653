"""What a visitor does with the longer looks of the Look page."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from explorer.assets import ASSETS
from tests.browser.conftest import INPUT_MAY_BE_LOST

pytestmark = INPUT_MAY_BE_LOST

Opener = Callable[..., Page]


def test_a_map_is_checked_on_one_click_and_its_check_can_be_cancelled(open_page: Opener) -> None:
    page = open_page("look?network=lite0&photo=coffee&view=trust")
    start = page.get_by_role("button", name="Check this map")
    start.click()
    page.get_by_role("button", name="Cancel").click()
    start.click()
    expect(page.get_by_text("You can trust this map.")).to_be_visible()
    expect(page.get_by_role("heading", name="Do its strongest cells carry the answer?")).to_be_visible()


def test_the_papers_five_and_then_a_link_of_ones_own(open_page: Opener) -> None:
    page = open_page("look?network=lite0&photo=coffee&view=compare")
    page.get_by_role("button", name="Compare 5 networks").click()
    expect(page.get_by_role("img", name=re.compile("Evidence for espresso: "))).to_have_count(5)
    page.get_by_role("radio", name="Links").click()
    links = page.get_by_role("textbox", name="Links, one a line")
    links.fill("family=lite&phi=2\nphi=2")
    links.press("Control+Enter")
    expect(page.get_by_text("Untrained, so it has no answers.")).to_be_visible()
    page.get_by_role("button", name="Look", exact=True).click()
    expect(page.get_by_role("img", name=re.compile("Evidence for espresso: "))).to_have_count(1)
    expect(page).to_have_url(re.compile(r"beside=links&links=family%3Dlite"))


def test_several_photographs_are_taken_away_as_csv(open_page: Opener, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    page = open_page("look?network=lite0&photo=several")
    samples = [ASSETS / "samples" / f"{name}.jpg" for name in ("cat", "coffee")]
    page.locator("input[type=file]").set_input_files([*samples, broken])
    page.get_by_role("button", name="Look at 3 photographs").click()
    expect(page.get_by_text("2 photographs were looked at. 1 file was refused.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Table as CSV").click()
    cat, coffee, refused = csv.DictReader(Path(download.value.path()).read_text().splitlines())
    assert (cat["file"], coffee["label_1"]) == ("cat.jpg", "espresso")
    assert "broken.jpg" in refused["refused"]
