"""How the tests open a page and read its state."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

APP = Path(__file__).resolve().parents[2] / "explorer" / "ui" / "pages.py"
PATIENCE_SECONDS = 300


def open_app(query: Mapping[str, str]) -> AppTest:
    """The app, on its first page, after its first run on a link."""
    return _run(AppTest.from_file(str(APP), default_timeout=PATIENCE_SECONDS), query)


def open_look(query: Mapping[str, str]) -> AppTest:
    """The Look page in its frame after its first run on a link."""
    return _run(AppTest.from_function(_look, default_timeout=PATIENCE_SECONDS), query)


def open_count(query: Mapping[str, str]) -> AppTest:
    """The Count page in its frame after its first run on a link."""
    return _run(AppTest.from_function(_count, default_timeout=PATIENCE_SECONDS), query)


def open_paper(query: Mapping[str, str]) -> AppTest:
    """The Paper page in its frame after its first run on a link."""
    return _run(AppTest.from_function(_paper, default_timeout=PATIENCE_SECONDS), query)


def open_frontier(query: Mapping[str, str]) -> AppTest:
    """The Frontier page in its frame after its first run on a link."""
    return _run(AppTest.from_function(_frontier, default_timeout=PATIENCE_SECONDS), query)


def open_search(query: Mapping[str, str]) -> AppTest:
    """The Search page in its frame after its first run on a link."""
    return _run(AppTest.from_function(_search, default_timeout=PATIENCE_SECONDS), query)


PAGES = ("scale", "count", "frontier", "look", "paper", "search")
"""The addresses of the pages; the first is the app's own."""


def turn_to(app: AppTest, page: str) -> None:
    """Change the page of an app that `open_app` opened, and run it: a browser drops the query on the way.

    `AppTest.switch_page` knows pages by their files, and ours are functions: so the page is named as a browser does, by
    the hash of its address.
    """
    app._page_hash = _hash(page)
    app.query_params.clear()
    app.run()
    assert not app.exception


def other_pages(app: AppTest) -> list[str]:
    """The pages that the app may be turned to: a click on the open page's own name says nothing new."""
    return [page for page in PAGES if _hash(page) != (app._page_hash or _hash(PAGES[0]))]


def _hash(page: str) -> str:
    return calc_hash("" if page == PAGES[0] else page)


def press(app: AppTest, label: str) -> None:
    """Press the button called `label` and run the page."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def open_saves(app: AppTest) -> None:
    """Open the Save popover of every chart and run the page: what is in one is sent only when it is open."""
    for chart in app.get("plotly_chart"):
        app.session_state[f"_save_{chart.proto.id.split('-', 2)[2]}"] = True
    app.run()
    assert not app.exception


def finish(app: AppTest, job: str) -> None:
    """Wait for the measurement called `job` and run the page with its result."""
    app.session_state[f"_job_{job}"].ticket.result(PATIENCE_SECONDS)
    app.run()
    assert not app.exception


def link(app: AppTest) -> dict[str, str]:
    """The link of `app` now."""
    return {name: value if isinstance(value, str) else value[-1] for name, value in app.query_params.items()}


def _run(app: AppTest, query: Mapping[str, str]) -> AppTest:
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def _look() -> None:
    from explorer.ui.look import look_page
    from explorer.ui.shared import frame

    with frame.around("Look") as shown:
        look_page.render(shown)


def _count() -> None:
    from explorer.ui.count import count_page
    from explorer.ui.shared import frame

    with frame.around("Count") as shown:
        count_page.render(shown)


def _paper() -> None:
    from explorer.ui.paper import paper_page
    from explorer.ui.shared import frame

    with frame.around("Paper") as shown:
        paper_page.render(shown)


def _frontier() -> None:
    from explorer.ui.frontier import frontier_page
    from explorer.ui.shared import frame

    with frame.around("Frontier") as shown:
        frontier_page.render(shown)


def _search() -> None:
    from explorer.ui.search import search_page
    from explorer.ui.shared import frame

    with frame.around("Search") as shown:
        search_page.render(shown)
