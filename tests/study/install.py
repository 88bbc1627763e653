"""Find Fashion-MNIST, or get it: `python -m tests.study.install`."""

from __future__ import annotations

import sys

from explorer.study import data, paths
from explorer.study.errors import StudyError
from tests.support.packages import install


def main() -> int:
    """Get Fashion-MNIST where it is missing: from Debian's package, else as torchvision downloads it."""
    if data.fashion_mnist(paths.images()) is None:
        install("dataset-fashion-mnist")
    try:
        data.download(paths.images())
    except StudyError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
