"""The clock of the machine is set, forward and back, while visitors are at work."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.planning.narrative import headline
from explorer.settings.built import build
from explorer.settings.declarations import Architecture
from tests.browser.serving import serving
from tests.serving.install import clock
from tests.support.awaiting import run
from tests.support.crowd import photograph
from tests.support.visitors import Visitor, visiting

pytestmark = [pytest.mark.server, pytest.mark.real_weights]

# How far the wall clock is set from the real one, and what the visitors do then.
STEPS = (
    ("+1d", 1.5, "cat", "Egyptian cat"),
    ("-1d", 2.0, "coffee", "espresso"),
    ("+400d", 0.5, "camera", "tripod"),
    ("-30y", 2.5, "coffee", "espresso"),
    ("+0", 1.0, "rocket", "missile"),
)


def test_a_clock_that_is_set_disturbs_nobody(tmp_path: Path) -> None:
    library = clock()
    assert library is not None
    shift, log = tmp_path / "shift", tmp_path / "log"
    shift.write_text("+0")
    settings = {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(shift),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # it goes on as it does when a real clock is set
    }

    async def scene(address: str) -> None:
        async with (
            visiting(address) as mover,
            visiting(address, "look", "network=lite0&photo=upload") as looker,
        ):
            for step, phi, name, answer in STEPS:
                shift.write_text(step)
                await mover.move("φ: compound coefficient", phi)
                assert headline(build(Architecture(phi=phi))) in mover.text
                await looker.upload(f"{name}.jpg", photograph(name))
                await said(looker, answer)

    with serving(settings=settings, log=log) as (address, _):
        run(scene(address))
    days = {line[:10] for line in log.read_text(encoding="utf-8").splitlines() if "Job look" in line}
    assert len(days) >= len(STEPS), "the server's own clock was set"
    assert "Traceback" not in log.read_text(encoding="utf-8")


async def said(visitor: Visitor, answer: str) -> None:
    """Wait until the page gives `answer`, not that it looks, and no error."""
    await visitor.until(lambda: f"says “{answer}”" in visitor.text and "is looking" not in visitor.text)
