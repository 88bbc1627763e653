"""The Search page: what the shipped study says, the way to the sliders, and when a study may be started."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.assets import DATA_VARIABLE, data_folder
from explorer.planning.narrative import headline
from explorer.settings.built import build
from explorer.settings.declarations import Architecture
from explorer.study import findings, observations, paths
from explorer.study import plan as planning
from explorer.study.database import only_driver
from explorer.study.launcher import Launcher
from explorer.study.plan import Plan
from explorer.study.store import create
from explorer.ui.search import start, studies
from explorer.ui.shared.once import once
from tests.study.samples import QUICK, finished, outcome
from tests.ui.driving import link, open_search, press

PLAN = Plan(most=3, seeds=2, protocol=QUICK)


@pytest.fixture(autouse=True)
def _data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of the test's own, and no desk that remembers another."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    monkeypatch.setattr(studies, "desk", once(lambda: Launcher(paths.record())))


def said(app: AppTest) -> str:
    elements = (*app.markdown, *app.caption, *app.info, *app.warning, *app.error)
    return " ".join(element.value for element in elements).replace("\\", "")


def own_study(runs: int, plan: Plan = PLAN) -> None:
    """A record of which so many runs are done, after those that it has already."""
    store = create(str(paths.record()), plan)
    store.enqueue(planning.runs(plan, ()))
    for index in range(runs):
        run = store.claim()
        assert run is not None
        assert store.complete(run, outcome(plan, run, 80.0 + index).result)
    store.close()


def edit_record(statement: str) -> None:
    """Change one's own record by hand."""
    with closing(sqlite3.connect(paths.record())) as connection, connection:
        connection.execute(statement)


def test_the_shipped_study_is_shown_with_its_findings() -> None:
    app = open_search({})
    study = studies.shipped()
    second = observations.step_2(study.plan, study.outcomes)
    for sentence in (*findings.step_1(study.plan, study.outcomes), *second[: len(observations.SINGLE)], second[-1]):
        assert sentence in said(app)
    assert app.table[0].value.shape == (3, len(observations.SINGLE))
    table = app.dataframe[0].value
    assert table["accuracy, %"].is_monotonic_decreasing
    assert len(table) == len(study.plan.triples) + 1
    assert not app.error


def test_a_triple_goes_to_the_sliders() -> None:
    app = open_search({"phi": "2", "hold": "beta", "triple": "1,1.45,1"})
    assert "α 1, β 1.45, γ 1 builds" in said(app)
    press(app, "Use this triple")
    assert link(app) == {"phi": "2", "alpha": "1", "beta": "1.45", "gamma": "1", "triple": "1,1.45,1"}
    assert app.slider(key="beta").value == 1.45
    assert headline(build(Architecture(phi=2.0, alpha=1.0, beta=1.45, gamma=1.0)))


def test_a_triple_that_was_not_trained_is_replaced_by_the_best() -> None:
    app = open_search({"triple": "9,9,9"})
    study = studies.shipped()
    best = planning.best(study.plan, study.outcomes)
    assert best is not None
    assert app.selectbox(key="triple").value == ",".join(f"{value:g}" for value in best)


def test_the_estimate_grows_with_what_is_asked_for() -> None:
    app = open_search({})
    assert "105 networks are trained" in said(app)
    app.slider(key="_study_seeds").set_value(6).run()
    assert "210 networks are trained" in said(app)
    app.slider(key="_study_images").set_value(500)
    app.slider(key="_study_epochs").set_value(1).run()
    assert "the learning rate's cycle needs 8" in said(app)
    assert "Start a study" not in [button.label for button in app.button]


def test_an_unfinished_study_can_be_resumed_or_cancelled() -> None:
    own_study(runs=5)
    app = open_search({"study": "own"})
    assert "Paused: 5 of 36 networks are trained" in next(bar.proto.text for bar in app.get("progress"))
    assert {"Resume", "Stop for good", "Start another study"} <= {button.label for button in app.button}
    assert "Of 3 triples" in said(app)
    press(app, "Stop for good")
    assert not paths.record().exists()
    assert len(list(data_folder().glob("study-*.db"))) == 1
    assert "You have no study yet: start one below" in said(app)


def test_the_second_visitor_is_asked_to_wait() -> None:
    own_study(runs=2)
    with only_driver(str(paths.record())):
        app = open_search({})
        assert "One study runs at a time on this server" in said(app)
        labels = {button.label for button in app.button}
    assert "Pause" in labels
    assert not labels & {"Start a study", "Start another study", "Resume"}


