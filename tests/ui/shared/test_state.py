"""One state in three places: what a browser's widgets show, what the link says, and what is built are equal."""

from __future__ import annotations

import pytest
from streamlit.runtime.state.query_params_proxy import QueryParamsProxy

from explorer.assets import ASSETS
from explorer.published import presets
from explorer.settings.built import build
from explorer.settings.declarations import FIELDS, Architecture
from explorer.settings.fields import Number
from tests.ui.driving import link, open_app, open_count, open_paper, press, turn_to
from tests.ui.shown import Browser, assert_one_state, settings_of


def test_sliders_that_come_back_stand_where_they_were() -> None:
    app = open_app({"phi": "2", "alpha": "1.3"})
    browser = Browser(app)
    assert_one_state(app, browser)
    for key, value in (("_preset", "b4"), ("by", "formula")):
        app.button_group(key=key).set_value(value).run()
        settings = assert_one_state(app, browser)
    assert (settings.architecture.phi, settings.architecture.alpha) == (2.0, 1.3)


def test_depth_width_and_pixels_begin_with_the_network_that_is_shown() -> None:
    app = open_app({"phi": "1.3"})
    app.button_group(key="by").set_value("direct").run()
    settings = settings_of(app)
    assert settings.architecture.by == "direct"
    assert build(settings.architecture).network == build(Architecture(phi=1.3)).network


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
    assert settings_of(app).architecture == Architecture()


def test_a_published_network_is_taken_although_the_address_lags() -> None:
    app = open_app({})
    app.slider(key="phi").set_value(2.0).run()
    app.query_params.clear()
    app.button_group(key="_preset").set_value("b4").run()
    assert settings_of(app).architecture.pixels == presets()["b4"].input_resolution


def test_what_was_typed_into_a_panel_is_there_when_it_is_opened_again() -> None:
    app = open_count({"panel": "memory"})
    app.number_input(key="batch").set_value(64).run()
    app.button_group(key="panel").set_value("budget").run()
    app.number_input(key="limit_params").set_value(7.0).run()
    app.button_group(key="panel").set_value("memory").run()
    assert app.number_input(key="batch").value == 64
    app.button_group(key="panel").set_value("budget").run()
    assert app.number_input(key="limit_params").value == 7.0
    assert link(app) == {"panel": "budget", "batch": "64", "limit_params": "7"}


NUMBERS = {name for name, field in FIELDS.items() if isinstance(field, Number)}

# A panel, a link of its settings, and the same in what the panel's widgets hold.
PANELS: tuple[tuple[dict[str, str], list[float]], ...] = (
    ({"panel": "memory", "precision": "float16", "optimiser": "adamw", "batch": "8", "gpu": "24"}, [8, 24.0]),
    (
        {
            "panel": "budget",
            "limit_macs": "500",
            "limit_activations": "20",
            "batch": "4",
            "free": "on",
            "objective": "lean",
        },
        [500.0, 0.0, 20.0, 0.0, 4, 0.0],
    ),
    ({"panel": "map", "map_across": "beta", "map_up": "gamma", "map_cost": "params"}, []),
)


@pytest.mark.parametrize(("query", "numbers"), PANELS)
def test_a_panel_is_as_its_link_says(query: dict[str, str], numbers: list[float]) -> None:
    app = open_count(query)
    assert link(app) == query
    assert [field.value for field in app.number_input] == numbers
    chosen = {each.key: each.value for each in (*app.selectbox, *app.get("button_group"))}
    assert query.items() <= {**chosen, **{name: value for name, value in query.items() if name in NUMBERS}}.items()


def test_a_budget_is_the_same_on_both_pages() -> None:
    app = open_app({"limit_macs": "700", "part": "chooser"})
    for page in ("frontier", "count"):
        turn_to(app, page)
        if page == "count":
            app.button_group(key="panel").set_value("budget").run()
        assert app.number_input(key="limit_macs").value == 700.0


@pytest.mark.parametrize(("by", "shown"), [("direct", ["depth", "width"]), ("formula", ["phi", "alpha"])])
def test_a_map_whose_sliders_do_not_scale_takes_the_first_that_do(by: str, shown: list[str]) -> None:
    asked = {"direct": ["beta", "phi"], "formula": ["pixels", "depth"]}[by]
    app = open_count({"panel": "map", "by": by, "map_across": asked[0], "map_up": asked[1]})
    assert [app.selectbox(key="map_across").value, app.selectbox(key="map_up").value] == shown


def test_undo_leads_back() -> None:
    app = open_app({"phi": "2"})
    app.button_group(key="_preset").set_value("b4").run()
    press(app, "Undo")
    assert settings_of(app).architecture == Architecture(phi=2.0)


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


@pytest.mark.parametrize("then", ["off", "beta"])
def test_a_coefficient_that_is_let_go_stays_where_it_stood(then: str) -> None:
    app = open_app({"phi": "2", "beta": "1.2", "hold": "alpha"})
    browser, stood = Browser(app), round(Architecture(phi=2.0, beta=1.2, hold="alpha").compound.alpha, 4)
    app.selectbox(key="hold").set_value(then)
    browser.moved(app.selectbox(key="hold"))
    app.run()
    settings = assert_one_state(app, browser)
    assert (settings.architecture.hold, settings.architecture.alpha) == (then, stood)
    assert stood != Architecture().alpha
    assert build(settings.architecture).network == build(Architecture(phi=2.0, beta=1.2, hold="alpha")).network


@pytest.mark.parametrize("phi", ["2", "1.3", "0.7371"])
def test_phi_begins_with_the_network_that_is_shown_where_one_builds_it(phi: str) -> None:
    before = build(Architecture(phi=float(phi)))
    depth, width = (f"{value:.4f}" for value in (before.multipliers.depth, before.multipliers.width))
    pixels = str(before.network.input_resolution)
    app = open_app({"by": "direct", "depth": depth, "width": width, "pixels": pixels})
    browser = Browser(app)
    assert_one_state(app, browser)
    app.button_group(key="by").set_value("formula")
    browser.moved(app.button_group(key="by"))
    app.run()
    settings = assert_one_state(app, browser)
    assert settings.architecture.by == "formula"
    assert build(settings.architecture).network == before.network


def test_phi_stays_where_none_builds_the_network_that_is_shown() -> None:
    app = open_app({"by": "direct", "phi": "2", "depth": "1.8", "width": "1.4", "pixels": "380"})
    app.button_group(key="by").set_value("formula").run()
    assert settings_of(app).architecture.phi == 2.0


@pytest.mark.parametrize("kind", ["upload", "webcam"])
def test_a_photograph_that_was_given_is_there_after_a_change_of_page(kind: str) -> None:
    app = open_app({"photo": kind, "network": "lite0"})
    turn_to(app, "look")
    (app.file_uploader if kind == "upload" else app.camera_input)[0].upload(
        "mine.jpg", (ASSETS / "samples" / "coffee.jpg").read_bytes(), "image/jpeg"
    ).run()
    assert app.dataframe[0].value["Class"][0] == "espresso"
    for page in ("count", "look"):
        turn_to(app, page)
    assert app.dataframe[0].value["Class"][0] == "espresso"
    press(app, "Take it away")
    assert not app.dataframe
