"""Which network a command lets look: a published one by name, or that of any setting, with the weights that fit."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

from explorer.cli import scale
from explorer.cli.terminal import CommandError, UntrainedError
from explorer.models.checkpoints import Checkpoint, catalogue
from explorer.models.lineage import Classifier, Grown, Trained, Untrained, choices, weights_for
from explorer.network.description import Network
from explorer.planning.narrative import title_of
from explorer.settings.built import build

DEFAULT = "lite0"


@dataclass(frozen=True)
class RequestedClassifier:
    """The network that the arguments ask for, what it is called, and its weights."""

    title: str
    network: Network
    weights: Trained | Grown | Untrained

    @property
    def classifier(self) -> Classifier:
        """The network with its weights.

        Raises:
            UntrainedError: it has none; the sentence says why.
        """
        if isinstance(self.weights, Untrained):
            raise UntrainedError(
                f"{self.title} is untrained, so it has no answers. {self.weights.reason} "
                "Take a larger --phi of --family lite, or --network with a name from: weights list."
            )
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
    built = build(scale.settings(arguments))
    known = catalogue()
    here = tuple(checkpoint for checkpoint in known.values() if checkpoint.at_hand)
    weights = _chosen(built.network, known[arguments.weights]) if arguments.weights else None
    return RequestedClassifier(title_of(built), built.network, weights or weights_for(built.network, here))


def _published(name: str) -> RequestedClassifier:
    checkpoint = catalogue()[name]
    return RequestedClassifier(checkpoint.name, checkpoint.network, Trained(checkpoint))


def _chosen(network: Network, checkpoint: Checkpoint) -> Trained | Grown | Untrained:
    fitting = choices(network, [checkpoint])
    return fitting[0] if fitting else weights_for(network, [checkpoint])


def _name(text: str) -> str:
    if text not in catalogue():
        raise argparse.ArgumentTypeError(f"{text!r} is not the name of any weights: see weights list")
    return text
