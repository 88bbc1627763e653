"""Finding α, β, γ in the browser: the shipped study, a triple on the sliders, and a study of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from explorer.assets import DATA_VARIABLE
from explorer.planning.narrative import headline
from explorer.settings.built import build
from explorer.settings.declarations import Architecture
from tests.browser.conftest import INPUT_MAY_BE_LOST, PATIENCE_MILLISECONDS
from tests.browser.serving import serving

pytestmark = INPUT_MAY_BE_LOST

HEADING = "Run it yourself"


@pytest.fixture(scope="module")
def searching(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, psutil.Process, Path]]:
    """An app with a data folder of its own: its address, its process, the folder."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(folder))
        with serving() as (address, process):
            yield address, process, folder


@pytest.fixture
def open_search(browser: Browser, searching: tuple[str, psutil.Process, Path]) -> Iterator[Callable[[str], Page]]:
    """A function that opens the page Search with a query, as another visitor each time."""
    contexts = []

    def opened(query: str = "") -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        page.goto(f"{searching[0]}/search{query}")
        expect(page.get_by_role("heading", name=HEADING)).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()


def smallest(page: Page, *names: str) -> None:
    """Move the sliders called `names` to their lowest values, as the keyboard would."""
    for name in names:
        page.get_by_role("slider", name=name).focus()
        page.keyboard.press("Home")


def test_a_triple_of_the_shipped_study_sets_the_sliders(open_search: Callable[[str], Page]) -> None:
    page = open_search("?triple=1,1.45,1")
    expect(page.get_by_text("has the highest mean accuracy").first).to_be_visible()
    page.get_by_role("button", name="Use this triple").click()
    expect(page).to_have_url(re.compile("alpha=1&beta=1.45&gamma=1"))
    page.get_by_role("link", name="Scale").click()
    expected = headline(build(Architecture(alpha=1.0, beta=1.45, gamma=1.0)))
    expect(page.get_by_test_id("stMain").get_by_text(expected).first).to_be_visible()


def test_a_study_outlives_its_page_and_can_be_paused_resumed_and_cancelled(
    open_search: Callable[[str], Page], searching: tuple[str, psutil.Process, Path]
) -> None:
    page = open_search("")
    smallest(page, "Triples", "Seeds for each", "Training images")
    expect(page.get_by_text("34 networks are trained")).to_be_visible()
    page.get_by_role("button", name="Start a study").click()
    expect(page.get_by_text(re.compile(r"\d+ of 34 networks are trained"))).to_be_visible()
    page.close()

    second = open_search("?study=own")
    expect(second.get_by_text("One study runs at a time on this server").first).to_be_visible()
    expect(second.get_by_role("button", name="Start a study")).to_have_count(0)
    expect(second.get_by_text(re.compile(r"([3-9]|\d\d) of 34 networks are trained, .* left"))).to_be_visible()
    expect(second.get_by_role("button", name="Show the results so far")).to_have_count(0)
    expect(second.get_by_role("heading", name="Every triple")).to_be_visible()
    second.get_by_role("button", name="Pause").click()
    expect(second.get_by_text(re.compile(r"Paused: [1-9]\d* of 34"))).to_be_visible()
    second.get_by_role("button", name="Resume").click()
    expect(second.get_by_role("button", name="Pause")).to_be_visible()

    second.get_by_role("button", name="Cancel").click()
    second.get_by_role("button", name="Stop for good").click()
    expect(second.get_by_role("button", name="Start a study")).to_be_visible()
    assert [path.suffix for path in searching[2].glob("study-*")] == [".db"]
    assert not (searching[2] / "study.db").exists()
    children = searching[1].children(recursive=True)
    assert [child for child in children if "study" in child.cmdline()] == []
