"""Debian packages that the checks need, installed where the system has them."""

from __future__ import annotations

import os
import shutil
import subprocess


def install(package: str) -> None:
    """Install a Debian package if that is possible here; whether it was, the caller sees by what it brings."""
    if not shutil.which("apt-get"):
        return
    become_root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        if subprocess.run([*become_root, "apt-get", *step], env=environment, check=False).returncode:
            break
