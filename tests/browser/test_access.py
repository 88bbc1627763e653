"""Every page by keyboard alone, and at rest for those whom motion disturbs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.rest import at_rest

Opener = Callable[..., Page]

# Page, and the heading that is drawn last.
PAGES = (
    ("", "Stage by stage"),
    ("count", "Proof"),
    ("frontier", "Everything that is shown"),
    ("look?network=lite0", "Where it finds its evidence"),
    ("paper?chapter=steps", "Step 1 and step 2"),
    ("search", "Run it yourself"),
)
MOST_STOPS, ROUNDS = 200, 3
REGIONS = ("skip", "stSidebar", "stHeader", "stMain")

NAMED = "at => at.getAttribute('aria-label') || at.textContent || at.tagName"

# Where the focus is: the region that holds it, its place in the document, its name, and the names of its group.
FOCUSED = f"""async () => {{
    await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
    const named = {NAMED}
    const at = document.activeElement
    if (!at || at === document.body) return null
    const region = ['stSidebar', 'stHeader', 'stMain'].find(name => at.closest(`[data-testid=${{name}}]`)) || 'skip'
    const group = at.closest('[role=radiogroup], [role=toolbar]')
    const reached = [at, ...(group ? group.querySelectorAll('button, input') : [])].map(named)
    return [region, [...document.querySelectorAll('*')].indexOf(at), named(at), reached]
}}"""

# The names of all controls that can be seen and used; within a table or a group the arrow keys go on.
CONTROLS = f"""() => {{
    const controls = document.querySelectorAll(
        'button, a[href], input:not([type=file]), select, textarea, canvas[tabindex="0"], [role=slider]')
    const usable = at => at.checkVisibility({{visibilityProperty: true}}) && !at.disabled && !at.closest('[inert]') &&
        (at.tabIndex >= 0 || at.closest('[role=radiogroup], [role=toolbar]'))
    return [...controls].filter(usable).map({NAMED})
}}"""

TURNING = """() => document.getAnimations().filter(each =>
    each.playState === 'running' && each.effect.getComputedTiming().iterations === Infinity).length"""
MOVING_CHARTS = """() => [...document.querySelectorAll('.js-plotly-plot')].filter(each =>
    each.layout.transition && each.layout.transition.duration > 0).length"""


@pytest.mark.parametrize(("path", "last"), PAGES)
def test_every_control_is_reached_in_the_order_of_the_page(open_page: Opener, path: str, last: str) -> None:
    page = open_page(path)
    expect(page.get_by_role("heading", name=last)).to_be_visible()
    expect(page.get_by_role("combobox", name="Family")).to_be_in_viewport()
    at_rest(page)
    reached: set[str] = set()
    for _ in range(ROUNDS):  # what is drawn again under the focus can let go of it
        reached |= _round(page)
        if set(page.evaluate(CONTROLS)) <= reached:
            break
    assert set(page.evaluate(CONTROLS)) - reached == set()


def _round(page: Page) -> set[str]:
    """Go once through the page with the tabulator key; the names of the controls that were reached."""
    stops: list[tuple[str, int, str]] = []
    reached: set[str] = set()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:  # past the last control, back at the browser's own
            break
        reached.update(stop[3])
        if not stops or stops[-1][1] != stop[1]:
            stops.append((stop[0], stop[1], stop[2]))
    else:
        raise AssertionError(f"The focus is caught at {stops[-1]}.")
    regions = list(dict.fromkeys(region for region, _, _ in stops))
    assert regions == sorted(regions, key=REGIONS.index)
    for region in regions:
        order = [place for its, place, _ in stops if its == region]
        assert order == sorted(order), [name for its, _, name in stops if its == region]
    return reached


@pytest.mark.parametrize(("path", "last"), PAGES)
def test_nothing_moves_by_itself(open_page: Opener, path: str, last: str) -> None:
    page = open_page(path)
    page.emulate_media(reduced_motion="reduce")
    expect(page.get_by_role("heading", name=last)).to_be_visible()
    at_rest(page)
    assert page.evaluate(TURNING) == 0
    assert page.evaluate(MOVING_CHARTS) == 0


def test_a_question_from_photograph_to_evidence_without_a_mouse(open_page: Opener) -> None:
    page = open_page("look?network=lite0")
    expect(page.get_by_text("says “").first).to_be_visible()
    at_rest(page)
    page.get_by_role("radio", name="Cat", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_text("EfficientNet-Lite0 says “espresso”").first).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="Share").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("nobody else can open the link")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
