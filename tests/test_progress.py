"""Progress that is reported, heard, and used to stop the work."""

from __future__ import annotations

from contextlib import suppress

import pytest

from explorer.progress import Progress, WorkStopped, listening, remaining, report

SHARES = ((-0.5, 0.0), (0.0, 0.0), (0.25, 0.25), (1.0, 1.0), (1.5, 1.0))


@pytest.mark.parametrize(("share", "heard"), SHARES)
def test_what_is_reported_is_heard_within_bounds(share: float, heard: float) -> None:
    reports: list[Progress] = []
    with listening(reports.append):
        report(share, "counting")
    report(0.5, "to nobody")
    assert reports == [Progress(heard, "counting")]


def test_the_inner_listener_hears_alone() -> None:
    outer: list[Progress] = []
    inner: list[Progress] = []
    with listening(outer.append):
        with listening(inner.append):
            report(0.1, "within")
        report(0.2, "without")
    assert ([each.words for each in outer], [each.words for each in inner]) == (["without"], ["within"])


def test_work_is_stopped_past_its_own_handlers() -> None:
    def stop(_: Progress) -> None:
        raise WorkStopped

    def stubborn() -> None:
        with suppress(Exception):
            report(0.1, "first")

    with listening(stop), pytest.raises(WorkStopped):
        stubborn()
    report(0.2, "nobody stops this")


@pytest.mark.parametrize(
    ("share", "seconds", "left"), [(0.0, 5.0, None), (0.25, 10.0, 30.0), (0.5, 3.0, 3.0), (1.0, 9.0, 0.0)]
)
def test_the_rest_takes_as_long_in_proportion(share: float, seconds: float, left: float | None) -> None:
    assert remaining(Progress(share, ""), seconds) == left
