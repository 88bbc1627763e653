"""Stored documents that are not whole, or are another program's: each is a sentence."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from explorer.study import plan as planning
from explorer.study.errors import StudyError
from explorer.study.plan import Plan
from explorer.study.protocol import Protocol
from explorer.study.results import result_from, run_from
from tests.study.samples import QUICK, outcome

PLAN = Plan(most=2, seeds=2, protocol=QUICK)
DONE = outcome(PLAN, planning.runs(PLAN, ())[1], 80.0)

PLANS: tuple[object, ...] = (
    None, [], "plan", 3, {}, {"another": "plan"}, {"protocol": {}}, PLAN.as_json() | {"protocol": None},
    PLAN.as_json() | {"family": "vgg"}, PLAN.as_json() | {"rounding": "up"}, PLAN.as_json() | {"match": []},
    PLAN.as_json() | {"seeds": "2"}, PLAN.as_json() | {"seeds": True}, PLAN.as_json() | {"seeds": 10**400},
    PLAN.as_json() | {"grid_step": float("nan")}, PLAN.as_json() | {"tolerance": 10**400},
    PLAN.as_json() | {"classes": -1}, PLAN.as_json() | {"most": 1},
    PLAN.as_json() | {"protocol": QUICK.as_json() | {"epochs": 0}},
    PLAN.as_json() | {"protocol": QUICK.as_json() | {"data": 7}},
)  # fmt: skip
RUNS: tuple[dict[str, Any], ...] = (
    {"step": 3}, {"step": "1"}, {"method": "depth"}, {"seed": -1}, {"alpha": None}, {"phi": float("inf")},
    {"pixels": 16.5},
)  # fmt: skip
RESULTS: tuple[dict[str, Any], ...] = (
    {"accuracy": float("nan")}, {"accuracy": 101.0}, {"accuracy": "80"}, {"macs": 0}, {"seconds": -1.0}, {"curve": []},
    {"curve": "2.0"}, {"curve": [1.0, None]}, {"machine": 5},
)  # fmt: skip


@pytest.mark.parametrize("document", PLANS, ids=lambda document: repr(document)[-40:])
def test_what_is_no_plan_is_a_sentence(document: object) -> None:
    with pytest.raises(StudyError, match=r"^The study's plan cannot be read \(.+\) Another version or program"):
        planning.from_json(document)


@pytest.mark.parametrize("name", [name for name in asdict(PLAN) if name != "protocol"])
def test_a_plan_without_one_field_names_it(name: str) -> None:
    with pytest.raises(StudyError, match=f"“{name}” is missing"):
        planning.from_json({key: value for key, value in PLAN.as_json().items() if key != name})


@pytest.mark.parametrize("name", list(asdict(Protocol())))
def test_a_protocol_without_one_field_names_it(name: str) -> None:
    protocol = {key: value for key, value in QUICK.as_json().items() if key != name}
    with pytest.raises(StudyError, match=f"“{name}” is missing"):
        planning.from_json(PLAN.as_json() | {"protocol": protocol})


def test_what_a_later_version_adds_is_left_out() -> None:
    later = PLAN.as_json() | {"colour": "red", "protocol": QUICK.as_json() | {"momentum": 0.9}}
    assert planning.from_json(later) == PLAN


@pytest.mark.parametrize("change", RUNS, ids=str)
def test_a_run_that_no_study_asks_for_is_refused(change: dict[str, Any]) -> None:
    assert run_from(asdict(DONE.run)) == DONE.run
    with pytest.raises(StudyError):
        run_from(asdict(DONE.run) | change)


@pytest.mark.parametrize("change", RESULTS, ids=str)
def test_a_result_that_no_training_gives_is_refused(change: dict[str, Any]) -> None:
    assert result_from(DONE.result.as_json()) == DONE.result
    with pytest.raises(StudyError):
        result_from(DONE.result.as_json() | change)
