"""When a page has come to rest."""

from __future__ import annotations

from playwright.sync_api import Page, expect

# The sidebar slides in; what turns for ever is no matter. Then the frame after the last change is painted.
SETTLED = """async () => {
    await Promise.allSettled(document.getAnimations()
        .filter(each => each.effect.getComputedTiming().iterations !== Infinity).map(each => each.finished))
    await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
}"""


def at_rest(page: Page) -> None:
    """Wait until the page's script has run to its end and everything it sent is drawn and stands still.

    After a click first wait for what the click brings: until the server has heard of it, the page is still at rest.
    """
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    page.evaluate(SETTLED)
