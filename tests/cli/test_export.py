"""`python -m explorer export` and `weights`, and the ways in which classify and explain take a network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.models.checkpoints import published
from tests.cli.running import assert_refused, run
from tests.support.samples import sample

pytestmark = pytest.mark.real_weights

COFFEE = str(sample("coffee"))
UNTRAINED = 3

# Arguments of classify, the kind of the weights, the ancestor, and the resolution.
LOOKING: tuple[tuple[tuple[str, ...], str, str | None, int], ...] = (
    ((), "trained", None, 224),
    (("--network", "lite1"), "trained", None, 240),
    (("--preset", "lite2"), "trained", None, 260),
    (("--family", "lite", "--phi", "2"), "grown", "lite2", 296),
    (("--family", "lite", "--phi", "2", "--weights", "lite0"), "grown", "lite0", 296),
    (("--family", "lite", "--depth", "1", "--width", "1", "--input-resolution", "160"), "trained", None, 160),
)

# Arguments that leave a network without weights, and a part of why.
WITHOUT: tuple[tuple[tuple[str, ...], str], ...] = (
    (("--phi", "1"), "No trained EfficientNet is on this machine."),
    (("--family", "lite", "--phi", "-1"), "Stage 5 is narrower: 72 channels instead of 80."),
    (("--family", "lite", "--phi", "6"), "so a skip appears that the ancestor lacks."),
    (("--family", "resnet50", "--phi", "0"), "No trained ResNet is on this machine."),
    (("--preset", "l2"), "480 M parameters"),
)


@pytest.mark.parametrize(("arguments", "kind", "ancestor", "pixels"), LOOKING)
def test_classify_takes_every_way_of_giving_a_network(
    arguments: tuple[str, ...], kind: str, ancestor: str | None, pixels: int, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = run(capsys, "classify", COFFEE, *arguments, "--json")
    assert (ran.code, ran.err) == (0, "")
    found = json.loads(ran.out)
    assert (found["weights"]["kind"], found["weights"]["ancestor"]) == (kind, ancestor)
    assert found["input_resolution"] == pixels
    assert found["predictions"][0]["label"] == "espresso"


@pytest.mark.parametrize(("arguments", "why"), WITHOUT)
@pytest.mark.parametrize("command", ["classify", "explain"])
def test_an_untrained_network_has_no_answer_and_says_why(
    command: str, arguments: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = run(capsys, command, COFFEE, *arguments)
    assert (ran.code, ran.out) == (UNTRAINED, "")
    assert "is untrained, so it has no answers." in ran.err
    assert why in ran.err
    assert ran.err.count("\n") == 1


def test_random_weights_are_shown_on_request_without_any_name(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("classify", COFFEE, "--phi", "-2", "--allow-untrained")
    ran = run(capsys, *arguments, "--json")
    found = json.loads(ran.out)
    assert found["weights"] == {"kind": "untrained", "source": None, "ancestor": None}
    assert {item["label"] for item in found["predictions"]} == {None}
    assert len({item["class_index"] for item in found["predictions"]}) == 5
    words = run(capsys, *arguments)
    assert words.code == 0
    assert "is untrained: its weights are random" in words.out
    assert "espresso" not in words.out
    assert run(capsys, *arguments).out == words.out, "the same random weights every time"


CONTRADICTIONS = (
    (("classify", COFFEE, "--network", "lite0", "--phi", "1"), "Give --network, or a setting such as --phi 2"),
    (("classify", COFFEE, "--weights", "lite0"), "Give a network for --weights"),
    (("classify", COFFEE, "--network", "none"), "'none' is not the name of any weights"),
    (("classify", COFFEE, "--network", "tf_efficientnet_b0.in1k"), "run python -m explorer weights fetch"),
    (("export", "--network", "lite0"), "--output"),
    (("export", "--family", "resnet50", "--output", "{folder}/x"), "cannot be written as a program"),
    (("export", "--network", "lite0", "--output", "{folder}/file/x"), "cannot be made"),
    (("weights",), "COMMAND"),
    (("weights", "fetch", "none"), "none"),
)


@pytest.mark.parametrize(("arguments", "words"), CONTRADICTIONS)
def test_what_contradicts_itself_is_refused(
    arguments: tuple[str, ...], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert_refused(run(capsys, *(argument.format(folder=tmp_path) for argument in arguments)), words)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_export_writes_the_package(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "export", "--network", "lite0", "--output", str(tmp_path / "new" / "lite0"))
    assert (ran.code, ran.err) == (0, "")
    folder = tmp_path / "new" / "lite0"
    assert sorted(path.name for path in folder.iterdir()) == [
        "network.onnx",
        "rebuild.py",
        "weights.json",
        "weights.safetensors",
    ]
    assert all(str(path) in ran.out for path in folder.iterdir())


def test_export_of_an_untrained_network_writes_no_weights(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "export", "--phi", "3", "--output", str(tmp_path))
    assert (ran.code, ran.err) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["network.json", "rebuild.py"]
    assert "No weights: No trained EfficientNet is on this machine." in ran.out
    again = run(capsys, "scale", "--baseline", str(tmp_path / "network.json"), "--rounding", "none", "--json")
    once = run(capsys, "scale", "--phi", "3", "--json")
    assert json.loads(again.out)["totals"] == json.loads(once.out)["totals"]


def test_export_writes_no_table_that_could_not_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The widest and deepest of a family can; what a table of one's own is scaled to may be more than a table takes."""
    wide = tmp_path / "wide"
    ran = run(capsys, "export", "--depth", "8", "--width", "8", "--output", str(wide))
    assert (ran.code, ran.err) == (0, "")
    again = run(capsys, "scale", "--baseline", str(wide / "network.json"), "--json")
    once = run(capsys, "scale", "--depth", "8", "--width", "8", "--json")
    assert json.loads(again.out)["totals"] == json.loads(once.out)["totals"]
    table, deep = str(wide / "network.json"), tmp_path / "deep"
    arguments = ("--baseline", table, "--depth", "8", "--width", "1", "--output", str(deep))
    assert_refused(run(capsys, "export", *arguments), "give a number from 1 to 100")
    assert not deep.exists()


def test_weights_list_names_everything(capsys: pytest.CaptureFixture[str]) -> None:
    entries = json.loads(run(capsys, "weights", "list", "--json").out)
    assert [entry["name"] for entry in entries] == list(published())
    states = {entry["name"]: entry["state"] for entry in entries}
    assert [name for name, state in states.items() if state == "here"][:3] == ["lite0", "lite1", "lite2"]
    text = run(capsys, "weights", "list").out
    assert all(name in text for name in published())


def test_weights_fetch_has_nothing_to_do_for_what_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "weights", "fetch", "lite0")
    assert (ran.code, ran.err) == (0, "")
    assert "EfficientNet-Lite0 (lite0) is at hand" in ran.out
