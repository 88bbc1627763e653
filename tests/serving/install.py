"""Find nginx, or install it: `python -m tests.serving.install`."""

from __future__ import annotations

import os
import shutil
import sys

from tests.packages import install

PATHS = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


def nginx() -> str | None:
    """The nginx of this machine; None if there is none."""
    return shutil.which("nginx", path=PATHS)


def main() -> int:
    """Install nginx where there is none, from Debian's packages."""
    if nginx() is None:
        install("nginx-light")
    if nginx() is None:
        print("The test of several replicas needs nginx, and it could not be installed: install it and run make test.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
