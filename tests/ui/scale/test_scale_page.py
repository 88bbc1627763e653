"""The Scale page, driven as a visitor would, against the functions that it shows."""

from __future__ import annotations

import json

import pytest

from explorer.cost import counting
from explorer.formats.quantities import engineering, exact
from explorer.network.baselines import EFFICIENTNET
from explorer.planning.change import change_sentence
from explorer.planning.narrative import headline
from explorer.published import presets
from explorer.settings import stage_table
from explorer.settings.built import build
from explorer.settings.declarations import Architecture, options
from explorer.ui.scale.moves import INVITATION
from explorer.ui.shared.escape_markdown import escape_markdown
from tests.ui.driving import link, open_app

# A link, and the settings that it must show.
LINKS: tuple[tuple[dict[str, str], Architecture], ...] = (
    ({}, Architecture()),
    ({"phi": "0"}, Architecture(phi=0.0)),
    ({"phi": "2.5", "alpha": "1.3"}, Architecture(phi=2.5, alpha=1.3)),
    ({"family": "lite", "phi": "-1"}, Architecture(family="lite", phi=-1.0)),
    ({"by": "direct", "depth": "1.8", "pixels": "380"}, Architecture(by="direct", depth=1.8, pixels=380)),
    ({"phi": "2", "hold": "gamma"}, Architecture(phi=2.0, hold="gamma")),
)

# A broken link, what is shown instead, and a word that the notice must have.
BROKEN = (
    ({"phi": "99"}, Architecture(phi=8.0), "phi"),
    ({"phi": "abc"}, Architecture(), "abc"),
    ({"phi": "nan"}, Architecture(), "nan"),
    ({"alpha": "-1"}, Architecture(alpha=0.5), "alpha"),
    ({"by": "magic"}, Architecture(), "magic"),
    ({"pixels": "1e308", "by": "direct"}, Architecture(by="direct", pixels=1024), "pixels"),
    ({"family": "<script>alert(1)</script>"}, Architecture(), "family"),
)


@pytest.mark.parametrize(("query", "settings"), LINKS)
def test_a_link_shows_its_network(query: dict[str, str], settings: Architecture) -> None:
    app = open_app(query)
    built = build(settings)
    assert headline(built) in app.markdown[0].value
    assert [metric.value for metric in app.metric] == [
        engineering(built.cost.params),
        engineering(built.cost.macs),
        engineering(built.cost.activations),
        f"{built.network.input_resolution} px",
        str(built.network.block_count),
    ]
    assert exact(built.cost.macs) in app.metric[1].help
    assert link(app) == query
    assert not app.warning


@pytest.mark.parametrize(("query", "settings", "said"), BROKEN)
def test_a_broken_link_is_clamped_and_said(query: dict[str, str], settings: Architecture, said: str) -> None:
    app = open_app(query)
    assert headline(build(settings)) in app.markdown[0].value
    assert len(app.warning) == 1
    assert said in app.warning[0].value
    app.slider(key="phi").set_value(0.5).run() if settings.by == "formula" else app.number_input(key="depth").set_value(
        2.0
    ).run()
    assert not app.warning


def test_moving_phi_changes_numbers_and_link() -> None:
    app = open_app({})
    app.slider(key="phi").set_value(3.0).run()
    assert headline(build(Architecture(phi=3.0))) in app.markdown[0].value
    assert link(app) == {"phi": "3"}


@pytest.mark.parametrize("key", list(presets()))
def test_a_preset_builds_the_published_network(key: str) -> None:
    preset = presets()[key]
    app = open_app({"family": preset.family} if preset.family != "efficientnet" else {})
    app.pills(key="_preset").set_value(key).run()
    built = build(
        Architecture(
            family=preset.family, by="direct", depth=preset.depth, width=preset.width, pixels=preset.input_resolution
        )
    )
    assert headline(built) in app.markdown[0].value
    assert any(f"This is {preset.title} as published." in caption.value for caption in app.caption)
    assert app.pills(key="_preset").value == key


