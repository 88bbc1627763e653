"""Which network a command lets look, and that its advice helps: what it says to ask for is asked for."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from explorer.__main__ import _parser
from explorer.cli.classifier import RequestedClassifier, asked
from explorer.cli.terminal import UntrainedError
from explorer.models.lineage import Untrained
from explorer.network.baselines import BASELINES
from explorer.settings import stage_table

pytestmark = pytest.mark.real_weights

TABLE = "{table}"

# Arguments whose network has no weights here, by every way of giving one.
UNTRAINED = (
    "--phi 1",
    "--family lite --phi 8",
    "--family lite --phi -3",
    "--family lite --phi -1 --alpha 1.4 --beta 1.05 --rounding nearest",
    "--family lite --phi -3 --gamma 1.3456789",
    "--family lite --depth 0.1",
    "--depth 0.3 --width 8 --input-resolution 1024",
    "--family lite --depth 8 --width 8 --input-resolution 1024",
    "--preset b7",
    "--family resnet50 --phi 2",
    "--baseline {table} --phi -2",
    "--baseline {table} --phi 8",
    "--family lite --phi -3 --weights lite0",
    "--family lite --phi 8 --weights lite2",
)

# Arguments that name weights of which the network cannot be grown, though it can of others; and a part of the reason.
MISTAKEN = (
    ("--family lite --phi 2 --weights tf_efficientnet_b0.in1k", "EfficientNet-B0 (tf_efficientnet_b0.in1k) cannot"),
    ("--family lite --phi 0 --weights lite2", "Stage 3 is shallower"),
)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lite as a table of one's own, in a file whose name has a space."""
    path = tmp_path_factory.mktemp("my tables") / "table.json"
    path.write_text(stage_table.to_json(BASELINES["lite"]), encoding="utf-8")
    return path


def ask(words: list[str]) -> RequestedClassifier:
    return asked(_parser().parse_args(["classify", "a.jpg", *words]))


def refusal(found: RequestedClassifier) -> str:
    with pytest.raises(UntrainedError) as refused:
        _ = found.classifier
    return str(refused.value)


@pytest.mark.parametrize("arguments", UNTRAINED)
def test_what_is_advised_can_look(arguments: str, table: Path) -> None:
    words = [str(table) if word == TABLE else word for word in arguments.split()]
    said = refusal(ask(words))
    advised = re.findall(r"--(?:(?!, or |\.$| \(weights).)+", said[said.index(" Take --") :])
    assert len(advised) >= 2
    for each in advised:
        assert not isinstance(ask(shlex.split(each)).weights, Untrained), each


@pytest.mark.parametrize(("arguments", "reason"), MISTAKEN)
def test_weights_that_do_not_fit_are_told_from_weights_that_are_missing(arguments: str, reason: str) -> None:
    said = refusal(ask(arguments.split()))
    assert reason in said
    assert "is on this machine" not in said
    fitting = said.partition("or take one of: ")[2].rstrip(".").split(", ")
    for name in fitting:
        words = [*arguments.split()[:-1], name]
        assert ask(words).classifier.checkpoint.name == name
    assert not isinstance(ask(arguments.split()[:-2]).weights, Untrained)


def test_a_table_that_nobody_trained_is_spoken_of_as_one(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text(stage_table.to_json(BASELINES["mobilenetv2"]), encoding="utf-8")
    said = refusal(ask(["--baseline", str(path)]))
    assert "No trained network of the same stages is on this machine." in said
