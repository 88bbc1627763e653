"""What strangers write is read in a browser as they wrote it, and is no link, picture or formula there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import cycle
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from explorer.network.baselines import EFFICIENTNET
from explorer.settings import stage_table
from explorer.settings.declarations import FIELDS
from explorer.settings.fields import Text
from explorer.ui.shared.escape_markdown import WORD_JOINER
from tests.browser.rest import at_rest
from tests.browser.serving import ROOT, serving

Opener = Callable[..., Page]

MARK = "stranger"
STRANGE = (
    f"www.{MARK}.example",
    f"WWW.{MARK}.example/x?y=z",
    f"https://{MARK}.example",
    f"mailto:a@{MARK}.example",
    f"[{MARK}](https://{MARK}.example)",
    f"![{MARK}](https://{MARK}.example/x.png)",
    f"<b onclick=alert(1)>{MARK}</b>",
    f"&lt;{MARK}&gt;",
    f"_{MARK}_ __{MARK}__ *{MARK}* ~~{MARK}~~ `{MARK}`",
    f"$x$ $${MARK}$$",
    f":red[{MARK}] :{MARK}: :material/home:",
    f"# {MARK}",
    f"1. {MARK}",
    f"> {MARK}",
    f"{MARK} -> {MARK} <- {MARK} -- {MARK}",
    f"{MARK}|{MARK}",
)
ACTING = "a, strong, em, del, b, code, pre, li, h1, h2, h3, blockquote, sup, img, table, .katex, [role=img], hr"
"""What a text of a stranger must not become."""

SCRIPT = """
import streamlit as st
from explorer.ui.shared.escape_markdown import escape_markdown
for text in {texts!r}:
    st.markdown(escape_markdown(text))
st.caption("That was all")
"""

PAGES = ("", "count?panel=speed", "frontier", "look?photo=cat", "paper?reading=lessons", "search")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page with nothing but escaped texts."""
    script = tmp_path_factory.mktemp("shown") / "page.py"
    script.write_text(SCRIPT.format(texts=STRANGE), encoding="utf-8")
    with serving(script, settings={"PYTHONPATH": str(ROOT)}) as (address, _):
        yield address


def test_what_is_escaped_is_read_as_it_was_written(open_page: Opener, shown: str) -> None:
    page = open_page("", at=shown)
    expect(page.get_by_text("That was all")).to_be_visible()
    texts = page.get_by_test_id("stMain").get_by_test_id("stMarkdown")
    read = [text.replace(WORD_JOINER, "") for text in texts.all_inner_texts()]
    assert read == [*STRANGE, "That was all"]
    assert texts.locator(ACTING).all_inner_texts() == []


@pytest.mark.parametrize("place", PAGES)
def test_no_page_makes_anything_of_what_a_link_says(open_page: Opener, place: str) -> None:
    """Every setting that is a text in turn holds each of them, and the name of one's own table too."""
    table = {**json.loads(stage_table.to_json(EFFICIENTNET)), "name": f"www.{MARK}.example _{MARK}_"}
    strange = dict(
        zip((name for name, field in FIELDS.items() if isinstance(field, Text)), cycle(STRANGE), strict=False)
    )
    query = urlencode({**strange, "family": "own", "own": json.dumps(table), "beside": "links"})
    page = open_page(f"{place}{'&' if '?' in place else '?'}{query}")
    expect(page.get_by_test_id("stMain").get_by_test_id("stHeading").first).to_be_visible()
    at_rest(page)
    assert page.locator(f"a[href*={MARK}], img[src*={MARK}]").count() == 0
    acting = page.get_by_test_id("stMarkdownContainer").locator("em, del, li, code, h1, blockquote, .katex")
    assert [text for text in acting.all_inner_texts() if MARK in text] == []
