"""A photograph on its way: the file that a visitor gives, the picture in it, and what a page shows of that."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from PIL import Image

SHOWN_SIDE = 640
"""Pixels of the longer side of what a page shows."""


@dataclass(frozen=True)
class PhotographFile:
    """A file as a visitor gives it, encoded: what a session keeps, and what goes to a worker, where it is decoded."""

    name: str
    data: bytes

    @cached_property
    def sha256(self) -> str:
        """Of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Photograph:
    """A photograph decoded; two are equal when their names and original bytes are."""

    name: str
    """The visitor's file name without directory and control characters, shortened where it is long."""
    image: Image.Image = field(compare=False)
    """Mode RGB, upright, without metadata."""
    sha256: str
    """Of the original bytes, in hexadecimal."""
    notes: tuple[str, ...]
    """What was done to show it right, a sentence each."""


@dataclass(frozen=True, eq=False)
class Preview:
    """What a page shows of a photograph, the same few bytes however large it is.

    Attributes:
        name: as of the photograph.
        image: RGB, at most `SHOWN_SIDE` pixels a side.
        size: width and height of the photograph itself, in pixels.
        notes: as of the photograph.
    """

    name: str
    image: Image.Image
    size: tuple[int, int]
    notes: tuple[str, ...]


def preview(photograph: Photograph) -> Preview:
    """What a page shows of `photograph`."""
    shown = photograph.image.copy()
    shown.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    return Preview(photograph.name, shown, photograph.image.size, photograph.notes)
