"""What a page is handed: the settings of this run, and what they build, made once for the whole page."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from explorer.network.scaling import ScalingError
from explorer.settings.built import Built, build
from explorer.settings.declarations import Settings
from explorer.ui.shared.escape_markdown import escape_markdown


@dataclass(frozen=True)
class PageInput:
    """The settings, and what is built from them: None where nothing can be, and why."""

    settings: Settings
    built: Built | None
    refusal: str = ""

    def built_or_said(self) -> Built | None:
        """What was built; where there is none, the page says so at this place."""
        if self.built is None:
            st.error(
                f"No network can be built from these settings. {escape_markdown(self.refusal)}", icon=":material/block:"
            )
        return self.built


def page_input(settings: Settings) -> PageInput:
    """What a page shows of these settings."""
    try:
        return PageInput(settings, build(settings.architecture))
    except ScalingError as error:
        return PageInput(settings, None, str(error))