def test_a_public_host_switches_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.SWITCH, "off")
    app = open_search({})
    assert "This server does not run studies" in said(app)
    assert "Start a study" not in [button.label for button in app.button]


def test_a_broken_record_is_a_sentence() -> None:
    paths.record().write_text("no database")
    app = open_search({"study": "own"})
    assert any("record cannot be used" in error.value for error in app.error)


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "file"))
    app = open_search({})
    press(app, "Start a study")
    assert any("cannot be written" in warning.value.replace("\\", "") for warning in app.warning)


def test_results_appear_by_themselves_and_agree_with_the_progress() -> None:
    own_study(runs=0)
    with only_driver(str(paths.record())):
        app = open_search({"study": "own"})
        assert "The first networks of your study are being trained" in said(app)
        assert "Show the results so far" not in [button.label for button in app.button]
        own_study(runs=5)
        app.run()
        assert "Of 3 triples" in said(app)
        assert "5 of 36 networks are trained" in next(bar.proto.text for bar in app.get("progress"))
        assert "being trained" not in " ".join(info.value for info in app.info)


def test_the_page_is_drawn_again_when_more_of_the_shown_study_is_done() -> None:
    own_study(runs=5)
    app = open_search({"study": "own"})
    study = studies.own()
    assert study is not None
    for shown, key, stale in ((5, "own", False), (4, "own", True), (4, "shipped", False)):
        state = {"study": key, start.SHOWN: shown}
        assert start.is_stale(study, state) is stale
    assert app.session_state[start.SHOWN] == 5


@pytest.mark.parametrize("study", ["own", "shipped"])
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE study_user_attributes SET value_json = '{\"lessons\": 3}'", "plan cannot be read"),
        ("UPDATE study_user_attributes SET value_json = json_remove(value_json, '$.seeds')", "“seeds” is missing"),
        ("UPDATE study_user_attributes SET value_json = json_set(value_json, '$.family', 'vgg')", "is not known"),
        (
            "UPDATE study_user_attributes SET value_json = json_set(value_json, '$.grid_step', 0.5, '$.tolerance', "
            "0.001)",
            "This study cannot be shown. No triple of the grid",
        ),
        ("UPDATE trials SET state = 'BROKEN'", "record is damaged"),
        ("UPDATE trial_user_attributes SET value_json = '{'", "record is damaged"),
    ],
)
def test_a_record_that_is_no_study_ends_no_part_of_the_page(study: str, statement: str, words: str) -> None:
    own_study(runs=3)
    edit_record(statement)
    app = open_search({"study": study})
    assert not app.exception
    assert any(words in error.value.replace("\\", "") for error in app.error)
    assert "Start a study" in [button.label for button in app.button]
    if study == "shipped":
        assert "Of 20 triples" in said(app)


def test_a_run_with_a_missing_field_is_left_out_and_said() -> None:
    own_study(runs=5)
    edit_record(
        "UPDATE trial_user_attributes SET value_json = json_remove(value_json, '$.macs') WHERE trial_id = 2 AND key = "
        "'result'"
    )
    app = open_search({"study": "own"})
    assert "1 run of the record says not what a run must say" in said(app)
    assert "Paused: 4 of 36 networks are trained" in next(bar.proto.text for bar in app.get("progress"))


def test_a_coarse_grid_is_shown() -> None:
    plan = Plan(grid_step=0.3, tolerance=0.07, seeds=2, protocol=QUICK)
    own_study(runs=len(plan.triples) + 2, plan=plan)
    app = open_search({"study": "own"})
    assert not app.exception
    assert "No triple of this grid promises about twice the cost" in said(app)


def test_step_2_without_single_dimensions_has_no_table() -> None:
    plan = Plan(most=2, seeds=2, protocol=QUICK)
    store = create(str(paths.record()), plan)
    done = finished(plan, lambda _run: 80.0)
    chosen = [each for each in done if each.run.step < 2 or each.run.method in {"baseline", "compound"}]
    store.enqueue(each.run for each in chosen)
    for each in chosen:
        assert store.claim() is not None
        assert store.complete(each.run, each.result)
    store.close()
    app = open_search({"study": "own"})
    assert not app.exception
    assert not app.table


def test_a_lock_that_cannot_be_written_is_a_sentence() -> None:
    own_study(runs=1)
    Path(f"{paths.record()}.lock").write_text("")
    Path(f"{paths.record()}.look.lock").mkdir()
    for study in ("own", "shipped"):
        app = open_search({"study": study})
        assert not app.exception
        assert any("cannot be written" in error.value for error in app.error)
