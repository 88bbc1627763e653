"""Which network a command lets look: a published one by name, or that of any setting, with the weights that fit."""

from __future__ import annotations

import argparse
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.cli import scale
from explorer.cli.terminal import CommandError, UntrainedError
from explorer.models.checkpoints import Checkpoint, at_hand, catalogue
from explorer.models.lineage import Classifier, Grown, Trained, Untrained, choices, weights_for, weights_of
from explorer.models.suggestions import remedies
from explorer.network.description import Network
from explorer.planning.narrative import title_of
from explorer.settings import stage_table
from explorer.settings.built import build
from explorer.settings.declarations import Architecture

DEFAULT = "lite0"


@dataclass(frozen=True)
class RequestedClassifier:
    """The network that the arguments ask for, what it is called, its weights, and what to ask for if it has none."""

    title: str
    network: Network
    weights: Trained | Grown | Untrained
    advice: str = ""

    @property
    def classifier(self) -> Classifier:
        """The network with its weights.

        Raises:
            UntrainedError: it has none; the sentence says why.
        """
        if isinstance(self.weights, Untrained):
            raise UntrainedError(f"{self.title} is untrained, so it has no answers. {self.weights.words} {self.advice}")
        return Classifier(self.network, self.weights)

    @property
    def weights_json(self) -> dict[str, Any]:
        """What JSON output says of the weights."""
        if isinstance(self.weights, Untrained):
            return {"kind": self.weights.kind, "source": None, "ancestor": None}
        checkpoint = self.weights.checkpoint
        ancestor = checkpoint.name if isinstance(self.weights, Grown) else None
        return {"kind": self.weights.kind, "source": checkpoint.source, "ancestor": ancestor}


def add_classifier_arguments(parser: argparse.ArgumentParser) -> None:
    """Add every way of giving a network, and the choice of its weights."""
    parser.add_argument("--network", type=_name, metavar="NAME", help=f"published weights by name (default: {DEFAULT})")
    parser.add_argument("--weights", type=_name, metavar="NAME", help="grow from these (default: the best that fit)")
    scale.add_network_arguments(parser)


def asked(arguments: argparse.Namespace) -> RequestedClassifier:
    """The network and the weights that the arguments ask for.

    Raises:
        CommandError, ScalingError: the arguments contradict each other or are out of range.
    """
    if not scale.given(arguments):
        if arguments.weights is not None:
            raise CommandError("Give a network for --weights, for example --family lite --phi 2, or use --network.")
        return _published(arguments.network or DEFAULT)
    if arguments.network is not None:
        raise CommandError("Give --network, or a setting such as --phi 2, but not both.")
    settings = scale.settings(arguments)
    built, here = build(settings), at_hand()
    if arguments.weights:
        weights = weights_of(catalogue()[arguments.weights], built.network)
    else:
        weights = weights_for(built.network, here)
    advice = ""
    if isinstance(weights, Untrained):
        advice = _other_weights(built.network, here) or _other_networks(settings, arguments.baseline, here)
    return RequestedClassifier(title_of(built), built.network, weights, advice)


def _published(name: str) -> RequestedClassifier:
    checkpoint = catalogue()[name]
    return RequestedClassifier(checkpoint.name, checkpoint.network, Trained(checkpoint))


def _other_weights(network: Network, here: tuple[Checkpoint, ...]) -> str:
    """Which weights at hand fit, where those that were asked for do not; empty where none does."""
    fitting = [weights.checkpoint.name for weights in choices(network, here)]
    return f"Leave --weights out, or take one of: {', '.join(fitting)}." if fitting else ""


def _other_networks(settings: Architecture, table: Path | None, here: tuple[Checkpoint, ...]) -> str:
    """The nearest networks that have weights, as arguments."""
    if not here:
        return "No weights are on this machine: weights list names those that weights fetch can download."
    near = [f"{_arguments(suggestion.settings, table)}, or" for suggestion in remedies(settings, here)]
    return " ".join(("Take", *near, f"--network {here[0].name} (weights list names the others)."))


def _arguments(settings: Architecture, table: Path | None) -> str:
    """`settings` as these commands take them; a stage table of one's own lies in the file `table`."""
    usual = Architecture()
    words = [] if settings.family == usual.family else ["--family", settings.family]
    if settings.family == stage_table.KEY:
        words = ["--baseline", shlex.quote(str(table))]
    if settings.rounding != usual.rounding:
        words += ["--rounding", settings.rounding]
    if settings.by == "direct":
        words += ["--depth", str(settings.depth), "--width", str(settings.width)]
        return " ".join([*words, "--input-resolution", str(settings.pixels)])
    for name in ("alpha", "beta", "gamma"):
        if getattr(settings, name) != getattr(usual, name):
            words += [f"--{name}", str(getattr(settings, name))]
    return " ".join([*words, "--phi", str(settings.phi)])


def _name(text: str) -> str:
    if text not in catalogue():
        raise argparse.ArgumentTypeError(f"{text!r} is not the name of any weights: see weights list")
    return text
