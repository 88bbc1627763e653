"""What can be asked of the worker process. A page imports this module; torch is imported where a job runs."""

from __future__ import annotations

import os
import select
import threading
from typing import TYPE_CHECKING

from explorer.latency import Latency
from explorer.models.lineage import Classifier
from explorer.network import Network
from explorer.proof import Measured

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from explorer.vision.filmstrip import Frame
    from explorer.vision.sight import Sight


NICENESS = 10


def begin(parent: int) -> None:
    """Prepare a new worker: the pages go first where both want the same processor, and it ends with `parent`."""
    os.nice(NICENESS)
    if hasattr(os, "pidfd_open"):
        threading.Thread(target=_end_with, args=(os.pidfd_open(parent),), daemon=True).start()


def _end_with(parent: int) -> None:
    """Wait for the end of the process behind a file descriptor; a killed server must not leave a worker behind."""
    select.select([parent], [], [])
    os._exit(1)


def look(classifier: Classifier, pixels: NDArray[np.uint8]) -> Sight:
    """See `explorer.models.worker.look`."""
    from explorer.models import worker

    return worker.look(classifier, pixels)


def filmstrip(classifier: Classifier, pixels: NDArray[np.uint8], class_index: int) -> tuple[Frame, ...]:
    """See `explorer.models.worker.filmstrip`."""
    from explorer.models import worker

    return worker.filmstrip(classifier, pixels, class_index)


def fetch(name: str) -> bool:
    """Download the weights called `name`; see `explorer.models.fetching.fetch`."""
    from explorer.models.checkpoints import published
    from explorer.models.fetching import fetch as download

    download(published()[name], lambda _: None)
    return True


def count(network: Network) -> Measured:
    """What timm, fvcore and torch count on the module that `network` describes."""
    from explorer.models import measure

    return Measured(measure.count_parameters(network), measure.count_fvcore(network), measure.count_torch(network))


def latency(network: Network) -> Latency:
    """How long the module that `network` describes takes on this machine; see `explorer.models.measure.latency`."""
    from explorer.models import measure

    return measure.latency(network)


def latencies(networks: tuple[Network, ...]) -> tuple[Latency, ...]:
    """The latency of several networks, one after the other."""
    return tuple(latency(network) for network in networks)


def memory(network: Network) -> tuple[int, int]:
    """Bytes for one image that the module keeps for the backward pass, and that live at its fullest moment."""
    from explorer.models import measure

    return measure.saved_activations(network, 1), measure.peak_inference(network, 1)


def warm_up() -> None:
    """See `explorer.models.worker.warm_up`."""
    from explorer.models import worker

    worker.warm_up()
