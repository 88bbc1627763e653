"""How many pixels a decoder goes through for the main picture of an HEIC file, as its boxes say (ISO/IEC 23008-12).

A file may crop a huge picture to a small one, or put the same tile together thousands of times: what it shows says
nothing of the work. A decoder holds each coded picture to the size that its `ispe` box declares, where there is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

DEEPEST = 4
"""Pictures made of pictures made of pictures: no honest file goes further."""

CODED_UNKNOWN = 2**62
"""The pixels of a picture whose size is not declared."""

FULL_BOX = 4
"""Bytes of version and flags."""


class BoxError(ValueError):
    """The boxes of a file do not say, or not to be believed, what is to be decoded."""


@dataclass
class Boxes:
    """What matters of the boxes: the main item, sizes by property, properties and parts by item."""

    primary: int = 0
    areas: list[int | None] = field(default_factory=list)
    properties: dict[int, list[int]] = field(default_factory=dict)
    parts: dict[int, list[int]] = field(default_factory=dict)
    auxiliaries: dict[int, list[int]] = field(default_factory=dict)

    def work(self, item: int, depth: int = DEEPEST) -> int:
        """Pixels decoded for an item: its own, or those of all its parts."""
        if depth == 0:
            return CODED_UNKNOWN
        parts = self.parts.get(item)
        if not parts:
            return self._area(item)
        once = {part: self.work(part, depth - 1) for part in set(parts)}
        return sum(once[part] for part in parts)

    def _area(self, item: int) -> int:
        known = (self.areas[index - 1] for index in self.properties.get(item, []) if 0 < index <= len(self.areas))
        return max((area for area in known if area is not None), default=CODED_UNKNOWN)


def coded_pixels(data: bytes) -> int:
    """Pixels that are decoded to show the main picture of the file, its alpha with it.

    Raises:
        BoxError: the boxes do not fit into each other, or one is there twice, so that readers may differ.
    """
    boxes = Boxes()
    metas = [body for kind, body in _boxes(data, 0, len(data)) if kind == b"meta"]
    _read(boxes, *metas)
    main = (boxes.primary, *boxes.auxiliaries.get(boxes.primary, ()))
    return sum(boxes.work(item) for item in main)


def _read(boxes: Boxes, meta: bytes = b"", *others: bytes) -> None:
    found = dict(inner := list(_boxes(meta, FULL_BOX, len(meta))))
    properties = list(_boxes(found.get(b"iprp", b""), 0, len(found.get(b"iprp", b""))))
    names = [kind for kind, _ in (*inner, *properties) if kind != b"ipma"]
    if others or len(names) > len(set(names)):
        raise BoxError("A box is there twice.")
    main = found.get(b"pitm", b"")
    boxes.primary = _number(main, FULL_BOX, 4 if main[:1] > b"\0" else 2)
    _read_references(boxes, found.get(b"iref", bytes(FULL_BOX)))
    for kind, body in properties:
        if kind == b"ipco":
            boxes.areas = [_declared(*each) for each in _boxes(body, 0, len(body))]
        elif kind == b"ipma":
            _read_associations(boxes, body)


def _declared(kind: bytes, body: bytes) -> int | None:
    """The area of an `ispe` box; None for other properties."""
    return _number(body, FULL_BOX, 4) * _number(body, FULL_BOX + 4, 4) if kind == b"ispe" else None


def _read_references(boxes: Boxes, body: bytes) -> None:
    width = 4 if _number(body, 0, 1) else 2
    for kind, reference in _boxes(body, FULL_BOX, len(body)):
        begin, count = _number(reference, 0, width), _number(reference, width, 2)
        others = [_number(reference, width + 2 + k * width, width) for k in range(count)]
        if kind == b"dimg":
            boxes.parts.setdefault(begin, []).extend(others)
        elif kind == b"auxl":
            for other in others:
                boxes.auxiliaries.setdefault(other, []).append(begin)


def _read_associations(boxes: Boxes, body: bytes) -> None:
    identity, index = 4 if _number(body, 0, 1) else 2, 2 if _number(body, 1, 3) & 1 else 1
    at = FULL_BOX + 4
    for _ in range(_number(body, FULL_BOX, 4)):
        item, count = _number(body, at, identity), _number(body, at + identity, 1)
        at += identity + 1
        essential = 2 ** (8 * index - 1)
        found = [_number(body, at + k * index, index) % essential for k in range(count)]
        boxes.properties.setdefault(item, []).extend(found)
        at += count * index


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    """The kind and content of each box in a part of the bytes; what follows the last whole one is left."""
    while at + 8 <= end:
        size, kind, header = _number(data, at, 4), data[at + 4 : at + 8], 8
        if size == 1:
            size, header = _number(data, at + 8, 8), 16
        elif size == 0:
            size = end - at
        if size < header or at + size > end:
            raise BoxError(f"Box {kind!r} of {size} bytes does not fit.")
        yield kind, data[at + header : at + size]
        at += size


def _number(data: bytes, at: int, width: int) -> int:
    """A big-endian number of `width` bytes. Raises BoxError where the bytes end before it."""
    if at + width > len(data):
        raise BoxError("A box ends within a number.")
    return int.from_bytes(data[at : at + width], "big")
