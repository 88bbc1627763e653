"""When a page has come to rest."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def at_rest(page: Page) -> None:
    """Wait until the page's script has run to its end and everything it sent is drawn."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
