"""The longer looks of the Look page: the checks of a map, networks side by side, several photographs."""

from __future__ import annotations

import pytest

from explorer.ui.look import trust as trust_view
from explorer.ui.shared.escape_markdown import escape_markdown
from explorer.vision.batch import MOST_FILES
from explorer.vision.trust_narrative import trust_sentence
from tests.support.samples import sample
from tests.ui.driving import finish, link, open_look, press

pytestmark = pytest.mark.real_weights

COFFEE = {"photo": "coffee", "network": "lite0"}


def said(app: object, kind: str) -> list[str]:
    """What the elements of a kind say."""
    return [element.value for element in getattr(app, kind)]


def test_the_verdict_belongs_to_its_class() -> None:
    app = open_look({**COFFEE, "view": "trust"})
    press(app, "Check this map")
    ticket = app.session_state["_job_trust"].ticket
    finish(app, "trust")
    assert trust_sentence(ticket.result(0)) in said(app, "markdown")
    assert "You can trust this map" in trust_sentence(ticket.result(0))
    app.selectbox(key="class_index").set_value(285).run()
    assert trust_sentence(ticket.result(0)) not in said(app, "markdown")
    assert "Check this map" in [button.label for button in app.button]


def test_a_network_that_would_take_minutes_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust_view, "LARGEST_MACS", 385_000_000)
    app = open_look({**COFFEE, "view": "trust"})
    (refusal,) = said(app, "info")
    assert "385 M multiply-adds" in refusal
    assert "Check this map" not in [button.label for button in app.button]


def test_the_papers_five_look_at_the_photograph() -> None:
    app = open_look({**COFFEE, "view": "compare"})
    press(app, "Compare 5 networks")
    finish(app, "compare")
    table = app.dataframe[-1].value
    assert table["Weights"].tolist() == [
        "trained: Lite0",
        "grown: Lite0",
        "grown: Lite0",
        "trained: Lite0",
        "grown: Lite0",
    ]
    assert table["Pixels"].tolist() == [224, 224, 224, 448, 300]
    assert len(set(table["Probability"].tolist()[:3])) == 1, "grown networks answer as their ancestor does"
    assert any("of these networks are grown" in text for text in said(app, "info"))


def test_links_stand_side_by_side_and_the_untrained_are_refused() -> None:
    text = "network=lite0\nphi=2\nno link"
    app = open_look({**COFFEE, "view": "compare", "beside": "links"})
    app.text_area(key="links").set_value(text).run()
    assert link(app)["links"] == text
    untrained, wrong = said(app, "warning")
    assert escape_markdown("Untrained, so it has no answers.") in untrained
    assert escape_markdown("no link of the explorer") in wrong
    press(app, "Look")
    finish(app, "compare")
    assert app.dataframe[-1].value["First answer"].tolist() == ["espresso"]
    app.text_area(key="links").set_value("network=lite0\n" * 7).run()
    assert "These are 7 links: the first 6 are compared." in said(app, "warning")


def test_several_photographs_are_a_table_and_a_file() -> None:
    app = open_look({"photo": "several", "network": "lite0"})
    assert not app.dataframe
    files = [(f"{name}.jpg", sample(name).read_bytes(), "image/jpeg") for name in ("cat", "coffee")]
    app.file_uploader[0].set_value([*files, ("broken.jpg", b"no picture", "image/jpeg")]).run()
    press(app, "Look at 3 photographs")
    finish(app, "several")
    table = app.dataframe[0].value
    assert table["File"].tolist() == ["cat.jpg", "coffee.jpg", "broken.jpg"]
    assert table["First answer"].tolist()[1:] == ["espresso", "refused"]
    assert "“broken.jpg” is not an image" in table["Refused because"].tolist()[2]
    assert any("2 photographs were looked at. 1 file was refused." in text for text in said(app, "markdown"))
    assert app.get("download_button")


def test_too_many_photographs_are_refused_together() -> None:
    app = open_look({"photo": "several", "network": "lite0"})
    app.file_uploader[0].set_value([(f"{n}.jpg", b"x", "image/jpeg") for n in range(MOST_FILES + 1)]).run()
    assert "take some away" in app.error[0].value
    assert not app.dataframe
