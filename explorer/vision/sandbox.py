"""A photograph decoded in a process of its own with little memory, for a format whose header need not tell the truth.

An AVIF of a few kB can declare a small picture around an AV1 frame of gigabytes, which its decoder believes before
anybody can ask. Here it gets as much as the largest allowed photograph needs, and whatever happens to it, happens to
nobody else.
"""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import BinaryIO

from PIL import Image

MEMORY = 400 * 2**20
"""Bytes beyond what the process holds when it starts; 25 megapixels in 10 bits, their RGB and a copy take 390 MB."""

SECONDS = 20.0
PROCESSOR_SECONDS = 8
"""Of computing; 25 megapixels take less than 2 here. It also ends a decoder whose worker is gone."""

AT_ONCE = BoundedSemaphore(2)
ROOT = Path(__file__).resolve().parents[2]


TOO_SLOW = (
    f"was not decoded within {SECONDS:.0f} s: make it smaller, or try again when fewer people use this server at once."
)
TOO_MUCH_WORK = f"takes more than {PROCESSOR_SECONDS} s of computing to decode: save it smaller, or as JPEG."
BROKEN_OFF = (
    "was not read to its end, because the server is short of memory or being stopped: choose it again in a minute."
)
FROM_OUTSIDE = (-signal.SIGKILL, -signal.SIGTERM)
"""How the process returns when it was ended by somebody else, as the system does for want of memory."""

log = logging.getLogger(__name__)


class DecodingError(Exception):
    """The picture could not be decoded; the message is the reason for the visitor if there is one, else empty."""


class SandboxError(RuntimeError):
    """The process that decodes failed by a fault of this program; the message is what it wrote, with its traceback."""


def decode(data: bytes) -> tuple[Image.Image, tuple[str, ...]]:
    """The photograph in `data` as `explorer.vision.images` decodes it, and its notes.

    Raises:
        DecodingError: it was refused, or took more memory or time than the largest honest one.
        SandboxError: the process itself failed.
    """
    command = [sys.executable, "-m", __name__]
    with AT_ONCE:
        try:
            done = subprocess.run(  # noqa: S603 - this module itself
                command, input=data, capture_output=True, timeout=SECONDS, cwd=ROOT, check=False
            )
        except subprocess.TimeoutExpired:
            log.warning("A photograph was not decoded within %.0f s.", SECONDS)
            raise DecodingError(TOO_SLOW) from None
    _check(done)
    head, _, pixels = done.stdout.partition(b"\n")
    said = json.loads(head)
    if "refused" in said:
        raise DecodingError(said["refused"])
    return Image.frombytes("RGB", tuple(said["size"]), pixels), tuple(said["notes"])


def _check(done: subprocess.CompletedProcess[bytes]) -> None:
    """Raises DecodingError where the process was ended or its decoder broke, SandboxError where it failed otherwise."""
    if sys.platform != "win32" and done.returncode == -signal.SIGXCPU:
        raise DecodingError(TOO_MUCH_WORK)
    if done.returncode < 0:
        log.warning("The process that decodes was ended by signal %d.", -done.returncode)
        raise DecodingError(BROKEN_OFF if done.returncode in FROM_OUTSIDE else "")
    if done.returncode:
        raise SandboxError(done.stderr.decode(errors="replace"))


def _serve(given: BinaryIO, answer: BinaryIO) -> None:
    """What runs in the process: a line of JSON, then the pixels."""
    from explorer.vision.images import DAMAGED, ImageRejected, decode_here, refusing

    def within_memory(data: bytes) -> tuple[Image.Image, tuple[str, ...]]:
        try:
            return decode_here(data)
        except MemoryError:
            raise ImageRejected(DAMAGED) from None  # more than the largest photograph takes

    _limit()
    try:
        image, notes = refusing(within_memory, given.read())
    except ImageRejected as refusal:
        answer.write(json.dumps({"refused": str(refusal)}).encode() + b"\n")
        return
    answer.write(json.dumps({"size": image.size, "notes": notes}).encode() + b"\n")
    answer.write(image.tobytes())


def _limit() -> None:
    """Take `MEMORY` bytes from now on and compute `PROCESSOR_SECONDS`, no more, where the system can be asked so."""
    try:
        import resource
    except ImportError:
        return
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) if sys.platform == "linux" else 0
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS + 1))


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer)
