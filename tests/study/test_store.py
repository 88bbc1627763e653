"""The record: nothing is lost, nothing counts twice, whatever ends in between."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.study import plan as planning
from explorer.study.database import is_driven, only_driver
from explorer.study.errors import StudyError
from explorer.study.plan import Plan
from explorer.study.store import Store, create, open_existing
from explorer.study.trials import MOST_TRIES, TrialState
from tests.study.samples import QUICK, outcome

PLAN = Plan(most=2, seeds=2, step_2=False, protocol=QUICK)
RUNS = planning.runs(PLAN, ())


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "kept" / "study.db")


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    with_runs = create(place, PLAN)
    with_runs.enqueue(RUNS)
    yield with_runs
    with_runs.close()


@pytest.fixture
def other(store: Store, place: str) -> Iterator[Store]:
    """A second driver of the same record."""
    assert store.plan == PLAN
    second = open_existing(place)
    yield second
    second.close()


def work(store: Store) -> list[str]:
    """Claim and complete until nothing waits; what was claimed."""
    claimed = []
    while (run := store.claim()) is not None:
        claimed.append(run.key)
        assert store.complete(run, outcome(PLAN, run, 50.0).result)
    return claimed


def test_every_run_is_done_once_and_in_order(store: Store) -> None:
    assert work(store) == [run.key for run in RUNS]
    assert {each.run for each in store.outcomes()} == set(RUNS)
    assert store.claim() is None


def test_what_comes_out_is_what_went_in(store: Store) -> None:
    run = store.claim()
    assert run == RUNS[0]
    assert store.running() == (run,)
    expected = outcome(PLAN, run, 81.25)
    assert store.complete(run, expected.result)
    assert store.outcomes() == (expected,)
    assert store.running() == ()


def test_enqueuing_again_changes_nothing(store: Store) -> None:
    claimed = store.claim()
    store.enqueue(RUNS)
    store.enqueue(RUNS)
    assert claimed is not None
    assert [claimed.key, *work(store)] == [run.key for run in RUNS]


def test_two_drivers_at_once_share_the_runs(store: Store, other: Store) -> None:
    shares: list[list[str]] = [[], []]
    threads = [
        threading.Thread(target=lambda index=index, each=each: shares[index].extend(work(each)))
        for index, each in enumerate((store, other))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(shares[0] + shares[1]) == Counter(run.key for run in RUNS)
    assert len(store.outcomes()) == len(RUNS)


def test_a_run_that_both_have_enqueued_is_done_once(
    store: Store, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = TrialState((), (), {}, frozenset())
    monkeypatch.setattr(other, "look", lambda: empty)  # as a driver sees it that reads before the other has written
    other.enqueue(RUNS)
    monkeypatch.undo()
    assert len(store._trials()) == 2 * len(RUNS)
    assert Counter(work(store) + work(other)) == Counter(run.key for run in RUNS)
    assert len(store.outcomes()) == len(RUNS)


def test_a_dead_drivers_runs_are_done_by_another(store: Store, other: Store) -> None:
    first, second = store.claim(), store.claim()
    assert first is not None
    assert second is not None
    assert store.complete(first, outcome(PLAN, first, 50.0).result)
    assert other.recover(lambda driver: driver != store.driver) == 1
    other.enqueue(RUNS)
    assert Counter(work(other)) == Counter(run.key for run in RUNS if run != first)
    assert not store.complete(second, outcome(PLAN, second, 99.0).result)  # it was only asleep
    assert {each.result.accuracy for each in store.outcomes()} == {50.0}


def test_a_driver_that_died_between_result_and_state_has_lost_nothing(store: Store, other: Store) -> None:
    run = store.claim()
    assert run is not None
    number = store._mine(run)
    assert number is not None
    store._attribute(number, "result", outcome(PLAN, run, 77.0).result.as_json())
    other.recover(lambda _driver: False)
    assert [each.result.accuracy for each in other.outcomes()] == [77.0]


def test_a_driver_that_died_before_it_left_its_name_is_noticed(store: Store, other: Store) -> None:
    from optuna.trial import TrialState

    trial = store._storage.get_trial_id_from_study_id_trial_number(store._id, 0)
    assert store._storage.set_trial_state_values(trial, TrialState.RUNNING)
    assert other.recover(bool) == 1
    other.enqueue(RUNS)
    assert len(work(other)) == len(RUNS)


def test_a_run_given_back_is_done_later_and_one_that_always_fails_is_given_up(store: Store) -> None:
    run = store.claim()
    assert run is not None
    store.release(run)
    for _ in range(MOST_TRIES):
        store.enqueue(RUNS)
        while (again := store.claim()) is not None:
            store.release(again, "no memory", own_fault=True)
    store.enqueue(RUNS)
    assert store.claim() is None
    assert store.given_up() == dict.fromkeys((run.key for run in RUNS), "no memory")
    assert store.outcomes() == ()


def test_each_driver_has_a_pulse(store: Store, other: Store) -> None:
    for _ in range(3):
        store.beat()
    other.beat()
    assert store.beats() == other.beats() == {store.driver: 3, other.driver: 1}


def test_more_seeds_continue_the_same_record(store: Store, place: str) -> None:
    work(store)
    more = create(place, replace(PLAN, seeds=3))
    more.enqueue(planning.runs(more.plan, more.outcomes()))
    assert {key.rsplit(" ", 1)[1] for key in work(more)} == {"2"}
    assert len(open_existing(place).outcomes()) == 3 * len(RUNS) // 2


@pytest.mark.parametrize(
    "change", [{"seeds": 3, "most": 3}, {"tolerance": 0.2}, {"protocol": replace(QUICK, epochs=2)}]
)
def test_other_settings_are_not_mixed_in(store: Store, place: str, change: dict[str, object]) -> None:
    work(store)
    with pytest.raises(StudyError, match="holds a study with other settings"):
        create(place, replace(PLAN, **change))  # type: ignore[arg-type]
    assert len(open_existing(place).outcomes()) == len(RUNS)


def test_there_must_be_a_record_to_open(tmp_path: Path, store: Store, place: str) -> None:
    with pytest.raises(StudyError, match="There is no study at"):
        open_existing(str(tmp_path / "none.db"))
    with pytest.raises(StudyError, match="There is no study called other"):
        open_existing(place, "other")
    (tmp_path / "text.db").write_text("no database")
    with pytest.raises(StudyError, match="record cannot be used"):
        open_existing(str(tmp_path / "text.db"))
    assert store.outcomes() == ()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StudyError, match="cannot be made"):
        create(str(tmp_path / "file" / "study.db"), PLAN)
    with pytest.raises(StudyError, match="cannot be written"), only_driver(str(tmp_path / "file" / "study.db")):
        pass


def test_a_full_disk_is_a_sentence_and_loses_nothing(store: Store, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optuna.storages._rdb.storage.time.sleep", lambda _seconds: None)  # before it tries again
    run = store.claim()
    assert run is not None
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    store.close()

    full = open_existing(place)
    from sqlalchemy import event

    event.listen(full._engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count = {pages}"))
    full._engine.dispose()
    with pytest.raises(StudyError, match=r"database or disk is full.*make room"):
        full.enqueue(planning.runs(replace(PLAN, seeds=9), ()))
    full.close()
    again = open_existing(place)
    again.recover(lambda _driver: False)
    again.enqueue(RUNS)
    assert {run.key for run in RUNS} <= set(work(again))
    again.close()


def test_one_driver_at_a_time_for_a_file(place: str) -> None:
    assert not is_driven(place)
    with only_driver(place):
        assert is_driven(place)
        with pytest.raises(StudyError, match="is running already"), only_driver(place):
            pass
    assert not is_driven(place)


def test_many_may_open_a_new_record_at_the_same_moment(place: str) -> None:
    failures: list[Exception] = []

    def begin() -> None:
        try:
            create(place, PLAN).close()
        except StudyError as error:
            failures.append(error)

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert open_existing(place).plan == PLAN


def test_a_record_with_another_plan_is_a_sentence_and_is_kept(store: Store, place: str) -> None:
    store._storage.set_study_user_attr(store._id, "plan", {"another": "program's"})
    for begin in (open_existing, lambda where: create(where, PLAN)):
        with pytest.raises(StudyError, match=r"plan cannot be read \(“family” is missing"):
            begin(place)
    assert store._storage.get_study_user_attrs(store._id)["plan"] == {"another": "program's"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("result", {"accuracy": 50.0}), ("result", None), ("run", {}), ("run", "seed 0"), ("key", "another"), ("key", 7)],
)
def test_a_run_that_cannot_be_read_is_left_out_and_done_again(
    store: Store, place: str, name: str, value: object
) -> None:
    work(store)
    with store._engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE trial_user_attributes SET value_json = ? WHERE trial_id = 1 AND key = ?", (json.dumps(value), name)
        )
    found = open_existing(place)
    assert found.look().unreadable == 1
    assert len(found.outcomes()) == len(RUNS) - 1
    found.enqueue(RUNS)
    assert work(found) == [RUNS[0].key]
    assert len(found.outcomes()) == len(RUNS)
    found.close()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE trials SET state = 'BROKEN'",
        "UPDATE trial_user_attributes SET value_json = '{'",
        "UPDATE study_user_attributes SET value_json = '{'",
        "UPDATE alembic_version SET version_num = 'v9.9.9.a'",
        "DELETE FROM study_user_attributes",
        "DELETE FROM studies",
        "DROP TABLE trial_user_attributes",
    ],
)
def test_a_damaged_record_is_a_sentence(store: Store, place: str, damage: str) -> None:
    work(store)
    with store._engine.begin() as connection:
        connection.exec_driver_sql(damage)
    if "trial" in damage and "DROP" not in damage:
        store = open_existing(place)
        with pytest.raises(StudyError, match="damaged"):
            store.look()
        store.close()
    elif "DROP" not in damage:
        with pytest.raises(StudyError):
            open_existing(place)
    else:
        assert open_existing(place).look().unreadable == len(RUNS)  # Optuna makes a table again that is missing
