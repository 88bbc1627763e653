"""One state in three places: what a browser's widgets show, what the link says, and what is built are equal."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from streamlit.runtime.state.query_params_proxy import QueryParamsProxy
from streamlit.testing.v1 import AppTest

from explorer.published import presets
from explorer.settings import links
from explorer.settings.built import build
from explorer.settings.declarations import FIELDS, Settings, to_query
from explorer.settings.fields import Number
from tests.ui.driving import link, open_app, open_count, open_frontier, open_paper, press

STEPS = 14
OPENERS: Mapping[str, Callable[[Mapping[str, str]], AppTest]] = {
    "scale": open_app,
    "count": open_count,
    "frontier": open_frontier,
}


class Browser:
    """What a browser shows of an app's numbers: a widget keeps its value until the server sets another.

    One that was not drawn in the run before begins with its default, unless the server sets it.
    """

    def __init__(self, app: AppTest) -> None:
        self.app = app
        self._shown: dict[str, float] = {}

    def draw(self) -> dict[str, float]:
        """The value that each widget of a setting shows after this run, by its name."""
        drawn: dict[str, float] = {}
        values: dict[str, float] = {}
        for widget in (*self.app.slider, *self.app.number_input):
            proto: Any = widget.proto
            default = proto.default[0] if widget.type == "slider" else proto.default
            if proto.set_value:
                drawn[widget.id] = proto.value[0] if widget.type == "slider" else proto.value
            else:
                drawn[widget.id] = self._shown.get(widget.id, default)
            if widget.key in FIELDS:
                values[widget.key] = drawn[widget.id]
        self._shown = drawn
        return values

    def moved(self, widget: Any) -> None:  # noqa: ANN401 - a slider or a number's field
        """The visitor has moved a widget: it shows that now."""
        self._shown[widget.id] = widget.value


def settings_of(app: AppTest) -> Settings:
    return links.read({name: [value] for name, value in link(app).items()})[0]


def assert_one_state(app: AppTest, browser: Browser) -> Settings:
    """Widget = link = session, in the digits of a link."""
    settings = settings_of(app)
    for name, value in browser.draw().items():
        field = FIELDS[name]
        assert isinstance(field, Number)
        assert field.write(value) == field.write(getattr(settings, name)), name
    return settings


def step(app: AppTest, browser: Browser, draw: random.Random) -> str:
    """One thing that a visitor may do, and what it was."""
    numbers = [each for each in (*app.slider, *app.number_input) if each.key in FIELDS and not each.disabled]
    kinds = ["by", "number", "number", "number", "hold", "preset", "reset"]
    kinds += ["part"] if any(each.key == "part" for each in app.get("button_group")) else []
    match draw.choice(kinds):
        case "number" if numbers:
            widget = draw.choice(numbers)
            places = round((widget.max - widget.min) / widget.step)
            widget.set_value(min(widget.max, widget.min + draw.randrange(min(places, 60) + 1) * widget.step))
            browser.moved(widget)
            done = f"{widget.key} = {widget.value}"
        case "hold" if any(each.key == "hold" for each in app.selectbox):
            done = f"hold {app.selectbox(key='hold').set_value(draw.choice(['off', 'alpha', 'beta'])).value}"
        case "preset":
            done = draw.choice(["b0", "b4", "b7"])
            app.button_group(key="_preset").set_value(done)
        case "reset":
            next(each for each in app.button if each.label.startswith("Reset")).click()
            done = "reset"
        case "part":
            done = draw.choice(["chart", "chooser"])
            app.button_group(key="part").set_value(done)
        case _:
            done = draw.choice(["formula", "direct"])
            app.button_group(key="by").set_value(done)
    app.run()
    assert not app.exception, done
    return done


@pytest.mark.parametrize("page", OPENERS)
@pytest.mark.parametrize("seed", range(3))
def test_a_random_walk_keeps_widgets_link_and_network_equal(page: str, seed: int) -> None:
    app, draw = OPENERS[page]({}), random.Random(f"{page} {seed}")
    browser, done = Browser(app), ["opened"]
    assert_one_state(app, browser)
    for _ in range(STEPS):
        done.append(step(app, browser, draw))
        settings = assert_one_state(app, browser)
        assert to_query(settings) == link(app), done


def test_sliders_that_come_back_stand_where_they_were() -> None:
    app = open_app({"phi": "2", "alpha": "1.3"})
    browser = Browser(app)
    assert_one_state(app, browser)
    for key, value in (("_preset", "b4"), ("by", "formula")):
        app.button_group(key=key).set_value(value).run()
        settings = assert_one_state(app, browser)
    assert (settings.phi, settings.alpha) == (2.0, 1.3)


def test_depth_width_and_pixels_begin_with_the_network_that_is_shown() -> None:
    app = open_app({"phi": "1.3"})
    app.button_group(key="by").set_value("direct").run()
    settings = settings_of(app)
    assert settings.by == "direct"
    assert build(settings).network == build(Settings(phi=1.3)).network


def test_an_address_that_lags_behind_takes_no_move_back() -> None:
    """A browser learns of a new address after the run that writes it: the next move still carries the old one."""
    app = open_app({})
    for value in (1.05, 1.1, 1.15):
        app.query_params.clear()
        app.slider(key="phi").set_value(value).run()
        assert link(app) == {"phi": f"{value:g}"}


def test_an_older_address_without_a_move_is_the_way_back() -> None:
    app = open_app({})
    app.slider(key="phi").set_value(2.0).run()
    app.query_params.clear()
    app.run()
    assert settings_of(app) == Settings()


def test_a_published_network_is_taken_although_the_address_lags() -> None:
    app = open_app({})
    app.slider(key="phi").set_value(2.0).run()
    app.query_params.clear()
    app.button_group(key="_preset").set_value("b4").run()
    assert settings_of(app).pixels == presets()["b4"].input_resolution


def test_what_was_typed_into_a_panel_is_there_when_it_is_opened_again() -> None:
    app = open_count({"panel": "memory"})
    app.number_input(key="_batch").set_value(64).run()
    app.button_group(key="panel").set_value("budget").run()
    app.number_input(key="_budget_params").set_value(7.0).run()
    app.button_group(key="panel").set_value("memory").run()
    assert app.number_input(key="_batch").value == 64
    app.button_group(key="panel").set_value("budget").run()
    assert app.number_input(key="_budget_params").value == 7.0


def test_undo_leads_back() -> None:
    app = open_app({"phi": "2"})
    app.button_group(key="_preset").set_value("b4").run()
    press(app, "Undo")
    assert settings_of(app) == Settings(phi=2.0)


def test_what_was_chosen_in_a_chapter_is_there_when_it_is_opened_again() -> None:
    app = open_paper({"chapter": "errata"})
    app.button_group(key="_errata_status").set_value("inferred").run()
    app.selectbox(key="chapter").set_value("problem").run()
    app.selectbox(key="chapter").set_value("errata").run()
    assert app.button_group(key="_errata_status").value == "inferred"


OWN_COEFFICIENTS = {"by": "direct", "alpha": "1.3", "beta": "1.05", "gamma": "1.1"}


def test_your_coefficients_are_yours_where_depth_width_and_pixels_are_given() -> None:
    told = [each.value for each in open_count({**OWN_COEFFICIENTS, "panel": "promise"}).caption]
    assert any("α = 1.3, β = 1.05, γ = 1.1" in each for each in told)
    budget = open_count({**OWN_COEFFICIENTS, "panel": "budget"})
    assert "1.30 · 1.05 · 1.10" in [metric.value for metric in budget.metric]
    rule = open_paper({**OWN_COEFFICIENTS, "chapter": "rule"})
    assert any("With α = 1.3, β = 1.05, γ = 1.1" in each.value for each in rule.markdown)


@pytest.mark.parametrize(("phi", "shown"), [("0.004", "%.4f"), ("0.05", "%.2f")])
def test_a_slider_shows_every_digit_of_its_setting(phi: str, shown: str) -> None:
    app = open_app({"phi": phi, "alpha": "1.2345"})
    assert app.slider(key="phi").proto.format == shown
    assert app.slider(key="alpha").proto.format == "%.4f"


def test_a_move_there_and_back_is_told_to_a_browser_whose_address_lags(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that it reports may be the one that is wanted, while the one of the last move is on its way."""
    told: list[dict[str, str]] = []
    write = QueryParamsProxy.from_dict

    def noted(self: QueryParamsProxy, query: dict[str, str]) -> None:
        told.append(query)
        write(self, query)

    monkeypatch.setattr(QueryParamsProxy, "from_dict", noted)
    app = open_app({})
    app.slider(key="phi").set_value(1.05).run()
    app.query_params.clear()
    app.slider(key="phi").set_value(1.0).run()
    assert told == [{"phi": "1.05"}, {}]


@pytest.mark.parametrize("given", ["tabby: its first answer", None])
def test_a_number_that_a_widget_does_not_have_is_the_stored_one(given: object) -> None:
    app = open_app({"class_index": "281"})
    app.session_state["class_index"] = given
    app.run()
    assert not app.exception
    assert not app.error
    assert link(app)["class_index"] == "281"
