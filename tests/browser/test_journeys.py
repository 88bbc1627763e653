"""What a visitor does, from the first paint to the evidence, in Chromium against a running app."""

from __future__ import annotations

import re
from collections.abc import Callable

import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from explorer.assets import ASSETS
from explorer.planning.narrative import headline
from explorer.settings.built import build
from explorer.settings.declarations import Architecture
from tests.browser.conftest import INPUT_MAY_BE_LOST
from tests.browser.rest import at_rest

pytestmark = INPUT_MAY_BE_LOST

Opener = Callable[..., Page]

# Page, and the heading that is drawn last.
PAGES = (
    ("", "Stage by stage"),
    ("?phi=2&drawing=blocks&block=6", "Stage by stage"),
    ("?phi=2&mode=presenter", "Accuracy and cost"),
    ("frontier", "Everything that is shown"),
    ("frontier?part=chooser", "What does accuracy cost?"),
    ("look", "Where it finds its evidence"),
    ("look?view=catalogue", "Trained weights"),
    ("look?network=lite0", "Where it finds its evidence"),
    ("look?family=lite&phi=2&view=family", "Where its weights come from"),
    ("look?family=lite&phi=2&view=resolution", "The same weights at other resolutions"),
    ("look?network=lite0&view=compare", "Side by side"),
    ("look?network=lite0&view=difference&drawn=cells&left=20&right=70", "What is the rectangle worth?"),
    ("count", "Proof"),
    ("count?panel=promise", "Which φ is B4?"),
    ("count?panel=memory", "Estimate and measurement"),
    ("count?panel=twins", "What does it cost?"),
    ("count?panel=budget", "What does it cost?"),
    ("paper?chapter=balance", "Four ways to one cost"),
    ("paper?reading=lessons&guesses=1_2", "2.03×"),
    ("paper?reading=lessons&lesson=4&teacher=on", "Lesson 4: One number for all three"),
    ("search", "Run it yourself"),
)
SAID = re.compile(r".{40,}", re.DOTALL)
MODES = tuple((width, scheme) for width in (1280, 390) for scheme in ("light", "dark"))
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def heading(page: Page, text: str) -> None:
    """Wait until the heading `text` is drawn."""
    expect(page.get_by_role("heading", name=text)).to_be_visible()


def says(page: Page, text: str) -> None:
    """Wait until the page says `text` in its main part."""
    expect(page.get_by_test_id("stMain").get_by_text(text).first).to_be_visible()


def slider(page: Page, name: str) -> None:
    """Focus the slider called `name`, as the keyboard would."""
    page.get_by_role("slider", name=name).focus()


def torch_processes(app: psutil.Process) -> list[psutil.Process]:
    """Those of the app's processes that have torch's library in memory."""
    family = (app, *app.children(recursive=True))
    return [process for process in family if any("libtorch" in region.path for region in process.memory_maps())]


def test_phi_moves_the_numbers_and_the_link_opens_the_same_network(open_page: Opener) -> None:
    page = open_page("")
    says(page, headline(build(Architecture())))
    heading(page, "Stage by stage")
    slider(page, "φ: compound coefficient")
    for step in (1.05, 1.10):
        page.keyboard.press("ArrowRight")
        says(page, headline(build(Architecture(phi=step))))
    expect(page).to_have_url(re.compile(r"\?phi=1\.1$"))
    second = open_page(page.url.split("/", 3)[3])
    says(second, headline(build(Architecture(phi=1.1))))
    page.go_back()
    says(page, headline(build(Architecture(phi=1.05))))


def test_the_first_screen_of_a_phone_shows_phi_its_costs_and_the_network_growing(open_page: Opener) -> None:
    page = open_page("", width=390, height=844)
    phi, said = page.get_by_test_id("stMain").get_by_test_id("stSlider"), page.get_by_test_id("stAlert").first
    heading(page, "Stage by stage")
    at_rest(page)
    expect(phi).to_be_in_viewport()
    slider(page, "φ: compound coefficient")
    page.keyboard.press("ArrowRight")
    says(page, headline(build(Architecture(phi=1.05))))
    for each in (said, page.get_by_test_id("stMetricValue").last, page.get_by_role("heading", name="The network")):
        expect(each).to_be_in_viewport()
    expect(said).to_contain_text("φ 1 → 1.05")


def test_the_state_follows_from_page_to_page(open_page: Opener) -> None:
    page = open_page("?phi=2&photo=coffee&network=lite0")
    heading(page, "Stage by stage")
    page.get_by_role("link", name="Look").click()
    says(page, "espresso")
    page.get_by_role("link", name="Scale").click()
    says(page, headline(build(Architecture(phi=2.0))))
    expect(page).to_have_url(re.compile(r"phi=2&photo=coffee&network=lite0$"))


def test_a_published_network_is_one_click(open_page: Opener) -> None:
    page = open_page("")
    heading(page, "Stage by stage")
    page.get_by_role("radio", name="B4").click()
    says(page, "This is EfficientNet-B4 as published.")
    expect(page.get_by_role("spinbutton", name="d: depth multiplier")).to_have_value("1.8")


