"""Which trained weights fit a network: its own, those of a smaller one that it contains, or none.

Untrained is a type and not a flag: a `Classifier`, the only thing that names classes, cannot be made of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest

from explorer.cost import counting
from explorer.formats.quantities import counted, engineering
from explorer.models import task_memory
from explorer.models.checkpoints import Checkpoint, published
from explorer.models.preprocess import Preprocessing
from explorer.network.baselines import EFFICIENTNET, Operator
from explorer.network.description import Block, Network, Stage
from explorer.settings import stage_table

LARGEST_MACS = 60_000_000_000
"""A network with more multiply-adds is not run: one answer would take seconds on two cores."""

_SKIPPING = frozenset({Operator.MBCONV, Operator.FUSED_MBCONV})
"""Operators whose added blocks can begin as the identity."""


@dataclass(frozen=True)
class Trained:
    """The network's own published weights."""

    checkpoint: Checkpoint
    kind = "trained"


@dataclass(frozen=True)
class Grown:
    """Weights carried exactly from a smaller network, the ancestor: the same function, with room to learn."""

    checkpoint: Checkpoint
    kind = "grown"


@dataclass(frozen=True)
class Untrained:
    """No weights: costs, drawing and timing work, but there is no answer.

    `reason` is a sentence, and so is `advice`, which says how to get some; empty where nothing could be got.
    """

    reason: str
    advice: str = ""
    kind = "untrained"

    @property
    def words(self) -> str:
        """Why there are none, and how to get some."""
        return f"{self.reason} {self.advice}".rstrip()


Weights = Trained | Grown | Untrained


@dataclass(frozen=True)
class Classifier:
    """A network with weights from which its answers follow."""

    network: Network
    weights: Trained | Grown

    @property
    def checkpoint(self) -> Checkpoint:
        """The published weights: its own, or its ancestor's."""
        return self.weights.checkpoint

    @property
    def preprocessing(self) -> Preprocessing:
        """How the weights want their images, at the resolution of this network."""
        return replace(self.checkpoint.preprocessing, input_resolution=self.network.input_resolution)

    @property
    def name(self) -> str:
        """What it is called: a published network by its name, any other by its ancestor's."""
        title = self.checkpoint.title
        return title if isinstance(self.weights, Trained) else f"Network grown from {title}"

    @property
    def title(self) -> str:
        """The same as the subject of a sentence."""
        title = self.checkpoint.title
        return title if isinstance(self.weights, Trained) else f"The network grown from {title}"

    def at(self, pixels: int) -> Classifier:
        """The same weights at another input resolution: the one scaling that needs no growth."""
        return replace(self, network=self.network.at(pixels))


def of_checkpoint(checkpoint: Checkpoint) -> Classifier:
    """The published network with its own weights, at the resolution that they were evaluated at."""
    return Classifier(checkpoint.network, Trained(checkpoint))


def weights_for(network: Network, checkpoints: Iterable[Checkpoint]) -> Weights:
    """The best weights for `network`: the first of `choices`, or why there are none."""
    known = tuple(checkpoints)
    fitting = choices(network, known)
    return fitting[0] if fitting else _untrained(network, known)


def weights_of(checkpoint: Checkpoint, network: Network) -> Weights:
    """Those of `checkpoint` and no others, its own or grown, or why they do not fit `network`."""
    fitting = choices(network, (checkpoint,))
    if fitting:
        return fitting[0]
    if _too_large(network):
        return Untrained(_size_sentence(network))
    if blind(network):
        return Untrained(blind(network))
    reason = obstacle(checkpoint.network, network) or ""
    return Untrained(f"{checkpoint.title} ({checkpoint.name}) cannot be grown into it. {reason}")


def choices(network: Network, checkpoints: Iterable[Checkpoint]) -> tuple[Trained | Grown, ...]:
    """All weights that fit: the network's own by accuracy, then those of its ancestors, the largest first."""
    if _too_large(network) or blind(network):
        return ()
    fitting = [found for checkpoint in checkpoints if (found := _fit(network, checkpoint)) is not None]
    return tuple(sorted(fitting, key=_rank))


def _fit(network: Network, checkpoint: Checkpoint) -> Trained | Grown | None:
    if obstacle(checkpoint.network, network) is not None:
        return None
    same = (
        checkpoint.network.shape == network.shape
        and counting.of(checkpoint.network).params == counting.of(network).params
    )
    return Trained(checkpoint) if same else Grown(checkpoint)


def _rank(weights: Trained | Grown) -> tuple[bool, int, float]:
    checkpoint = weights.checkpoint
    return isinstance(weights, Grown), -counting.of(checkpoint.network).params, -(checkpoint.top1 or 0.0)


