"""The files of a study: written, read, and the shipped one checked against the code that made it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from explorer.assets import ASSETS
from explorer.cost import counting
from explorer.study import findings, results
from explorer.study import plan as planning
from explorer.study.errors import StudyError
from explorer.study.methods import METHODS
from explorer.study.plan import Plan, from_json
from tests.study.samples import QUICK, finished

PLAN = Plan(most=2, seeds=2, protocol=QUICK)
SHIPPED = ASSETS / "study"


def test_a_study_is_read_as_it_was_written(tmp_path: Path) -> None:
    done = finished(PLAN, lambda run: 80.0 + run.width / 7)
    (tmp_path / results.RUNS).write_text(results.to_csv(done[::-1]), encoding="utf-8")
    (tmp_path / results.STUDY).write_text(results.to_json(PLAN.as_json(), done), encoding="utf-8")
    plan, read = results.read(tmp_path)
    assert from_json(plan) == PLAN
    assert list(read) == results.sorted_by_run(done)


def test_the_table_has_a_row_for_each_run() -> None:
    done = finished(PLAN, lambda _run: 80.0)
    rows = list(csv.DictReader(io.StringIO(results.to_csv(done))))
    assert len(rows) == len(done)
    assert {row["method"] for row in rows} == {"baseline", "triple", "depth", "width", "resolution", "compound"}


@pytest.mark.parametrize("content", ["", "{", "{}", '{"plan": {}, "curves": {}}'])
def test_a_broken_study_is_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / results.STUDY).write_text(content, encoding="utf-8")
    (tmp_path / results.RUNS).write_text("step,method\n1,triple\n", encoding="utf-8")
    with pytest.raises(StudyError, match="holds no study that can be read"):
        results.read(tmp_path)


def test_the_shipped_study_is_whole_and_of_this_codes_networks() -> None:
    document, outcomes = results.read(SHIPPED)
    plan = from_json(document)
    needed = planning.runs(plan, outcomes)
    assert Counter(run.key for run in needed) == Counter(each.run.key for each in outcomes)
    assert len(outcomes) == planning.total(plan)
    assert len(plan.triples) >= 20
    assert plan.seeds >= 3
    for each in outcomes:
        spent = counting.of(planning.network(plan, each.run))
        assert (each.result.params, each.result.macs, each.result.activations) == (
            spent.params, spent.macs, spent.activations,
        )  # fmt: skip
        assert 10 < each.result.accuracy < 100
        assert each.result.curve[-1] < each.result.curve[0]
    methods = Counter((each.method, each.phi, each.accuracy.count) for each in findings.measured(plan, outcomes, 2))
    assert methods == Counter(
        {("baseline", 0.0, plan.seeds): 1}
        | {(method, phi, plan.seeds): 1 for method in METHODS for phi in (1.0, 2.0, 3.0)}
    )


def test_the_methods_of_the_shipped_study_cost_nearly_the_same() -> None:
    document, outcomes = results.read(SHIPPED)
    plan = from_json(document)
    groups = {(each.method, each.phi): each.factor for each in findings.measured(plan, outcomes, 2)}
    for (method, phi), factor in groups.items():
        if method != "baseline":
            assert factor == pytest.approx(groups["compound", phi], rel=0.08), (method, phi)
