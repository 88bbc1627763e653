"""Texts that may hold what a visitor gave, shown as they are."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:@&])")


def escape_markdown(text: str) -> str:
    """`text` with every character that Markdown could read as markup escaped: no link, no colour, no formula."""
    return _MARKUP.sub(r"\\\1", text)
