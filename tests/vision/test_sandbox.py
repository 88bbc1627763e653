"""AVIF files whose header lies about the frame inside: decoded with little memory, or refused."""

from __future__ import annotations

import signal
import struct
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.vision import images, sandbox

SIDE = 12_000
SAID = 64

MEASURED = """
import resource, sys
from explorer.vision import images
try:
    images.read(sys.stdin.buffer.read(), "lie.avif")
except images.ImageRejected as refusal:
    print(refusal)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def avif(image: Image.Image, quality: int = 100) -> bytes:
    out = BytesIO()
    image.save(out, "AVIF", speed=10, quality=quality, subsampling="4:4:4")
    return out.getvalue()


def lying(side: int) -> bytes:
    """A grey frame of `side` × `side` pixels in a container that says 64 × 64."""
    data = bytearray(avif(Image.new("L", (side, side))))
    place = data.index(b"ispe") + 8
    assert struct.unpack_from(">II", data, place) == (side, side)
    struct.pack_into(">II", data, place, SAID, SAID)
    return bytes(data)


def test_a_lie_takes_no_more_memory_than_the_largest_photograph() -> None:
    data = lying(SIDE)
    assert len(data) < 100_000
    done = subprocess.run([sys.executable, "-c", MEASURED], input=data, capture_output=True, check=True)
    refusal, peak = done.stdout.decode().splitlines()
    assert images.DAMAGED in refusal
    assert int(peak) < sandbox.MEMORY / 2**20 + 50, "MiB, with what Python itself takes"


def test_the_largest_photograph_is_decoded() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (50, 50, 3), dtype=np.uint8)
    large = Image.fromarray(noise).resize((5_000, 5_000))
    assert images.read(avif(large, 60), "large.avif").image.size == large.size


def test_pixels_and_notes_are_those_of_this_process() -> None:
    rgba = Image.fromarray(np.random.default_rng(1).integers(0, 255, (48, 64, 4), dtype=np.uint8))
    data = avif(rgba)
    here, notes = images.decode_here(data)
    there = images.read(data, "photo.avif")
    assert there.image.tobytes() == here.tobytes()
    assert there.notes == notes
    assert notes == ("Transparent parts are shown on white.",)


def test_what_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.001)
    with pytest.raises(images.ImageRejected, match="was not decoded within"):
        images.read(avif(Image.new("RGB", (8, 8))), "slow.avif")


# How the process that decodes ends, and what the visitor reads.
ENDINGS = (
    ("KILL", sandbox.BROKEN_OFF),
    ("TERM", sandbox.BROKEN_OFF),
    ("SEGV", images.DAMAGED),
    ("XCPU", sandbox.TOO_MUCH_WORK),
)


def test_who_computes_without_end_is_ended() -> None:
    program = (
        "from explorer.vision import sandbox\nsandbox.PROCESSOR_SECONDS = 1\nsandbox._limit()\nwhile True:\n    pass\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -signal.SIGXCPU


def _replaced(monkeypatch: pytest.MonkeyPatch, folder: Path, does: str) -> None:
    """Let another program decode in Python's place."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))


@pytest.mark.parametrize(("name", "said"), ENDINGS)
def test_a_process_that_is_ended_is_no_fault_of_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, said: str
) -> None:
    data = avif(Image.new("RGB", (8, 8)))
    _replaced(monkeypatch, tmp_path, f"kill -{name} $$")
    with pytest.raises(images.ImageRejected) as caught:
        images.read(data, "photo.avif")
    assert str(caught.value) == f"“photo.avif” {said}"


def test_a_fault_within_the_process_is_a_fault_of_this_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _replaced(monkeypatch, tmp_path, "echo no such library >&2; exit 1")
    with pytest.raises(sandbox.SandboxError, match="no such library"):
        images.read(avif(Image.new("RGB", (8, 8))), "photo.avif")
