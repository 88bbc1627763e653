"""Makes docs/settings.md from the declarations: `python -m tests.support.settings_page` (`make reference`)."""

from __future__ import annotations

import inspect
from pathlib import Path

from explorer.settings.declarations import PARTS
from explorer.settings.fields import Field, declared

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"
HEAD = """# Settings

Everything that a link of the pages can say, made from `explorer/settings/declarations.py` by `make reference`; do not
edit it here. A setting at its default is not in the link; one that is out of range is clamped, and the page says so.
"""


def page() -> str:
    """The page as it should be."""
    return "\n".join([HEAD, *(_part(part) for part in PARTS.values())])


def _part(part: type) -> str:
    rows = [_row(name, field) for name, field in declared(part).items()]
    title = (inspect.getdoc(part) or "").rstrip(".")
    return "\n".join([f"## {title}", "", "| name | meaning | default | allowed |", "|---|---|---|---|", *rows, ""])


def _row(name: str, field: Field) -> str:
    default = field.write(field.default)
    return f"| `{name}` | {field.meaning} | {f'`{default}`' if default else 'none'} | {field.allowed} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
