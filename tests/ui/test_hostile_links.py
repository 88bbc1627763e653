"""Links made by strangers: every page opens, says what it could not take, and shows no text as markup."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle

import pytest
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from explorer.network.baselines import EFFICIENTNET
from explorer.settings import stage_table
from explorer.settings.declarations import FIELDS
from explorer.settings.fields import Choice
from tests.ui.driving import open_app, open_count, open_frontier, open_look, open_paper, open_search

PAGES: dict[str, Callable[[Mapping[str, str]], AppTest]] = {
    "scale": open_app,
    "count": open_count,
    "frontier": open_frontier,
    "look": open_look,
    "paper": open_paper,
    "search": open_search,
}

MARK = "stranger"
"""Stands in every text of a stranger that could act, and in none of the project's."""

MARKUP = (
    f"<img alt={MARK} src=x onerror=alert(1)>",
    f"<script>{MARK}</script>",
    f"[{MARK}](javascript:alert(1))",
    f"![{MARK}](//203.0.113.1/x)",
    f"$${MARK}$$",
    f":red[{MARK}]",
    f"`{MARK}`",
    f"**{MARK}**",
    f"www.{MARK}.example",
    f"HTTPS://{MARK}.example",
    f"someone@{MARK}.example",
    f"_{MARK}_",
    f"~~{MARK}~~",
)
ACTIVE = re.compile(
    rf"(?<!\\)<(?:img|script)[^\n]*{MARK}|(?<!\\)\[{MARK}(?<!\\)\]|(?<!\\)\$\$?{MARK}|(?<!\\)`{MARK}|(?<!\\)\*{MARK}"
    rf"|www\\?\.{MARK}|(?i:https)\\?://{MARK}|@{MARK}|(?<![\\\w])_{MARK}|(?<!\\)~{MARK}"
)
"""What of them would act if it reached a page unescaped; an address does behind a backslash too."""

MARKDOWN = {"body", "label", "help", "text", "caption", "content", "title", "options", "element"}
"""The fields of Streamlit's messages that its pages read as Markdown, whatever element they belong to."""

WIDE = json.loads(stage_table.to_json(EFFICIENTNET))
WIDE["stages"][3]["channels"] = 8192
NUMBERS = ("nan", "inf", "-inf", "1e308", "-1e308", "1e999", "-1", "0", "00", "0x10", "-0.0", "1_000", "１２", "²")
TEXTS = (
    "",
    " ",
    "\0",
    "\n",
    "\u202ereversed",
    "😀",
    "é" * 60,
    "../../etc/passwd",
    "%00",
    "';--",
    "x" * 1_000_000,
    "9" * 5000,
)
PINS = (";" * 400, ",,,,;,,,,", "efficientnet,nan,1,224,reference", "efficientnet,1,inf,224,reference")
GUESSES = ("1_nan;2_1e308", "9" * 190 + "_1", "1_" + "9" * 190)
TRIPLES = ("1,1,1", "1e308,1e308,1e308")
ADDRESSES = ("http://203.0.113.1/?phi=2\nfile:///etc/passwd",)
TABLES = ("[]", "null", '{"stages": []}', '{"stages": [{"operator": "conv"}]}', "[" * 9000, json.dumps(WIDE))

strange = st.sampled_from((*NUMBERS, *TEXTS, *PINS, *GUESSES, *TRIPLES, *ADDRESSES, *TABLES, *MARKUP)) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=60
)
anything = st.dictionaries(st.sampled_from(sorted(FIELDS)), strange, max_size=12)
chosen = st.fixed_dictionaries(
    {},
    optional={name: st.sampled_from(field.options) for name, field in FIELDS.items() if isinstance(field, Choice)},
)
"""Any of a page's parts may be what shows a stranger's text."""


def said(app: AppTest) -> list[str]:
    """Every text that a page reads as Markdown: those of all elements, and the cells of tables."""
    protos = (getattr(node, "proto", None) for node in app._tree)
    texts = [text for proto in protos if isinstance(proto, Message) for text in _texts(proto)]
    cells = [f"{cell}" for table in app.table for cell in table.value.reset_index().to_numpy().ravel()]
    return texts + cells


def _texts(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        several = list(value) if field.is_repeated else [value]
        for each in several:
            if isinstance(each, Message):
                yield from _texts(each)
            elif isinstance(each, str) and field.name in MARKDOWN:
                yield each


# What a page shows as it is, also where it holds no markup: the names of one's own tables.
NAMES = tuple(f"{before}{MARK}{after}" for before, after in (("www.", ".example"), ("_", "_"), ("1. ", ""), ("- ", "")))


@given(name=st.sampled_from((*MARKUP, *NAMES)) | st.text(max_size=60))
def test_the_name_of_a_table_is_no_markup_for_whoever_forgets_to_escape_it(name: str) -> None:
    document = {**json.loads(stage_table.to_json(EFFICIENTNET)), "name": name}
    shown = stage_table.from_document(document).name
    assert shown
    assert not ACTIVE.search(shown)
    assert not re.search(r"[<>\[\]`*$~:@&|#!\\\n]|(?i:www)\.|(?<!\w)[_.-]+\w|\w[_.](?!\w)", shown.replace(" -", "-"))
    assert stage_table.from_document({**document, "name": shown}).name == shown, "the same when it is read again"


@pytest.mark.parametrize("page", PAGES)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(valid=chosen, broken=anything)
def test_any_link_opens_any_page_and_nothing_in_it_acts(
    page: str, valid: dict[str, str], broken: dict[str, str]
) -> None:
    app = PAGES[page]({**valid, **broken})
    assert not [text for text in said(app) if ACTIVE.search(text)]


@pytest.mark.parametrize("page", PAGES)
def test_markup_in_every_setting_is_said_as_it_is_written(page: str) -> None:
    app = PAGES[page](dict(zip(FIELDS, cycle(MARKUP), strict=False)))
    shown = "\n".join(said(app))
    assert shown.count(MARK) >= len(MARKUP)
    assert not ACTIVE.search(shown)
