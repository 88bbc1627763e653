"""Random walks over the pages: after every step a browser's widgets, the link and what is built say the same."""

from __future__ import annotations

import random
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from explorer.settings.declarations import FIELDS
from explorer.settings.fields import Choice, Number
from tests.ui.driving import open_app, other_pages, turn_to
from tests.ui.shown import Browser, assert_one_state, settings_widgets

STEPS = 30
MOST_PLACES = 60
"""Of a slider's steps, those near its lower end: depth and width beyond build networks that only take time."""

LEFT_ALONE = {"family": ("own",), "photo": ("several", "upload", "webcam"), "chapter": ("maps",), "network": ()}
"""Options that need a file or let a network look, which is no part of what walks here; () is all of them."""

FOLLOWING = {"by": ("phi", "depth", "width", "pixels"), "hold": ("alpha", "beta", "gamma")}
"""What may change with a setting: the other way of giving the network, and the coefficient that is let go."""

ADAPTED = ("triple", "card", "block")
"""What a page sets itself, where it has not what was chosen."""

WAY_OFF = {"alpha": "1.31", "gamma": "1.07", "rounding": "nearest", "depth": "1.7", "opacity": "35", "exponent": "-0.2"}
"""Settings that no widget has by itself: one that is forgotten is seen."""

BUTTONS = ("Reset to the start", "Undo", "Load into the sliders", "Use this triple", "Take it into the sliders")


def move(app: AppTest, browser: Browser, draw: random.Random) -> tuple[str, ...]:
    """Move one widget of a setting, as a visitor may; the settings that may have changed."""
    open_ones = [each for each in settings_widgets(app) if each.proto.disabled is False and _places(each)]
    widget = draw.choice(open_ones)
    widget.set_value(draw.choice(_places(widget)))
    browser.moved(widget)
    app.run()
    return (widget.key, *FOLLOWING.get(widget.key, ()))


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


def step(app: AppTest, browser: Browser, draw: random.Random) -> tuple[str, ...]:
    """One thing that a visitor may do; the settings that may have changed."""
    match draw.choice(["move"] * 6 + ["page", "page", "preset", "press"]):
        case "page":
            turn_to(app, draw.choice(other_pages(app)))
            return ()
        case "preset" if any(each.key == "_preset" for each in app.get("button_group")):
            app.button_group(key="_preset").set_value(draw.choice(["b0", "b4", "b7"])).run()
            return tuple(FIELDS)
        case "press":
            draw.choice([each for each in app.button if each.label in BUTTONS]).click().run()
            return tuple(FIELDS)
        case _:
            return move(app, browser, draw)


@pytest.mark.parametrize("seed", range(4))
def test_a_random_walk_over_the_pages_keeps_widgets_link_and_network_equal(seed: int) -> None:
    app, draw = open_app(WAY_OFF), random.Random(seed)
    browser = Browser(app)
    before, done = assert_one_state(app, browser), list[tuple[str, ...]]()
    for _ in range(STEPS):
        done.append(step(app, browser, draw))
        assert not app.exception, done
        now = assert_one_state(app, browser, done)
        stayed = dict.fromkeys({*FIELDS} - {*done[-1], *ADAPTED})
        assert {name: now.values[name] for name in stayed} == {name: before.values[name] for name in stayed}, done
        before = now
