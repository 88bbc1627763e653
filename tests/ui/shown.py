"""What a browser shows of an app: a model of its widgets, to compare with the link and with what is built."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from explorer.planning.narrative import headline
from explorer.settings import links
from explorer.settings.built import build
from explorer.settings.declarations import FIELDS, Settings
from explorer.settings.fields import Choice, Number
from explorer.settings.links import to_query
from tests.ui.driving import link

TELLING = ("What does φ really build?", "What does it cost?")
"""The titles of the pages that print the headline of what is built."""


class Browser:
    """What a browser shows of an app's settings: a widget keeps its value until the server sets another.

    One that was not drawn in the run before begins with its default, unless the server sets it.
    """

    def __init__(self, app: AppTest) -> None:
        self.app = app
        self._shown: dict[str, Any] = {}

    def draw(self) -> dict[str, Any]:
        """The value that each widget of a setting shows after this run, by its name; of a choice the words."""
        drawn: dict[str, Any] = {}
        values: dict[str, Any] = {}
        for widget in settings_widgets(self.app):
            told, default = _told(widget)
            drawn[widget.id] = self._shown.get(widget.id, default) if told is None else told
            values[widget.key] = drawn[widget.id]
        self._shown = drawn
        return values

    def moved(self, widget: Any) -> None:  # noqa: ANN401 - any widget of a setting
        """The visitor has moved a widget: it shows that now."""
        field = FIELDS[widget.key]
        self._shown[widget.id] = widget.value if isinstance(field, Number) else words(widget, widget.value)


def settings_widgets(app: AppTest) -> list[Any]:
    """The widgets of the app that have a setting for their key."""
    kinds = (*app.slider, *app.number_input, *app.selectbox, *app.get("button_group"))
    return [widget for widget in kinds if widget.key in FIELDS]


def words(widget: Any, value: object) -> str:  # noqa: ANN401 - any widget of a choice
    """The option as the widget names it."""
    return str(widget.format_func(value))


def settings_of(app: AppTest) -> Settings:
    """What the link of the app says."""
    return links.read({name: [value] for name, value in link(app).items()})[0]


def assert_one_state(app: AppTest, browser: Browser, done: object = None) -> Settings:
    """Widget = link = what is built, in the digits of a link; the settings that all of them say."""
    settings = settings_of(app)
    assert to_query(settings) == link(app), done
    widgets = {widget.key: widget for widget in settings_widgets(app)}
    for name, value in browser.draw().items():
        field, wanted = FIELDS[name], settings.values[name]
        if isinstance(field, Number) and isinstance(value, float | int):
            assert field.write(value) == field.write(wanted), (name, done)
        elif isinstance(field, Choice):  # a list of numbers names them by what is shown now, such as the first answer
            assert value == words(widgets[name], wanted), (name, done)
    if not app.error and any(title.value in TELLING for title in app.title):
        said = headline(build(settings.architecture))
        assert any(said in markdown.value for markdown in app.markdown), done
    return settings


def _told(widget: Any) -> tuple[Any, Any]:  # noqa: ANN401 - any widget of a setting
    """The value that the server sets in this run, None where it sets none, and the widget's default."""
    proto = widget.proto
    match widget.type:
        case "selectbox":
            told = proto.raw_value if proto.set_value else None
            return told, proto.options[proto.default]
        case "button_group":
            told = proto.raw_values[0] if proto.set_value else None
            return told, proto.options[proto.default[0]].content if proto.default else None
        case "slider":
            return proto.value[0] if proto.set_value else None, proto.default[0]
        case _:
            return proto.value if proto.set_value else None, proto.default
