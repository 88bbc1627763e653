"""What can be asked of the worker process. A page imports this module; torch is imported where a job runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from explorer.vision.sight import Sight


NICENESS = 10


def step_back() -> None:
    """Let the pages go first where worker and pages want the same processor."""
    os.nice(NICENESS)


def look(network: str, pixels: NDArray[np.uint8]) -> Sight:
    """See `explorer.models.worker.look`."""
    from explorer.models import worker

    return worker.look(network, pixels)


def warm_up() -> None:
    """See `explorer.models.worker.warm_up`."""
    from explorer.models import worker

    worker.warm_up()
