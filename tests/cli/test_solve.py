"""`python -m explorer solve` with a limit on time: the networks that are timed can be built from every table."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.cli.solve import TIMED_PHI, _nearest
from explorer.network.baselines import MOBILENET_V2
from explorer.network.scaling import PIXELS
from explorer.settings import stage_table
from explorer.settings.declarations import Architecture
from tests.cli.running import run

SIDES = (32, 40, 224, 800, 1024)


def table(side: int) -> str:
    stages = tuple(replace(stage, channels=8, layers=1) for stage in MOBILENET_V2.stages)
    return stage_table.to_json(replace(MOBILENET_V2, stages=stages, input_resolution=side))


@pytest.mark.parametrize("side", SIDES)
def test_what_is_timed_is_within_the_explorers_range_and_the_baseline_is_always(side: int) -> None:
    own = Architecture(family=stage_table.KEY, own=table(side))
    found = [built for phi in TIMED_PHI if (built := _nearest(own, phi)) is not None]
    sides = [built.network.input_resolution for built in found]
    assert side in sides
    assert len(set(sides)) == len(sides) >= 2
    assert all(PIXELS.lowest <= pixels <= PIXELS.highest for pixels in sides)


@pytest.mark.parametrize("side", [32, 1024])
def test_a_table_at_the_end_of_the_range_has_an_answer(
    side: int, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "table.json").write_text(table(side))
    ran = run(capsys, "solve", "--max-ms", "1e5", "--baseline", str(tmp_path / "table.json"), "--json")
    assert (ran.code, ran.err) == (0, "")
    found = json.loads(ran.out)
    assert found["fits"]
    assert all(each["runs"] >= 3 and each["median_ms"] > 0 and each["threads"] == 1 for each in found["timed"])
