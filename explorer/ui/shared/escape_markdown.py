"""Texts that may hold what a visitor gave, shown as they are."""

from __future__ import annotations

import re

WORD_JOINER = "\u2060"
"""Has no width and is part of no address. A backslash does not keep Streamlit's pages from making a link of one, nor
an icon of its name: they look at the text once more after Markdown has been read."""

_ADDRESSES = re.compile(r"(?<=www)(?=\.)|(?<=:)(?=//|material/)|(?<=@)(?=\w)|(?<=[-<>~])(?=[-=>])", re.IGNORECASE)
"""Where what looks like a web or e-mail address, an icon or an arrow is cut in two."""

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:@&=])")
_LINE_ENDS = re.compile(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]\s*")


def escape_markdown(text: str) -> str:
    """`text` on one line, with all escaped that Markdown could read as markup: no link, no colour, no formula."""
    return _MARKUP.sub(r"\\\1", _ADDRESSES.sub(WORD_JOINER, _LINE_ENDS.sub(" ", text)))
