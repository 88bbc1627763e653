"""Random walks over the pages: after every step a browser's widgets, the link and what is built say the same."""

from __future__ import annotations

import random
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from explorer.settings.declarations import FIELDS
from explorer.settings.fields import Choice, Number
from tests.ui.driving import PAGES, open_app, turn_to
from tests.ui.shown import Browser, assert_one_state, settings_widgets

STEPS = 30
MOST_PLACES = 60
"""Of a slider's steps, those near its lower end: depth and width beyond build networks that only take time."""

LEFT_ALONE = {"family": ("own",), "photo": ("several", "upload", "webcam"), "chapter": ("maps",), "network": ()}
"""Options that need a file or let a network look, which is no part of what walks here; () is all of them."""

BUTTONS = ("Reset to the start", "Undo", "Load into the sliders", "Use this triple", "Take it into the sliders")


def move(app: AppTest, browser: Browser, draw: random.Random) -> str:
    """Move one widget of a setting, as a visitor may, and what it was."""
    open_ones = [each for each in settings_widgets(app) if each.proto.disabled is False and _places(each)]
    widget = draw.choice(open_ones)
    widget.set_value(draw.choice(_places(widget)))
    browser.moved(widget)
    app.run()
    return f"{widget.key} = {widget.value}"


def _places(widget: Any) -> list[Any]:  # noqa: ANN401 - any widget of a setting
    """Where the widget can be moved to."""
    field = FIELDS[widget.key]
    if isinstance(field, Number) and widget.type in {"slider", "number_input"}:
        places = min(MOST_PLACES, round((widget.max - widget.min) / widget.step))
        return [min(widget.max, widget.min + place * widget.step) for place in range(places + 1)]
    if not isinstance(field, Choice):
        return []
    without = LEFT_ALONE.get(widget.key)
    return [] if without == () else [each for each in field.options if each not in (without or ())]


def press(app: AppTest, draw: random.Random) -> str:
    """Press one of the buttons that set several settings at once."""
    buttons = [each for each in app.button if each.label in BUTTONS]
    draw.choice(buttons).click().run()
    return "pressed " + ", ".join(each.label for each in buttons)


def step(app: AppTest, browser: Browser, draw: random.Random) -> str:
    """One thing that a visitor may do, and what it was."""
    match draw.choice(["move"] * 6 + ["page", "page", "preset", "press"]):
        case "page":
            page = draw.choice(PAGES)
            turn_to(app, page)
            done = f"page {page}"
        case "preset" if any(each.key == "_preset" for each in app.get("button_group")):
            done = draw.choice(["b0", "b4", "b7"])
            app.button_group(key="_preset").set_value(done).run()
        case "press":
            done = press(app, draw)
        case _:
            done = move(app, browser, draw)
    assert not app.exception, done
    return done


@pytest.mark.parametrize("seed", range(4))
def test_a_random_walk_over_the_pages_keeps_widgets_link_and_network_equal(seed: int) -> None:
    app, draw = open_app({}), random.Random(seed)
    browser, done = Browser(app), ["opened"]
    assert_one_state(app, browser)
    for _ in range(STEPS):
        done.append(step(app, browser, draw))
        assert_one_state(app, browser, done)
