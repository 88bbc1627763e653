"""A study in a process of its own, as the page starts and stops it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from explorer.cli import study as command
from explorer.cli.terminal import Parser
from explorer.study.database import driver_pid, only_driver
from explorer.study.errors import NoStudyError, StudyError
from explorer.study.launcher import SECOND_VISITOR, Launcher, arguments
from explorer.study.plan import Plan
from explorer.study.store import create, open_existing
from tests.study.samples import QUICK
from tests.support.conditions import wait_until

PLAN = Plan(most=2, seeds=2, protocol=QUICK)
PLANS = (Plan(), PLAN, replace(PLAN, step_2=False, rounding="nearest", family="lite", match="promised"))


def being_trained(record: Path) -> bool:
    """Whether a run of the record is at work."""
    try:
        return bool(open_existing(str(record)).running())
    except NoStudyError:
        return False


@pytest.mark.parametrize("plan", PLANS)
def test_the_command_line_asks_for_the_same_plan(plan: Plan) -> None:
    parser = Parser()
    command.add_parser(parser.add_subparsers(parser_class=Parser))
    assert command._plan(parser.parse_args(["study", "run", *arguments(plan)])) == plan


def test_start_pause_resume_and_cancel(tmp_path: Path) -> None:
    desk = Launcher(tmp_path / "kept" / "study.db")
    desk.start(PLAN, 1)
    with pytest.raises(StudyError) as refused:
        Launcher(desk.record).start(PLAN, 1) if driver_pid(str(desk.record)) else desk.start(PLAN, 1)
    assert str(refused.value) == SECOND_VISITOR
    wait_until(lambda: driver_pid(str(desk.record)) is not None)
    wait_until(lambda: being_trained(desk.record))
    desk.pause()
    assert desk.state().running is False
    assert desk.state().complaint == ""
    store = open_existing(str(desk.record))
    assert store.plan == PLAN
    assert store.running() == ()

    another = Launcher(desk.record)  # the server has been started again meanwhile
    another.resume(1)
    with pytest.raises(StudyError, match="room for one at a time"):
        another.resume(1)
    wait_until(lambda: driver_pid(str(desk.record)) is not None)
    desk.cancel()
    wait_until(lambda: not another.state().running)
    assert not desk.record.exists()
    assert [path.suffix for path in desk.record.parent.glob("study-*")] == [".db"]


def test_a_study_of_the_command_line_is_seen(tmp_path: Path) -> None:
    desk = Launcher(tmp_path / "study.db")
    assert not desk.state().running
    with only_driver(str(desk.record)):
        assert desk.state().running
        with pytest.raises(StudyError, match="room for one at a time"):
            desk.start(PLAN, 1)
    assert not desk.state().running


def test_an_older_study_is_set_aside_and_not_lost(tmp_path: Path) -> None:
    record = tmp_path / "study.db"
    create(str(record), replace(PLAN, seeds=4)).close()
    desk = Launcher(record)
    desk.cancel()
    kept = next(tmp_path.glob("study-*.db"))
    assert open_existing(str(kept)).plan.seeds == 4


def test_what_the_process_said_last_is_the_complaint(tmp_path: Path) -> None:
    desk = Launcher(tmp_path / "study.db")
    desk.record.write_text("this is no database")
    desk.resume(1)
    wait_until(lambda: not desk.state().running)
    assert "record cannot be used" in desk.state().complaint


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    desk = Launcher(tmp_path / "file" / "study.db")
    with pytest.raises(StudyError, match="cannot be written"):
        desk.start(PLAN, 1)
    assert desk.state().complaint == ""


def test_only_who_started_a_study_may_stop_it_until_that_one_leaves(tmp_path: Path) -> None:
    desk = Launcher(tmp_path / "study.db")
    assert desk.may_stop("anybody")
    desk.start(PLAN, 1, "starter")
    assert desk.may_stop("starter")
    assert not desk.may_stop("another")
    desk.leave("another")
    assert not desk.may_stop("another")
    desk.leave("starter")
    assert desk.may_stop("another")
    desk.cancel()


def test_no_sentence_names_a_folder_of_the_server(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StudyError) as refused:
        Launcher(tmp_path / "file" / "study.db").start(PLAN, 1)
    assert str(tmp_path) not in str(refused.value)
