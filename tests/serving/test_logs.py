"""The log of the server: levels, forms, and what is not in it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from explorer.serving.logs import FORMAT, LEVEL, NAME, configure

# The setting, and the levels of events that are written.
WRITTEN: tuple[tuple[dict[str, str], list[str]], ...] = (
    ({}, ["INFO", "WARNING", "ERROR"]),
    ({LEVEL: "debug"}, ["DEBUG", "INFO", "WARNING", "ERROR"]),
    ({LEVEL: " Warning "}, ["WARNING", "ERROR"]),
    ({LEVEL: "ERROR"}, ["ERROR"]),
)


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    logger = logging.getLogger(NAME)
    before = (logger.handlers, logger.propagate, logger.level)
    yield
    logger.handlers, logger.propagate, logger.level = before


def _written(environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    configure(environment)
    logger = logging.getLogger(f"{NAME}.somewhere")
    for level in ("DEBUG", "INFO", "WARNING", "ERROR"):
        logger.log(logging.getLevelName(level), "it is %s", level, extra={"seconds": 0.5})
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(("environment", "expected"), WRITTEN)
def test_events_from_the_level_on_are_written(
    environment: dict[str, str], expected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = _written(environment, capsys)
    assert [line.split()[-1] for line in lines] == expected


def test_json_has_one_object_for_each_line_with_what_the_event_gives(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.loads(line) for line in _written({FORMAT: "JSON"}, capsys)]
    assert [line["level"] for line in lines] == ["INFO", "WARNING", "ERROR"]
    assert {line["logger"] for line in lines} == {"explorer.somewhere"}
    assert lines[0]["message"] == "it is INFO"
    assert lines[0]["seconds"] == 0.5
    assert lines[0]["time"].startswith("20")


@pytest.mark.parametrize("name", [LEVEL, FORMAT])
def test_a_value_that_is_no_choice_is_said_and_the_default_kept(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = _written({name: "loud\nand clear"}, capsys)
    assert lines[0].endswith("its default is used.")
    assert name in lines[0]
    assert [line.split()[-1] for line in lines[1:]] == ["INFO", "WARNING", "ERROR"]


def test_configuring_twice_writes_an_event_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure({})
    assert len(_written({LEVEL: "error"}, capsys)) == 1
