"""Everything that is needed to train on from here, as files: weights, graph, description, program."""

from __future__ import annotations

import zipfile
from io import BytesIO

import numpy as np
import torch
from safetensors.torch import save

from explorer.formats.quantities import tiny
from explorer.models import manifest, onnx_graph, snippet, task_memory
from explorer.models.engine import Engine
from explorer.models.errors import JobError
from explorer.models.kept import claim
from explorer.models.lineage import Classifier, Trained
from explorer.models.manifest import Description, DescriptionError
from explorer.models.weights import module
from explorer.progress import report

GRAPH, DESCRIPTION, PROGRAM = "network.onnx", "weights.json", "rebuild.py"
GROWN = " (grown)"
"""Ends the title of grown weights, which may be an ancestor's in their turn."""

LARGEST_ERROR = 1e-4
"""Between the graph's logits and torch's, relative to the largest: more would be a fault, not rounding."""


class PackageError(JobError):
    """A package whose graph does not answer as its weights do; nothing is given out."""


def files(classifier: Classifier) -> dict[str, bytes]:
    """The package by file name. The graph is checked against torch on a seeded image before anything is given.

    Raises:
        WeightsError: the weights are missing or broken.
        TooLargeError: it needs more memory than there may be.
        PackageError: graph and torch disagree, or the network is beyond what a description can be read of.
    """
    checkpoint, network = classifier.checkpoint, classifier.network
    words = _description(classifier)
    claim(task_memory.package(network))
    report(0.1, "building the network")
    built = module(classifier)
    state = built.state_dict()
    report(0.3, "writing the graph")
    graph = onnx_graph.write(network, state, checkpoint.padding, checkpoint.norm_epsilon)
    report(0.5, "holding the graph against torch")
    _check(classifier, built)
    report(0.8, "packing")
    program = snippet.rebuild(
        network, described(classifier).title, checkpoint.padding, checkpoint.norm_epsilon, checkpoint.folded_norms
    )
    return {
        snippet.WEIGHTS: save(state),
        GRAPH: graph.SerializeToString(),
        DESCRIPTION: words.encode(),
        PROGRAM: program.encode(),
    }


def zipped(classifier: Classifier) -> bytes:
    """The same as one archive; weights do not compress, so nothing is compressed.

    Raises:
        WeightsError, TooLargeError, PackageError: as `files`.
    """
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as into:
        for name, data in files(classifier).items():
            into.writestr(zipfile.ZipInfo(name), data)
    return archive.getvalue()


def _description(classifier: Classifier) -> str:
    text = manifest.to_json(described(classifier))
    try:
        manifest.from_json(text)
    except DescriptionError as error:
        raise PackageError(f"The network cannot be described so that it can be read again: {error}.") from error
    return text


def described(classifier: Classifier) -> Description:
    """What the package says of itself; a folder of one's own weights reads it again."""
    checkpoint = classifier.checkpoint
    own = isinstance(classifier.weights, Trained) and classifier.network == checkpoint.network
    title = checkpoint.title if isinstance(classifier.weights, Trained) else f"{_root(checkpoint.title)}{GROWN}"
    return Description(
        title,
        classifier.network,
        classifier.preprocessing,
        checkpoint.padding,
        checkpoint.norm_epsilon,
        checkpoint.recipe
        if isinstance(classifier.weights, Trained)
        else f"grown from {checkpoint.name}, not trained on",
        checkpoint.source,
        checkpoint.licence,
        checkpoint.top1 if own else None,
        checkpoint.top1_source if own else "",
        checkpoint.folded_norms,
    )


def _root(title: str) -> str:
    """The published network that grown weights, grown again, still come from."""
    return title.removesuffix(GROWN)


@torch.inference_mode()
def _check(classifier: Classifier, built: torch.nn.Module) -> None:
    checkpoint, side = classifier.checkpoint, classifier.network.input_resolution
    channels = classifier.network.baseline.in_channels
    values = np.random.default_rng(0).standard_normal((1, channels, side, side), np.float32)
    engine = Engine(classifier.network, built.state_dict(), checkpoint.padding, checkpoint.norm_epsilon)
    ours, reference = engine.run(values).logits, built(torch.from_numpy(values)).numpy()
    error = float(np.abs(ours - reference).max() / np.abs(reference).max())
    if not error <= LARGEST_ERROR:
        raise PackageError(
            f"The graph differs from torch by {tiny(error)} of the largest logit, so it is not given out."
        )
