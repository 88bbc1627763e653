"""Find what the tests of the server need, or install it: `python -m tests.serving.install`."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.support.packages import install

PATHS = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
LIBRARIES = (Path("/usr/lib"), Path("/usr/lib64"), *Path("/usr/lib").glob("*-linux-gnu"))


def nginx() -> str | None:
    """The nginx of this machine; None if there is none."""
    return shutil.which("nginx", path=PATHS)


def clock() -> str | None:
    """The library that gives a process a wall clock of its own, libfaketime; None if there is none."""
    places = [folder / "faketime" / "libfaketime.so.1" for folder in LIBRARIES]
    return next((str(place) for place in places if place.exists()), None)


NEEDED = (
    (nginx, "nginx-light", "The test of several replicas needs nginx"),
    (clock, "libfaketime", "The test of a clock that is set needs libfaketime"),
)
"""How each is found, the Debian package that brings it, and what it is for."""


def main() -> int:
    """Install what is missing, from Debian's packages."""
    for find, package, purpose in NEEDED:
        if find() is None:
            install(package)
        if find() is None:
            print(f"{purpose}, and it could not be installed: install it and run make test.")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
