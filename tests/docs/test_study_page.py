"""What docs/study.md says of the shipped study, against its runs."""

from __future__ import annotations

import re
from pathlib import Path

from explorer.assets import ASSETS
from explorer.study import findings, results
from explorer.study import plan as planning
from explorer.study.candidates import PAPER
from explorer.study.findings import MeasuredTriple
from explorer.study.statistics import Interval

PAGE = re.sub(r"\s+", " ", (Path(__file__).resolve().parents[2] / "docs" / "study.md").read_text(encoding="utf-8"))
DOCUMENT, OUTCOMES = results.read(ASSETS / "study")
PLAN = planning.from_json(DOCUMENT)
STEP_1 = {each.triple: each for each in findings.measured(PLAN, OUTCOMES, 1)}
STEP_2 = {(each.method, each.phi): each for each in findings.measured(PLAN, OUTCOMES, 2)}
PHIS = (1.0, 2.0, 3.0)


def _listed(numbers: list[str]) -> str:
    return f"{', '.join(numbers[:-1])} and {numbers[-1]}"


def _gap(one: MeasuredTriple, other: MeasuredTriple) -> Interval:
    gap = findings.difference(one, other)
    assert gap is not None
    return gap


def _compound_against(method: str) -> list[Interval]:
    return [_gap(STEP_2["compound", phi], STEP_2[method, phi]) for phi in PHIS]


def test_step_1_is_told_as_it_was_found() -> None:
    winner = planning.best(PLAN, OUTCOMES)
    assert winner is not None
    best, paper = STEP_1[winner], STEP_1[PAPER]
    gap = findings.points(_gap(best, paper)).removeprefix("+").replace("points", "points behind it")
    means = [each.accuracy.mean for each in STEP_1.values()]
    triples = [", ".join(f"{value:g}" for value in each.triple) for each in (best, paper)]
    assert f"({len(OUTCOMES)} trainings of the default settings" in PAGE
    assert f"of {len(PLAN.triples)} triples {triples[0]} has the highest mean, " in PAGE
    assert f"{findings.accuracy_words(best.accuracy)}; the paper's {triples[1]} is {gap}, which may be chance." in PAGE
    assert f"({min(means):.1f} to {max(means):.1f} %, p < 0.001)" in PAGE
    assert any("(p < 0.001)" in sentence for sentence in findings.step_1(PLAN, OUTCOMES))


def test_step_2_is_told_as_it_was_found() -> None:
    depth, width, resolution = (_compound_against(method) for method in ("depth", "width", "resolution"))
    costs = _listed([f"{STEP_2['compound', phi].factor:.1f}" for phi in PHIS])
    assert f"depth alone by {_listed([f'{gap.mean:.1f}' for gap in depth])} points at {costs} times the" in PAGE
    assert all(gap.low > 0 for gap in depth)
    assert "all three intervals above 0" in PAGE
    assert not any(gap.excludes_zero for gap in (*width, *resolution))
    assert "Against width and resolution alone every interval holds 0" in PAGE
    assert f"width alone is ahead in the mean, by {_listed([f'{-gap.mean:.1f}' for gap in width[1:]])} points" in PAGE