def test_a_move_is_said_and_stays_said_until_the_next() -> None:
    assert open_app({"by": "direct"}).info[0].value == INVITATION["direct"]
    app = open_app({})
    assert app.info[0].value == INVITATION["formula"]
    app.slider(key="phi").set_value(2.0).run()
    said = change_sentence(Architecture(phi=1.0), Architecture(phi=2.0))
    assert app.info[0].value == said
    app.segmented_control(key="drawing").set_value("blocks").run()
    assert app.info[0].value == said
    app.slider(key="phi").set_value(1.0).run()
    assert app.info[0].value == change_sentence(Architecture(phi=2.0), Architecture(phi=1.0))


@pytest.mark.parametrize("drawing", options("drawing"))
def test_an_opened_block_shows_its_layers_and_their_exact_costs(drawing: str) -> None:
    app = open_app({"phi": "2", "drawing": drawing, "block": "6"})
    stages = build(Architecture(phi=2.0)).network.stages
    block = [block for stage in stages for block in stage.blocks][5]
    table = app.dataframe[0].value
    assert list(table["Layer"]) == ["expand", "depthwise", "squeeze", "excite", "project"]
    assert table["Multiply-adds"].sum() == counting.of_block(block).macs
    assert table["Parameters"].sum() == counting.of_block(block).params
    assert table["Activations"].sum() == counting.of_block(block).activations
    app.selectbox(key="block").set_value(0).run()
    assert "Layer" not in app.dataframe[0].value.columns


def test_a_block_that_a_smaller_network_no_longer_has_is_closed_and_that_is_said() -> None:
    app = open_app({"phi": "2", "block": "28"})
    assert app.selectbox(key="block").value == 28
    assert not app.warning
    app.slider(key="phi").set_value(0.0).run()
    assert app.selectbox(key="block").value == 0
    assert [each.value for each in app.warning] == [
        "Block 28 cannot be opened: the last one of this network is block 18."
    ]
    assert link(app) == {"phi": "0"}
    app.slider(key="phi").set_value(0.05).run()
    assert not app.warning


def test_the_held_coefficient_follows_the_other_two() -> None:
    app = open_app({"hold": "gamma"})
    app.slider(key="alpha").set_value(1.5).run()
    follower = next(slider for slider in app.slider if "follows" in slider.label)
    assert follower.disabled
    assert isinstance(follower.value, float)
    assert 1.5 * 1.1**2 * follower.value**2 == pytest.approx(2.0)


def test_the_stage_table_adds_up_to_the_totals() -> None:
    app = open_app({"phi": "1.5"})
    built = build(Architecture(phi=1.5))
    table = app.dataframe[0].value
    assert table["Parameters"].sum() == built.cost.params
    assert table["Multiply-adds"].sum() == built.cost.macs
    assert table["Activations"].sum() == built.cost.activations
    assert table["Share"].sum() == pytest.approx(100)


def test_settings_that_build_nothing_are_refused_beside_the_sliders() -> None:
    app = open_app({"phi": "8", "alpha": "2.5"})
    assert len(app.error) == 1
    assert "depth multiplier" in app.error[0].value
    app.slider(key="phi").set_value(1.0).run()
    assert not app.error
    assert app.metric


def test_reset_returns_to_the_start() -> None:
    app = open_app({"phi": "4", "gamma": "1.3", "photo": "coffee"})
    next(button for button in app.button if "Reset" in button.label).click().run()
    assert app.slider(key="phi").value == Architecture().phi
    assert link(app) == {"photo": "coffee"}


def own_table(**fields: object) -> dict[str, str]:
    """A link to B0's table with some of its fields changed."""
    document = stage_table.to_document(EFFICIENTNET) | fields
    return {"family": "own", "phi": "0", "own": json.dumps(document)}


# Fields of a table with B0's stages, and what page Scale says of its accuracy.
TABLES = (
    ({"classes": 2}, "it tells 2 classes apart"),
    ({"activation": "relu"}, "its activation is relu"),
    ({"input_resolution": 64}, "outside the data"),
)


@pytest.mark.parametrize(("fields", "said"), TABLES)
def test_a_table_of_ones_own_gets_no_prediction_of_something_else(fields: dict[str, object], said: str) -> None:
    app = open_app(own_table(**fields))
    assert not app.exception
    (caption,) = (each.value for each in app.caption if "Published: the paper" in each.value)
    assert said in caption
    assert escape_markdown("77.1 %") not in caption
