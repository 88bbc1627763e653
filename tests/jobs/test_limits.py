"""The settings of the environment."""

from __future__ import annotations

from dataclasses import fields

import pytest

from explorer.jobs.limits import WorkerLimits, from_environment

BAD = ("", "many", "0", "-1", "nan", "inf", "1e999", "1,5")


def test_without_settings_the_defaults_stand() -> None:
    assert from_environment({"PATH": "/bin"}) == WorkerLimits()


def test_every_limit_can_be_set() -> None:
    environment = {
        f"EXPLORER_{field.name.upper()}": str(number) for number, field in enumerate(fields(WorkerLimits), start=2)
    }
    found = from_environment(environment)
    assert [getattr(found, field.name) for field in fields(WorkerLimits)] == list(
        range(2, 2 + len(fields(WorkerLimits)))
    )
    assert isinstance(found.workers, int)


@pytest.mark.parametrize("text", BAD)
@pytest.mark.parametrize("name", ["workers", "job_seconds"])
def test_what_is_no_positive_number_is_said_and_left(name: str, text: str, caplog: pytest.LogCaptureFixture) -> None:
    setting = f"EXPLORER_{name.upper()}"
    assert from_environment({setting: text}) == WorkerLimits()
    assert caplog.messages == [
        f"{setting} is {text!r}, which is no positive number: {getattr(WorkerLimits, name)} is used."
    ]
