"""Reading a map on the Look page: other methods and stages, a rectangle, and why one class and not another."""

from __future__ import annotations

import pytest

from explorer.jobs import tasks
from explorer.vision.activation_maps import CamMethod
from explorer.vision.classification import Classification
from explorer.vision.difference import Difference
from explorer.vision.difference_narrative import covered_sentence, difference_sentence, method_sentence, region_sentence
from explorer.vision.narrative import evidence_sentence
from explorer.vision.region import Region, around_strongest
from tests.support.samples import classifier, photograph_file
from tests.ui.driving import finish, link, open_look, press

pytestmark = pytest.mark.real_weights

COFFEE = {"photo": "coffee", "network": "lite0"}
ESPRESSO = 967


@pytest.fixture(scope="module")
def sight() -> Classification:
    return tasks.look(classifier("lite0"), photograph_file("coffee"))[0]


def test_a_rectangle_of_the_link_is_told_and_can_be_moved(sight: Classification) -> None:
    app = open_look({**COFFEE, "left": "80", "right": "20", "top": "10", "bottom": "60"})
    assert app.slider(key="_across").value == (20, 80)
    said = [item.value for item in app.markdown]
    assert region_sentence(sight.maps[ESPRESSO], ESPRESSO, Region(20, 10, 80, 60)) in said
    app.slider(key="_down").set_value((30, 90)).run()
    assert not app.exception
    said = [item.value for item in app.markdown]
    assert region_sentence(sight.maps[ESPRESSO], ESPRESSO, Region(20, 30, 80, 90)) in said
    assert (link(app)["top"], link(app)["bottom"]) == ("30", "90")
    press(app, "Around the strongest cell")
    strongest = around_strongest(sight.maps[ESPRESSO])
    assert app.slider(key="_across").value == (strongest.left, strongest.right)
    press(app, "Whole picture")
    assert any("Drag a rectangle over the map" in item.value for item in app.markdown)
    assert not {"left", "right", "top", "bottom"} & set(link(app))


def test_another_method_is_computed_once_for_a_stage_and_a_class(sight: Classification) -> None:
    app = open_look({**COFFEE, "method": "layer_cam", "stage": "20"})
    assert app.selectbox(key="stage").value == 9, "a stage that is not there becomes the last"
    app.selectbox(key="stage").set_value(5).run()
    press(app, "Compute the maps at stage 5")
    finish(app, "stage_maps")
    maps = tasks.stage_maps(sight.classifier, sight.seen, 5, ESPRESSO)
    said = [item.value for item in app.markdown]
    assert method_sentence(CamMethod.LAYER_CAM, 5, ESPRESSO, maps[CamMethod.LAYER_CAM], last=False) in said
    app.selectbox(key="method").set_value("hires_cam").run()
    said = [item.value for item in app.markdown]
    assert method_sentence(CamMethod.HIRES_CAM, 5, ESPRESSO, maps[CamMethod.HIRES_CAM], last=False) in said
    app.selectbox(key="class_index").set_value(281).run()
    assert not any("HiResCAM at stage 5" in item.value for item in app.markdown), "not shown for another class"
    app.selectbox(key="method").set_value("exact").run()
    assert evidence_sentence(sight, 281) in [item.value for item in app.markdown]


def test_two_classes_are_told_apart_and_swapped(sight: Classification) -> None:
    app = open_look({**COFFEE, "view": "difference"})
    second = sight.top(2)[1].class_index
    assert difference_sentence(Difference(sight, ESPRESSO, second)) in [item.value for item in app.markdown]
    press(app, "Swap A and B")
    assert difference_sentence(Difference(sight, second, ESPRESSO)) in [item.value for item in app.markdown]
    assert (link(app)["class_index"], link(app)["versus"]) == (str(second), str(ESPRESSO))
    app.selectbox(key="versus").set_value(second).run()
    assert "the same class" in app.info[0].value
    assert not any("rather than" in item.value for item in app.markdown)


def test_a_covered_rectangle_moves_both_logits_and_belongs_to_its_place(sight: Classification) -> None:
    place = Region(20, 20, 80, 80)
    app = open_look({**COFFEE, "view": "difference", "left": "20", "right": "80", "top": "20", "bottom": "80"})
    press(app, "Cover the rectangle")
    finish(app, "without")
    second = sight.top(2)[1].class_index
    rest = tasks.without(sight.classifier, sight.seen, place)
    before, after = (Difference(one, ESPRESSO, second) for one in (sight, rest))
    assert covered_sentence(before, after, place) in [item.value for item in app.markdown]
    table = app.dataframe[-1].value
    expected = [f"{sight.logits[index]:.2f} → {rest.logits[index]:.2f}" for index in (ESPRESSO, second)]
    assert table["Logit, then covered"].tolist() == expected
    app.slider(key="_down").set_value((20, 60)).run()
    assert not any("covered, “" in item.value for item in app.markdown), "not shown for another rectangle"
