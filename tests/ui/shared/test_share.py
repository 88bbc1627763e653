"""The link of what is seen: short, in words and as a QR code; and the way back from a preset or a reset."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.settings import links
from explorer.settings.declarations import Settings, parse
from explorer.ui.shared import share
from tests.ui.driving import link, open_app, press

STATES = (
    Settings(),
    Settings(phi=2.35, alpha=1.31),
    Settings(family="lite", by="direct", depth=1.4, width=1.8, pixels=380, photo="coffee", network="lite0"),
)


def shown(app: AppTest) -> list[str]:
    return [code.value for code in app.code]


@pytest.mark.parametrize("settings", STATES)
def test_a_reader_of_its_own_reads_the_code(settings: Settings) -> None:
    link = links.short("https://a-class.example.org:8501/look", settings)
    picture = cv2.imdecode(np.frombuffer(share.code(link), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    said, corners, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    assert said == link
    assert corners is not None
    quiet = corners[0].min() / share.SCALE
    assert quiet >= share.BORDER
    assert picture[0].min() == 255, "dark on white, whatever the theme"


def test_share_says_the_link_of_what_is_seen_and_sends_it_only_then() -> None:
    app = open_app({"phi": "2", "family": "lite", "alpha": "1.3"})
    assert shown(app) == []
    press(app, "Share")
    short, whole = shown(app)
    assert whole.endswith("/?family=lite&phi=2&alpha=1.3")
    again = open_app({"s": short.partition("s=")[2]})
    assert link(again) == link(app)
    app.run()
    assert shown(app) == [], "the dialog opens once for each press"


def test_a_broken_short_link_is_a_sentence_and_the_start() -> None:
    app = open_app({"s": "1AAAA"})
    assert ["The short link is damaged" in each.value for each in app.warning] == [True]
    assert link(app) == {}


def test_a_preset_a_reset_and_the_way_back() -> None:
    app = open_app({"phi": "2", "alpha": "1.3"})
    assert not any(button.label == "Undo" for button in app.button)
    press(app, "Reset to the start")
    assert link(app) == {}
    press(app, "Undo")
    assert parse(link(app))[0] == Settings(phi=2, alpha=1.3)
    assert not any(button.label == "Undo" for button in app.button)


def test_a_presenter_sees_the_essentials() -> None:
    full, projected = open_app({"phi": "2"}), open_app({"phi": "2", "mode": "presenter"})
    assert len(projected.get("plotly_chart")) == len(full.get("plotly_chart")) == 2
    assert len(full.dataframe) == 1
    assert len(projected.dataframe) == 0
    assert projected.get("popover") == []
    assert len(projected.metric) == len(full.metric)
    assert len(projected.caption) < len(full.caption)
    press(projected, "Reset to the start")
    assert link(projected) == {"mode": "presenter"}