def test_a_network_is_proven_on_the_page(open_page: Opener) -> None:
    page = open_page("count?phi=0")
    heading(page, "Proof")
    page.get_by_role("button", name="Measure the real module").click()
    says(page, "Every measurement on the real module equals the count, as an integer.")


def test_a_measurement_can_be_cancelled(open_page: Opener) -> None:
    page = open_page("count?by=direct&depth=3.1&width=2&pixels=600")
    heading(page, "Proof")
    page.get_by_role("button", name="Measure the real module").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Measure the real module")).to_be_visible()
    expect(page.get_by_text("not measured yet").first).to_be_visible()


def test_the_cat_and_the_coffee_and_their_evidence(open_page: Opener) -> None:
    page = open_page("look?network=lite0")
    says(page, "cat”")
    heading(page, "Where it finds its evidence")
    page.get_by_role("radio", name="Coffee", exact=True).or_(
        page.get_by_role("button", name="Coffee", exact=True)
    ).click()
    says(page, "EfficientNet-Lite0 says “espresso”")
    at_rest(page)
    page.locator(".js-plotly-plot .nsewdrag").last.hover()
    expect(page.locator(".hoverlayer")).to_contain_text("logits")


def test_where_a_network_is_untrained_its_twin_answers_and_the_sliders_stay(open_page: Opener) -> None:
    page = open_page("look?phi=2&photo=coffee")
    says(page, "EfficientNet-Lite at the same φ, α, β, γ answers for your network.")
    says(page, "The network grown from EfficientNet-Lite2 says “espresso”")
    expect(page).to_have_url(re.compile(r"look\?phi=2&photo=coffee$"))
    expect(page.get_by_role("heading", name="Trained weights")).to_have_count(0)
    page.get_by_role("button", name="Set the sliders to it").click()
    expect(page.get_by_text("answers for your network")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"family=lite&phi=2&photo=coffee$"))
    page.get_by_role("radio", name="Lineage").click()
    says(page, "From EfficientNet-Lite2, stages 2, 3, 5, 6, 7 and 8 were widened and 3 layers were added")


def test_the_same_weights_look_at_every_resolution(open_page: Opener) -> None:
    page = open_page("look?network=lite0&photo=coffee&view=resolution")
    page.get_by_role("button", name="Look at 10 resolutions").click()
    says(page, "“espresso” is likeliest at ")
    expect(page.get_by_role("img", name=re.compile(r"Evidence for espresso at \d+ px"))).to_have_count(10)


def test_an_upload_is_seen_and_a_broken_one_refused(open_page: Opener) -> None:
    page = open_page("look?photo=upload&phi=2&network=lite0")
    uploader = page.locator("input[type=file]")
    uploader.set_input_files(ASSETS / "samples" / "coffee.jpg")
    says(page, "EfficientNet-Lite0 says “espresso”")
    uploader.set_input_files({"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    says(page, "broken.jpg")
    expect(page.get_by_text("EfficientNet-Lite0 says")).to_have_count(0)
    expect(page.get_by_role("slider", name="φ: compound coefficient")).to_have_value("2")


def test_the_page_outlives_its_worker(open_page: Opener, app: tuple[str, psutil.Process]) -> None:
    page = open_page("look?network=lite0")
    says(page, "cat”")
    torch_processes(app[1])[0].kill()
    page.get_by_role("radio", name="Rocket").click()
    again = page.get_by_role("button", name="Look again")
    answered = page.get_by_text("EfficientNet-Lite0 says “missile”")
    expect(again.or_(answered).first).to_be_visible()
    if again.is_visible():
        again.click()
    expect(answered).to_be_visible()


def test_the_interface_process_never_loads_torch(open_page: Opener, app: tuple[str, psutil.Process]) -> None:
    says(open_page("look?network=lite0"), "cat”")
    loaded = torch_processes(app[1])
    assert loaded, "the worker must have loaded torch, or this test proves nothing"
    assert app[1] not in loaded


def test_nothing_is_fetched_from_elsewhere(open_page: Opener, address: str) -> None:
    page = open_page("")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    heading(page, "Stage by stage")
    page.get_by_role("link", name="Look").click()
    heading(page, "Where it finds its evidence")
    assert asked
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


@pytest.mark.parametrize(("width", "scheme"), MODES)
@pytest.mark.parametrize(("path", "last"), PAGES)
def test_everyone_can_use_it(open_page: Opener, path: str, last: str, width: int, scheme: str) -> None:
    page = open_page(path, width=width, scheme=scheme)
    heading(page, last)
    at_rest(page)
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow == 0, "the page scrolls sideways"
    expect(page.get_by_text("WebGL")).to_have_count(0)  # every chart is drawn, also without a graphics card
    for chart in page.get_by_test_id("stPlotlyChart").all():
        expect(chart).to_have_attribute("aria-label", SAID)
