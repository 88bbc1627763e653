"""The fit: it gives what is stored, its derivatives are right, and it finds parameters that are known."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer.accuracy import fit, model
from explorer.accuracy.points import Points, as_arrays, data_version, points
from explorer.accuracy.predict import VERSIONS
from explorer.accuracy.refit import refit
from explorer.accuracy.stored import FILE, Model, from_json, stored

PACKAGE = Path(fit.__file__).parent


@pytest.fixture(scope="module")
def fresh() -> Model:
    return refit()


@pytest.fixture(scope="module")
def data() -> Points:
    return as_arrays(points())


def test_a_fresh_fit_gives_the_stored_one(fresh: Model) -> None:
    kept = stored()
    assert fresh.parameters.vector == pytest.approx(kept.parameters.vector, rel=1e-4, abs=1e-5)
    assert fresh.covariance == pytest.approx(kept.covariance, rel=1e-2, abs=1e-4)
    assert fresh.hull == pytest.approx(kept.hull, abs=1e-6)
    for name in ("deviation", "quantile", "clustering", "widening"):
        assert getattr(fresh, name) == pytest.approx(getattr(kept, name), rel=1e-4)


def test_a_fresh_report_gives_the_stored_one(fresh: Model) -> None:
    known, kept = fresh.report, stored().report
    assert known.left_out_curves == pytest.approx(dict(kept.left_out_curves), abs=1e-3)
    assert (known.points, known.data_version) == (kept.points, kept.data_version)
    for name in ("rmse", "loo_rmse", "loo_coverage", "curve_rmse", "curve_coverage"):
        assert getattr(known, name) == pytest.approx(getattr(kept, name), abs=1e-3)


def test_the_data_version_is_that_of_the_points_and_of_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = stored().report.data_version
    assert data_version() == kept
    first, *others = points()
    for other, expected in ((first, True), (replace(first, top1=first.top1 + 0.1), False)):
        monkeypatch.setattr("explorer.accuracy.points.points", lambda other=other: (other, *others))
        assert (data_version() == kept) is expected


def test_the_file_is_what_it_says() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert from_json(text).as_json() == text
    assert json.loads(text)["report"]["points"] == 69


def test_there_are_69_points_of_61_training_runs(data: Points) -> None:
    assert data.logs.shape == (69, 3)
    assert len(np.unique(data.measurements)) == 61
    recipes, counts = np.unique(data.recipes, return_counts=True)
    assert dict(zip(recipes.tolist(), counts.tolist(), strict=True)) == {"figures": 53, "v1": 8, "v5": 8}
    assert set(recipes.tolist()) == set(VERSIONS)


def test_widths_that_are_not_printed_are_those_of_figure_3() -> None:
    """Figure 4's line d = 1, r = 1 draws Figure 3's width dots again, whose widths are printed."""
    printed = {point.top1: point.width for point in points() if point.name.startswith("Figure 3, width")}
    inferred = {point.top1: point.width for point in points() if point.name.startswith("Figure 4, d = 1, r = 1,")}
    shared = printed.keys() & inferred.keys()
    assert len(shared) == 6
    assert [inferred[top1] for top1 in shared] == pytest.approx([printed[top1] for top1 in shared], rel=0.01)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_gradient_is_that_of_the_model(version: str) -> None:
    random, step = np.random.default_rng(0), 1e-6
    logs, key, parameters = 0.5 * random.standard_normal((6, 3)), np.array(version), stored().parameters.vector
    differences = [
        (model.top1(parameters + change, logs, key) - model.top1(parameters - change, logs, key)) / (2 * step)
        for change in step * np.eye(len(parameters))
    ]
    assert model.gradient(parameters, logs, key) == pytest.approx(np.stack(differences, axis=1), abs=1e-6)


def test_the_fit_finds_what_made_the_data(data: Points) -> None:
    """Accuracies computed from known parameters, without noise, are fitted exactly."""
    known = stored().parameters.vector
    exact = replace(data, top1=model.top1(known, data.logs, data.recipes))
    found = fit.fit(exact, known + 0.05)
    assert found.deviation < 1e-3
    assert model.top1(found.parameters, data.logs, data.recipes) == pytest.approx(exact.top1, abs=1e-2)


def test_too_few_points_are_refused(data: Points) -> None:
    with pytest.raises(ValueError, match="12 points cannot determine 12 parameters"):
        fit.fit(data[np.arange(len(data.top1)) < 12])


def test_only_the_fit_needs_scipy() -> None:
    users = {
        path.stem
        for path in PACKAGE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("scipy")
    }
    assert users == {"fit"}