def blind(network: Network) -> str:
    """Why a network names no class of a photograph, whatever its weights, as a sentence; "" where it can."""
    task, usual = network.baseline, EFFICIENTNET
    if not task.classifier:
        return "It has no classifier, so it names no class."
    if task.in_channels != usual.in_channels:
        return f"Its images have {counted(task.in_channels, 'channel')}, and a photograph has {usual.in_channels}."
    if task.classes != usual.classes:
        classes = counted(task.classes, "class", "classes")
        return f"It tells {classes} apart, whose names are not known here: only ImageNet's {usual.classes:,} are."
    return ""


def obstacle(ancestor: Network, target: Network) -> str | None:
    """Why the function of `ancestor` cannot be carried into `target`; None where it can.

    The target must be made of the same operators and be nowhere narrower or shallower, and its blocks must add their
    input to their output exactly where the ancestor's do. The input resolution does not matter.
    """
    if _task(ancestor) != _task(target):
        return f"It has another activation or other classes than {ancestor.baseline.name}, or images of other channels."
    for ours, theirs in zip_longest(target.stages, ancestor.stages):
        if ours is None or theirs is None or ours.template.make != theirs.template.make:
            return f"It is not made of the same stages as {ancestor.baseline.name}."
        reason = _stage_obstacle(ours, theirs)
        if reason is not None:
            return reason
    return None


def _task(network: Network) -> tuple[str, int, int]:
    return network.baseline.activation, network.baseline.logits, network.baseline.in_channels


def relatives(network: Network, checkpoints: Iterable[Checkpoint]) -> tuple[Checkpoint, ...]:
    """The trained networks made of the same stages as `network`, whatever their widths and depths."""
    make = [stage.template.make for stage in network.stages]
    return tuple(each for each in checkpoints if [stage.template.make for stage in each.network.stages] == make)


def _stage_obstacle(ours: Stage, theirs: Stage) -> str | None:
    number = f"Stage {ours.number}"
    if ours.channels < theirs.channels:
        return f"{number} is narrower: {counted(ours.channels, 'channel')} instead of {theirs.channels}."
    if ours.depth < theirs.depth:
        return f"{number} is shallower: {counted(ours.depth, 'layer')} instead of {theirs.depth}."
    if ours.template.operator is Operator.BOTTLENECK:
        return f"{number} is made of bottlenecks, whose weights are not grown here."
    if ours.depth > theirs.depth and not (ours.template.operator in _SKIPPING and ours.template.skips):
        return f"{number} is deeper, and its blocks have no skip that would let an added one begin as the identity."
    for block, before in zip(ours.blocks, theirs.blocks, strict=False):
        reason = _block_obstacle(block, before)
        if reason is not None:
            return f"{number} {reason}"
    return None


def _block_obstacle(block: Block, before: Block) -> str | None:
    if block.shape.skip and not before.shape.skip:
        channels = counted(block.shape.out_channels, "channel")
        return f"has {channels} before and after its first block, so a skip appears that the ancestor lacks."
    if before.shape.skip and not block.shape.skip:
        return "loses the skip of its first block, because its channels no longer equal those before it."
    pairs = zip(block.layers, before.layers, strict=True)
    narrower = any(ours.out_channels < theirs.out_channels for ours, theirs in pairs)
    return "has a narrower layer within a block." if narrower else None


def runs_here(network: Network) -> bool:
    """Whether the network is run on this server: neither its time nor its memory goes beyond what there is."""
    return counting.of(network).macs <= LARGEST_MACS and not task_memory.refusal(task_memory.engine(network))


def _too_large(network: Network) -> bool:
    return not runs_here(network)


def _untrained(network: Network, checkpoints: tuple[Checkpoint, ...]) -> Untrained:
    """The reason of the smallest network of the same make at hand, which is the nearest to being contained."""
    if _too_large(network):
        return Untrained(_size_sentence(network))
    if blind(network):
        return Untrained(blind(network))
    same = relatives(network, checkpoints)
    if not same:
        make = "network of the same stages" if network.baseline.key == stage_table.KEY else network.baseline.family
        return Untrained(f"No trained {make} is on this machine.", _how_to_get_one(network))
    smallest = min(same, key=lambda checkpoint: counting.of(checkpoint.network).params)
    reason = obstacle(smallest.network, network) or ""
    return Untrained(f"It does not contain {smallest.title}, the smallest trained one on this machine. {reason}")


def _how_to_get_one(network: Network) -> str:
    """How to get the smallest published relative's weights; empty where there is none."""
    known = relatives(network, published().values())
    smallest = min(known, key=lambda checkpoint: counting.of(checkpoint.network).params, default=None)
    return "" if smallest is None else f"For {smallest.title}, {smallest.place.advice}."


def _size_sentence(network: Network) -> str:
    spent = counting.of(network)
    size = f"It has {engineering(spent.params)} parameters and {engineering(spent.macs)} multiply-adds"
    if spent.macs > LARGEST_MACS:
        return f"{size}; up to {engineering(LARGEST_MACS)} are run here."
    return f"{size}. {task_memory.refusal(task_memory.engine(network))}"
