"""docs/settings.md is what the declarations say."""

from __future__ import annotations

from tests.support import settings_page


def test_the_table_of_settings_is_made_from_their_declarations() -> None:
    assert settings_page.PAGE.read_text(encoding="utf-8") == settings_page.page(), "Run make reference."
