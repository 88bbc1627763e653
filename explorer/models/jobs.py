"""What can be asked of the worker process. A page imports this module; torch is imported where a job runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from explorer.latency import Latency
from explorer.models.lineage import Classifier
from explorer.network import Network
from explorer.progress import report
from explorer.proof import Measured

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from explorer.vision.batch import Given, Row
    from explorer.vision.filmstrip import Frame
    from explorer.vision.sight import Sight
    from explorer.vision.trust import Trust


def look(classifier: Classifier, pixels: NDArray[np.uint8]) -> Sight:
    """See `explorer.models.worker.look`."""
    from explorer.models import worker

    return worker.look(classifier, pixels)


def filmstrip(classifier: Classifier, pixels: NDArray[np.uint8], class_index: int) -> tuple[Frame, ...]:
    """See `explorer.models.worker.filmstrip`."""
    from explorer.models import worker

    return worker.filmstrip(classifier, pixels, class_index)


def trust(classifier: Classifier, pixels: NDArray[np.uint8], class_index: int) -> Trust:
    """See `explorer.models.long_looks.trust`."""
    from explorer.models import long_looks

    return long_looks.trust(classifier, pixels, class_index)


def compare(classifiers: tuple[Classifier, ...], pixels: NDArray[np.uint8], class_index: int) -> tuple[Frame, ...]:
    """See `explorer.models.long_looks.compare`."""
    from explorer.models import long_looks

    return long_looks.compare(classifiers, pixels, class_index)


def classify_files(classifier: Classifier, files: tuple[Given, ...], count: int) -> tuple[Row, ...]:
    """See `explorer.models.long_looks.classify_files`."""
    from explorer.models import long_looks

    return long_looks.classify_files(classifier, files, count)


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


def count(network: Network) -> Measured:
    """What timm, fvcore and torch count on the module that `network` describes."""
    from explorer.models import measure

    report(0.1, "counting the module's parameters")
    params = measure.count_parameters(network)
    report(0.2, "counting with torch")
    torch = measure.count_torch(network)
    report(0.3, "sending an image through the module for fvcore")
    return Measured(params, measure.count_fvcore(network), torch)


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
    """Bytes for one image that the module keeps for the backward pass, and that live at its fullest moment."""
    from explorer.models import measure

    report(0.1, "following what the backward pass needs")
    saved = measure.saved_activations(network, 1)
    report(0.5, "following what an answer needs")
    return saved, measure.peak_inference(network, 1)


def warm_up() -> None:
    """See `explorer.models.worker.warm_up`."""
    from explorer.models import worker

    worker.warm_up()


def shrink(excess: int) -> None:
    """Let go of about `excess` bytes of networks that the worker keeps between jobs, the largest first."""
    worker = sys.modules.get("explorer.models.worker")
    if worker is not None:
        worker.free(excess)
