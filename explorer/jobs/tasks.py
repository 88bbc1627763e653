"""What can be asked of the worker process. A page imports this module; torch is imported where a job runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from explorer.cost.latency import Latency
from explorer.cost.memory import fewest_images
from explorer.models.lineage import Classifier
from explorer.network.description import Network
from explorer.planning.proof import MeasuredCounts
from explorer.progress import report

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from explorer.vision.batch import FileAnswer, Given
    from explorer.vision.classification import Classification
    from explorer.vision.filmstrip import Frame
    from explorer.vision.trust import Trust


def look(classifier: Classifier, pixels: NDArray[np.uint8]) -> Classification:
    """See `explorer.jobs.classification_tasks.look`."""
    from explorer.jobs import classification_tasks

    return classification_tasks.look(classifier, pixels)


def filmstrip(classifier: Classifier, pixels: NDArray[np.uint8], class_index: int) -> tuple[Frame, ...]:
    """See `explorer.jobs.classification_tasks.filmstrip`."""
    from explorer.jobs import classification_tasks

    return classification_tasks.filmstrip(classifier, pixels, class_index)


def trust(classifier: Classifier, pixels: NDArray[np.uint8], class_index: int) -> Trust:
    """See `explorer.jobs.comparison_tasks.trust`."""
    from explorer.jobs import comparison_tasks

    return comparison_tasks.trust(classifier, pixels, class_index)


def compare(classifiers: tuple[Classifier, ...], pixels: NDArray[np.uint8], class_index: int) -> tuple[Frame, ...]:
    """See `explorer.jobs.comparison_tasks.compare`."""
    from explorer.jobs import comparison_tasks

    return comparison_tasks.compare(classifiers, pixels, class_index)


def classify_files(classifier: Classifier, files: tuple[Given, ...], count: int) -> tuple[FileAnswer, ...]:
    """See `explorer.jobs.comparison_tasks.classify_files`."""
    from explorer.jobs import comparison_tasks

    return comparison_tasks.classify_files(classifier, files, count)


def fetch(name: str) -> bool:
    """Download the weights called `name`; see `explorer.models.fetching.fetch`."""
    from explorer.models.checkpoints import published
    from explorer.models.fetching import fetch as download

    download(published()[name], lambda share: report(share, "downloading"))
    return True


def package(classifier: Classifier) -> bytes:
    """See `explorer.models.package.zipped`."""
    from explorer.models.package import zipped

    return zipped(classifier)


def count(network: Network) -> MeasuredCounts:
    """What timm, fvcore and torch count on the module that `network` describes."""
    from explorer.models import measure

    report(0.1, "counting the module's parameters")
    params = measure.count_parameters(network)
    report(0.2, "counting with torch")
    torch = measure.count_torch(network)
    report(0.3, "sending an image through the module for fvcore")
    return MeasuredCounts(params, measure.count_fvcore(network), torch)


def latency(network: Network) -> Latency:
    """How long the module that `network` describes takes on this machine; see `explorer.models.measure.latency`."""
    from explorer.models import measure

    return measure.latency(network)


def latencies(networks: tuple[Network, ...]) -> tuple[Latency, ...]:
    """The latency of several networks, one after the other."""
    measured = []
    for done, network in enumerate(networks):
        report(done / len(networks), f"timing network {done + 1} of {len(networks)}")
        measured.append(latency(network))
    return tuple(measured)


def memory(network: Network) -> tuple[int, int]:
    """Bytes that the module keeps of the fewest images it can train on, and that live at one image's fullest moment.

    See `explorer.cost.memory.fewest_images`, `explorer.models.measure.saved_activations` and `peak_inference`.
    """
    from explorer.models import measure

    report(0.1, "following what the backward pass needs")
    saved = measure.saved_activations(network, fewest_images(network))
    report(0.5, "following what an answer needs")
    return saved, measure.peak_inference(network, 1)


def warm_up() -> None:
    """See `explorer.jobs.classification_tasks.warm_up`."""
    from explorer.jobs import classification_tasks

    classification_tasks.warm_up()


def shrink(excess: int) -> None:
    """Let go of about `excess` bytes of what the worker keeps between jobs, the largest first."""
    kept = sys.modules.get("explorer.models.kept")
    if kept is not None:
        kept.KEPT.free(excess)
