"""ICC profiles made by hand (ICC.1:2001-04, version 2.4), and what they mean, computed apart from any library."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

# Chromaticities of red, green and blue; white is D65 for all three. The first has those of sRGB.
PRIMARIES = {
    "Gamma 2.2": ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),
    "Display P3": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    "Adobe RGB (1998)": ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)),
}
GAMMA = {"Gamma 2.2": 2.2, "Display P3": 2.2, "Adobe RGB (1998)": 563 / 256}
D65 = np.array([0.3127 / 0.3290, 1.0, (1 - 0.3127 - 0.3290) / 0.3290])
D50 = np.array([0.9642, 1.0, 0.8249])
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])

Array = NDArray[np.float64]


def matrix(name: str) -> Array:
    """(3, 3) linear red, green and blue to XYZ under D50, as a profile holds it."""
    xyz = np.array([(x / y, 1.0, (1 - x - y) / y) for x, y in PRIMARIES[name]]).T
    to_d65 = xyz * np.linalg.solve(xyz, D65)
    adaptation = np.linalg.inv(BRADFORD) @ np.diag((BRADFORD @ D50) / (BRADFORD @ D65)) @ BRADFORD
    return np.asarray(adaptation @ to_d65)


def in_srgb(pixels: NDArray[np.uint8], name: str) -> Array:
    """(…, 3) what bytes in the space called `name` are in sRGB, as unrounded bytes."""
    xyz = (pixels / 255.0) ** GAMMA[name] @ matrix(name).T
    linear = np.clip(xyz @ np.linalg.inv(matrix("Gamma 2.2")).T, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055) * 255


def rgb_profile(name: str) -> bytes:
    """A profile of the space called `name` with one gamma for all three channels."""
    columns = matrix(name).T
    curve = _curve(GAMMA[name])
    tags = {b"desc": _described(name), b"cprt": b"text\0\0\0\0free\0", b"wtpt": _xyz(D50)}
    tags |= {f"{channel}XYZ".encode(): _xyz(column) for channel, column in zip("rgb", columns, strict=True)}
    tags |= {f"{channel}TRC".encode(): curve for channel in "rgb"}
    return _profile(b"RGB ", tags)


def grey_profile(gamma: float) -> bytes:
    """A profile of grey values with a gamma."""
    tags = {b"desc": _described("Grey"), b"cprt": b"text\0\0\0\0free\0", b"wtpt": _xyz(D50), b"kTRC": _curve(gamma)}
    return _profile(b"GRAY", tags)


def cmyk_profile(lightness: tuple[int, ...]) -> bytes:
    """A profile of CMYK whose 16 corners, from no ink with K fastest to all ink, are greys of a lightness in %."""
    corners = b"".join(bytes((round(value * 2.55), 128, 128)) for value in lightness)
    straight = bytes(range(256))
    identity = struct.pack(">9i", *(65536 * (place % 4 == 0) for place in range(9)))
    table = b"mft1" + bytes((0, 0, 0, 0, 4, 3, 2, 0)) + identity + 4 * straight + corners + 3 * straight
    tags = {b"desc": _described("Ink"), b"cprt": b"text\0\0\0\0free\0", b"wtpt": _xyz(D50), b"A2B0": table}
    return _profile(b"CMYK", tags, b"prtr", b"Lab ")


def _profile(space: bytes, tags: dict[bytes, bytes], kind: bytes = b"mntr", connected: bytes = b"XYZ ") -> bytes:
    table, data, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for tag, body in tags.items():
        table += struct.pack(">4sII", tag, start + len(data), len(body))
        data += body.ljust(-(-len(body) // 4) * 4, b"\0")
    head = struct.pack(">I4sI4s4s4s12x4s", start + len(data), b"", 0x02400000, kind, space, connected, b"acsp")
    head = head.ljust(68, b"\0") + struct.pack(">3i", *(round(value * 65536) for value in D50))
    return head.ljust(128, b"\0") + table + data


def _curve(gamma: float) -> bytes:
    return struct.pack(">4s4xIH", b"curv", 1, round(gamma * 256))


def _xyz(values: Array) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *(round(float(value) * 65536) for value in values))


def _described(name: str) -> bytes:
    text = name.encode() + b"\0"
    return struct.pack(">4s4xI", b"desc", len(text)) + text + bytes(78)
