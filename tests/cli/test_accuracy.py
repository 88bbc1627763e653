"""`python -m explorer predict` and `accuracy fit`: what they print and write, and their refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.accuracy.predict import Prediction, predict, report
from explorer.accuracy.stored import FILE, from_json, stored
from explorer.network.baselines import EFFICIENTNET
from explorer.published import presets
from explorer.settings import stage_table
from tests.cli.running import assert_keeps, assert_refused, run

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = {
    "network": str,
    "top1": float,
    "lower": float,
    "upper": float,
    "outside": bool,
    "edited": bool,
    "version": str,
    "totals": {"params": int, "macs": int, "activations": int},
    "data_version": str,
}

# Arguments that are refused, and words of the refusal.
REFUSED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("--preset", "lite2"), "No accuracy is predicted for EfficientNet-Lite0"),
    (("--family", "resnet50", "--phi", "1"), "No accuracy is predicted for ResNet-50"),
    (("--depth", "0.1", "--width", "0.1", "--input-resolution", "32"), "so much smaller"),
    (("--version", "v2"), "v2"),
    (("--phi", "nan"), "phi (φ, the compound coefficient) is nan"),
    (("--phi", "1", "--preset", "b1"), "in one way only"),
)


@pytest.mark.parametrize("version", ["v5", "v1"])
def test_predict_prints_json(capsys: pytest.CaptureFixture[str], version: str) -> None:
    ran = run(capsys, "predict", "--preset", "b4", "--version", version, "--json")
    document = json.loads(ran.out)
    assert_keeps(CONTRACT, document)
    found = predict(presets()["b4"].network(), version)
    assert isinstance(found, Prediction)
    assert (document["top1"], document["lower"], document["upper"]) == (found.top1, found.lower, found.upper)
    assert document["version"] == version
    assert document["network"] == "EfficientNet-B4"


def test_predict_says_so_outside_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    inside, outside = run(capsys, "predict", "--preset", "b7"), run(capsys, "predict", "--preset", "l2")
    assert "% ImageNet top-1 with 90 % confidence" in inside.out
    assert "outside the data" not in inside.out
    assert "outside the data" in outside.out


@pytest.mark.parametrize(("arguments", "words"), REFUSED)
def test_predict_refuses(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str) -> None:
    assert_refused(run(capsys, "predict", *arguments), words)


def test_the_fit_is_written_whole(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = run(capsys, "accuracy", "fit", "--report", "--output", str(tmp_path / "fit.json"))
    assert "69 published points" in ran.out
    assert f"predicted to {report().loo_rmse:.2f} points" in ran.out
    written = from_json((tmp_path / "fit.json").read_text(encoding="utf-8"))
    assert written.parameters.vector == pytest.approx(stored().parameters.vector, rel=1e-4, abs=1e-5)
    assert [path.name for path in tmp_path.iterdir()] == ["fit.json"]


def test_the_fit_is_not_written_where_it_cannot_be(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    before = FILE.read_bytes()
    assert_refused(run(capsys, "accuracy", "fit", "--output", str(tmp_path / "no" / "fit.json")), "cannot be written")
    assert list(tmp_path.iterdir()) == []
    assert FILE.read_bytes() == before


def test_predicting_needs_no_scipy() -> None:
    code = (
        "import sys; from explorer.__main__ import main; main(['predict', '--phi', '2']); "
        "sys.exit('scipy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"classes": 2}, "it tells 2 classes apart"), ({"activation": "relu"}, "its activation is relu")],
)
def test_a_table_of_another_kind_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, fields: dict[str, object], words: str
) -> None:
    assert_refused(run(capsys, "predict", "--baseline", _table(tmp_path, fields)), words)


def test_a_table_at_64_pixels_is_b0_at_64_pixels(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = _table(tmp_path, {"input_resolution": 64})
    asked = ("--input-resolution", "64", "--depth", "1", "--width", "1")
    both = [
        json.loads(run(capsys, "predict", *arguments, "--json").out) for arguments in (("--baseline", table), asked)
    ]
    assert [both[0][key] for key in ("top1", "lower", "upper", "outside")] == [
        both[1][key] for key in ("top1", "lower", "upper", "outside")
    ]
    assert both[0]["outside"]


def _table(folder: Path, fields: dict[str, object]) -> str:
    """B0's table with some of its fields changed, as a file."""
    path = folder / "table.json"
    path.write_text(json.dumps(stage_table.to_document(EFFICIENTNET) | fields), encoding="utf-8")
    return str(path)
