"""Files made here, honest and hostile, against what numpy says their pixels are."""

from __future__ import annotations

import builtins
import hashlib
import io
import itertools
import struct
import sys
import time
import warnings
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, NoReturn

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageFile

from explorer.vision import images, upright
from explorer.vision.photograph import Photograph

Pixels = NDArray[np.uint8]
Maker = Callable[[], bytes]

# ---- the picture that every file shows
RANDOM = np.random.default_rng(1905)
HEIGHT, WIDTH = 9, 14
COLOUR: Pixels = RANDOM.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
ALPHA: Pixels = RANDOM.integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8)
GREY: Pixels = COLOUR[..., 0]
WORDS: NDArray[np.uint16] = RANDOM.integers(0, 65536, (HEIGHT, WIDTH, 3), dtype=np.uint16)
INDEX: Pixels = RANDOM.integers(0, 16, (HEIGHT, WIDTH), dtype=np.uint8)
PALETTE: Pixels = RANDOM.integers(0, 256, (16, 3), dtype=np.uint8)
PALETTE_ALPHA: Pixels = RANDOM.integers(0, 256, 16, dtype=np.uint8)
CLEAR = 5  # the one transparent index, grey or colour of a file that has just one
SMOOTH: Pixels = np.stack(
    np.broadcast_arrays(np.arange(0, 256, 4)[None], np.arange(0, 192, 4)[:, None], np.uint8(90)), axis=-1
).astype(np.uint8)  # for lossy formats: 48 × 64, no edges

TURNED = "Turned upright as its EXIF orientation says."
ON_WHITE = "Transparent parts are shown on white."
FROM_16 = "Reduced from 16 to 8 bits per channel."
FROM_CMYK = "Converted from CMYK to RGB."
SEVERAL = "The file holds several pictures: this is the first."


def rgb(grey: Pixels) -> Pixels:
    return np.repeat(grey[..., None], 3, axis=-1)


def on_white(colour: Pixels, alpha: Pixels) -> Pixels:
    """Each channel over white, rounded to the nearest."""
    share = alpha.astype(int)[..., None]
    return np.asarray((2 * (colour * share + 255 * (255 - share)) + 255) // 510, np.uint8)


def keyed(colour: Pixels, transparent: NDArray[np.bool_]) -> Pixels:
    return np.where(transparent[..., None], np.uint8(255), colour)


# ---- makers of files
def encoded(pixels: NDArray[Any] | Image.Image, mode: str, kind: str, **options: object) -> bytes:
    """The array as a `kind` file of `mode`, written by Pillow."""
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    if image.mode != mode:
        image = image.convert(mode)
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def heic(pixels: Pixels) -> bytes:
    """The array as an HEIC file, written by libheif."""
    out = io.BytesIO()
    pillow_heif.encode("RGB", pixels.shape[1::-1], pixels.tobytes(), out)
    return out.getvalue()


def palette_image() -> Image.Image:
    image = Image.frombytes("P", (WIDTH, HEIGHT), INDEX.tobytes())
    image.putpalette(PALETTE.tobytes())
    return image


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def png(width: int, height: int, depth: int, colour: int, rows: list[bytes], before: bytes = b"") -> bytes:
    """A PNG by hand: `rows` packed as the standard says, `before` the chunks between header and pixels."""
    header = struct.pack(">LLBBBBB", width, height, depth, colour, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def png_of(array: NDArray[Any], depth: int, colour: int, before: bytes = b"") -> bytes:
    """`array` (rows × columns × channels) as a PNG of `depth` bits, which 1, 2 and 4 pack into bytes."""
    height, width = array.shape[:2]
    if depth == 16:
        rows = [row.astype(">u2").tobytes() for row in array]
    else:
        bits = np.unpackbits(array.reshape(height, -1, 1).astype(np.uint8), axis=2)[..., 8 - depth :]
        rows = [np.packbits(row.reshape(-1)).tobytes() for row in bits]
    return png(width, height, depth, colour, rows, before)


HERE = -1  # as a tag's value: where the pixels begin


def tiff(
    tags: dict[int, int | list[int]], pixels: bytes, order: str = "<", shape: tuple[int, int] = (WIDTH, HEIGHT)
) -> bytes:
    """A TIFF by hand: one strip of `pixels`, the tags that every TIFF needs, then `tags`; an empty list removes one."""
    needed: dict[int, int | list[int]] = {
        256: shape[0],
        257: shape[1],
        259: 1,
        273: HERE,
        278: shape[1],
        279: len(pixels),
    }
    listed = {tag: value if isinstance(value, list) else [value] for tag, value in sorted({**needed, **tags}.items())}
    listed = {tag: values for tag, values in listed.items() if values}
    beside = 8 + 2 + 12 * len(listed) + 4
    begin = beside + sum(4 * len(values) for values in listed.values() if len(values) > 1)
    entries = extra = b""
    for tag, values in listed.items():
        packed = struct.pack(f"{order}{len(values)}L", *(begin if value == HERE else value for value in values))
        place = packed if len(values) == 1 else struct.pack(f"{order}L", beside + len(extra))
        entries += struct.pack(f"{order}HHL", tag, 4, len(values)) + place
        extra += packed if len(values) > 1 else b""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}LH", 8, len(listed))
    return head + entries + bytes(4) + extra + pixels


def tiff_of(array: NDArray[Any], photometric: int, order: Literal["<", ">"] = "<", **tags: int) -> bytes:
    """`array` as an uncompressed TIFF; tags by name: `extra` (338), `sample` (339)."""
    bits = 8 * array.dtype.itemsize
    channels = array.shape[2] if array.ndim == 3 else 1
    numbers = {{"extra": 338, "sample": 339}[name]: value for name, value in tags.items()}
    needed: dict[int, int | list[int]] = {258: [bits] * channels, 262: photometric, 277: channels, **numbers}
    shape = (array.shape[1], array.shape[0])
    return tiff(needed, array.astype(array.dtype.newbyteorder(order)).tobytes(), order, shape)


def frames(kind: str, count: int, **options: object) -> bytes:
    """An animation whose first frame is SMOOTH and whose others are not."""
    others = [Image.fromarray(np.roll(SMOOTH, 9 * k, axis=1)) for k in range(1, count)]
    return encoded(SMOOTH, "RGB", kind, save_all=True, append_images=others, **options)


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


def jpeg_with(segment: bytes, marker: int = 0xE1, times: int = 1) -> bytes:
    """SMOOTH as JPEG, with `segment` put in after its first two bytes."""
    plain = encoded(SMOOTH, "RGB", "JPEG")
    return plain[:2] + (bytes([0xFF, marker]) + struct.pack(">H", len(segment) + 2) + segment) * times + plain[2:]


def pixels_of(data: bytes) -> Pixels:
    return np.asarray(images.read(data, "photo").image)


def outcome(data: bytes) -> Photograph | str:
    """The photograph, or why it was refused; any other exception is a failure."""
    try:
        return images.read(data, "photo")
    except images.ImageRejected as refused:
        return str(refused)


def refusal(data: bytes, name: str = "photo.jpg") -> str:
    with pytest.raises(images.ImageRejected) as caught:
        images.read(data, name)
    return str(caught.value)


# ---- format × mode, exact
KEY_4 = chunk(b"tRNS", struct.pack(">H", CLEAR))
KEY_16 = chunk(b"tRNS", struct.pack(">H", WORDS[0, 0, 0]))
KEY_8 = chunk(b"tRNS", struct.pack(">H", GREY[0, 0]))
KEY_RGB = chunk(b"tRNS", struct.pack(">HHH", *COLOUR[0, 0].tolist()))
KEY_RGB_16 = chunk(b"tRNS", struct.pack(">HHH", *WORDS[0, 0].tolist()))
RGBA: Pixels = np.dstack([COLOUR, ALPHA])
LA: Pixels = np.dstack([GREY, ALPHA])
BILEVEL = rgb(np.where(GREY > 127, 255, 0).astype(np.uint8))
HIGH: Pixels = (WORDS >> 8).astype(np.uint8)
FOUR: Pixels = INDEX
TWO: Pixels = INDEX % 4
IN_COLOURS = PALETTE[INDEX]
GREY_16 = WORDS[..., 0]
OPAQUE_KEY = chunk(b"tRNS", b"\xff" * 16)

PNG_CASES: dict[str, tuple[Maker, Pixels, tuple[str, ...]]] = {
    "png RGB": (lambda: encoded(COLOUR, "RGB", "PNG"), COLOUR, ()),
    "png RGB by hand": (lambda: png_of(COLOUR, 8, 2), COLOUR, ()),
    "png L": (lambda: encoded(GREY, "L", "PNG"), rgb(GREY), ()),
    "png 1": (lambda: png_of(GREY > 127, 1, 0), BILEVEL, ()),
    "png L 2 bits": (lambda: png_of(TWO, 2, 0), rgb(TWO * 85), ()),
    "png L 4 bits": (lambda: png_of(FOUR, 4, 0), rgb(FOUR * 17), ()),
    "png text of its own": (lambda: png_of(COLOUR, 8, 2, chunk(b"tEXt", b"bit_depth\0<b>99")), COLOUR, ()),
    "png LA": (lambda: encoded(LA, "LA", "PNG"), on_white(rgb(GREY), ALPHA), (ON_WHITE,)),
    "png RGBA": (lambda: encoded(RGBA, "RGBA", "PNG"), on_white(COLOUR, ALPHA), (ON_WHITE,)),
    "png RGBA opaque": (lambda: encoded(COLOUR, "RGBA", "PNG"), COLOUR, ()),
    "png P": (lambda: encoded(palette_image(), "P", "PNG"), IN_COLOURS, ()),
    "png P 4 bits": (lambda: png_of(INDEX, 4, 3, chunk(b"PLTE", PALETTE.tobytes())), IN_COLOURS, ()),
    "png P one clear": (
        lambda: encoded(palette_image(), "P", "PNG", transparency=CLEAR),
        keyed(IN_COLOURS, INDEX == CLEAR),
        (ON_WHITE,),
    ),
    "png P alphas": (
        lambda: encoded(palette_image(), "P", "PNG", transparency=PALETTE_ALPHA.tobytes()),
        on_white(IN_COLOURS, PALETTE_ALPHA[INDEX]),
        (ON_WHITE,),
    ),
    "png P alphas opaque": (
        lambda: png_of(INDEX, 8, 3, chunk(b"PLTE", PALETTE.tobytes()) + OPAQUE_KEY),
        IN_COLOURS,
        (),
    ),
    "png L key": (lambda: png_of(GREY, 8, 0, KEY_8), keyed(rgb(GREY), np.equal(GREY, GREY[0, 0])), (ON_WHITE,)),
    "png L key absent": (lambda: png_of(GREY // 2, 8, 0, chunk(b"tRNS", b"\0\xff")), rgb(GREY // 2), ()),
    "png 1 key": (lambda: png_of(GREY > 127, 1, 0, chunk(b"tRNS", b"\0\0")), rgb(np.full_like(GREY, 255)), (ON_WHITE,)),
    "png L 2 bits key": (
        lambda: png_of(TWO, 2, 0, chunk(b"tRNS", b"\0\1")),
        keyed(rgb(TWO * 85), TWO == 1),
        (ON_WHITE,),
    ),
    "png L 4 bits key": (lambda: png_of(FOUR, 4, 0, KEY_4), keyed(rgb(FOUR * 17), FOUR == CLEAR), (ON_WHITE,)),
    "png RGB key": (
        lambda: png_of(COLOUR, 8, 2, KEY_RGB),
        keyed(COLOUR, np.equal(COLOUR, COLOUR[0, 0]).all(axis=2)),
        (ON_WHITE,),
    ),
    "png 16-bit grey": (lambda: png_of(GREY_16, 16, 0), rgb(HIGH[..., 0]), (FROM_16,)),
    "png 16-bit grey by Pillow": (lambda: encoded(GREY_16, "I;16", "PNG"), rgb(HIGH[..., 0]), (FROM_16,)),
    "png 16-bit grey key": (
        lambda: png_of(GREY_16, 16, 0, KEY_16),
        keyed(rgb(HIGH[..., 0]), np.equal(GREY_16, GREY_16[0, 0])),
        (FROM_16, ON_WHITE),
    ),
    "png 16-bit RGB": (lambda: png_of(WORDS, 16, 2), HIGH, ()),
    "png 16-bit RGB key": (
        lambda: png_of(WORDS, 16, 2, KEY_RGB_16),
        keyed(HIGH, np.equal(HIGH, HIGH[0, 0]).all(axis=2)),
        (ON_WHITE,),
    ),
    "png 16-bit LA": (
        lambda: png_of(WORDS[..., :2], 16, 4),
        on_white(rgb(HIGH[..., 0]), HIGH[..., 1]),
        (ON_WHITE,),
    ),
    "png 16-bit RGBA": (
        lambda: png_of(np.dstack([WORDS, WORDS[..., 0]]), 16, 6),
        on_white(HIGH, HIGH[..., 0]),
        (ON_WHITE,),
    ),
    "png 1 × 1": (lambda: png_of(COLOUR[:1, :1], 8, 2), COLOUR[:1, :1], ()),
    "png 1 × 50": (lambda: png_of(np.zeros((1, 50, 3)), 8, 2), np.zeros((1, 50, 3), np.uint8), ()),
}


def run_length(index: Pixels) -> bytes:
    """A BMP of RLE8, whose rows run from the last to the first."""
    rows = b"".join(b"".join(bytes([1, i]) for i in row) + b"\0\0" for row in index[::-1].tolist()) + b"\0\1"
    table = b"".join(bytes([b, g, r, 0]) for r, g, b in PALETTE.tolist())
    info = struct.pack("<LllHHLLllLL", 40, WIDTH, HEIGHT, 1, 8, 1, len(rows), 0, 0, 16, 16)
    return b"BM" + struct.pack("<LHHL", 54 + 64 + len(rows), 0, 0, 54 + 64) + info + table + rows


def alpha_bmp(rgba: Pixels) -> bytes:
    """A BMP whose header (version 4) declares a mask for alpha."""
    rows = rgba[::-1].tobytes()
    info = struct.pack("<LllHHLLllLL", 108, WIDTH, HEIGHT, 1, 32, 3, len(rows), 0, 0, 0, 0)
    masks = struct.pack("<LLLL", 0xFF, 0xFF00, 0xFF0000, 0xFF000000)
    return b"BM" + struct.pack("<LHHL", 122 + len(rows), 0, 0, 122) + info + masks + bytes(52) + rows


def top_down(data: bytes) -> bytes:
    """A BMP with its height made negative and its rows turned around."""
    stride = (WIDTH * 3 + 3) // 4 * 4
    rows = [data[54 + k * stride : 54 + (k + 1) * stride] for k in range(HEIGHT)]
    return data[:22] + struct.pack("<l", -HEIGHT) + data[26:54] + b"".join(rows[::-1])


OTHER_CASES: dict[str, tuple[Maker, Pixels, tuple[str, ...]]] = {
    "gif L": (lambda: encoded(GREY, "L", "GIF"), rgb(GREY), ()),
    "gif 1": (lambda: encoded(BILEVEL, "1", "GIF"), BILEVEL, ()),
    "gif P": (lambda: encoded(palette_image(), "P", "GIF"), IN_COLOURS, ()),
    "gif P interlaced": (lambda: encoded(palette_image(), "P", "GIF", interlace=1), IN_COLOURS, ()),
    "gif P clear": (
        lambda: encoded(palette_image(), "P", "GIF", transparency=CLEAR),
        keyed(IN_COLOURS, INDEX == CLEAR),
        (ON_WHITE,),
    ),
    "bmp 1": (lambda: encoded(BILEVEL, "1", "BMP"), BILEVEL, ()),
    "bmp L": (lambda: encoded(GREY, "L", "BMP"), rgb(GREY), ()),
    "bmp P": (lambda: encoded(palette_image(), "P", "BMP"), IN_COLOURS, ()),
    "bmp RGB": (lambda: encoded(COLOUR, "RGB", "BMP"), COLOUR, ()),
    "bmp fourth byte unused": (lambda: encoded(RGBA, "RGBA", "BMP"), COLOUR, ()),
    "bmp alpha": (lambda: alpha_bmp(RGBA), on_white(COLOUR, ALPHA), (ON_WHITE,)),
    "bmp RLE8": (lambda: run_length(INDEX), IN_COLOURS, ()),
    "bmp top-down": (lambda: top_down(encoded(COLOUR, "RGB", "BMP")), COLOUR, ()),
    "webp RGB": (lambda: encoded(COLOUR, "RGB", "WEBP", lossless=True), COLOUR, ()),
    "webp L": (lambda: encoded(GREY, "L", "WEBP", lossless=True), rgb(GREY), ()),
    "webp P": (lambda: encoded(palette_image(), "P", "WEBP", lossless=True), IN_COLOURS, ()),
    "webp RGBA": (
        lambda: encoded(RGBA, "RGBA", "WEBP", lossless=True, exact=True),
        on_white(COLOUR, ALPHA),
        (ON_WHITE,),
    ),
    "webp LA": (
        lambda: encoded(LA, "LA", "WEBP", lossless=True, exact=True),
        on_white(rgb(GREY), ALPHA),
        (ON_WHITE,),
    ),
    "tiff 1": (lambda: encoded(BILEVEL, "1", "TIFF"), BILEVEL, ()),
    "tiff 1 group4": (lambda: encoded(BILEVEL, "1", "TIFF", compression="group4"), BILEVEL, ()),
    "tiff L": (lambda: encoded(GREY, "L", "TIFF"), rgb(GREY), ()),
    "tiff L white is zero": (lambda: tiff_of(GREY, 0), rgb(255 - GREY), ()),
    "tiff LA": (lambda: encoded(LA, "LA", "TIFF"), on_white(rgb(GREY), ALPHA), (ON_WHITE,)),
    "tiff L extra ignored": (lambda: tiff_of(LA, 1, extra=0), rgb(GREY), ()),
    "tiff P": (lambda: encoded(palette_image(), "P", "TIFF"), IN_COLOURS, ()),
    "tiff RGB big-endian": (lambda: tiff_of(COLOUR, 2, ">"), COLOUR, ()),
    "tiff RGB": (lambda: tiff_of(COLOUR, 2), COLOUR, ()),
    "tiff RGBX": (lambda: tiff_of(RGBA, 2, extra=0), COLOUR, ()),
    "tiff RGBA": (lambda: tiff_of(RGBA, 2, extra=2), on_white(COLOUR, ALPHA), (ON_WHITE,)),
    "tiff RGB 16 bits": (lambda: tiff_of(WORDS, 2), HIGH, ()),
    "tiff RGB 16 bits big-endian": (lambda: tiff_of(WORDS, 2, ">"), HIGH, ()),
    "tiff I;16": (lambda: tiff_of(GREY_16, 1), rgb(HIGH[..., 0]), (FROM_16,)),
    "tiff I;16B": (lambda: tiff_of(GREY_16, 1, ">"), rgb(HIGH[..., 0]), (FROM_16,)),
    "tiff I;16 white is zero": (lambda: tiff_of(GREY_16, 0), rgb(255 - HIGH[..., 0]), (FROM_16,)),
    "tiff I;16 deflate": (
        lambda: encoded(GREY_16, "I;16", "TIFF", compression="tiff_adobe_deflate"),
        rgb(HIGH[..., 0]),
        (FROM_16,),
    ),
    "tiff I;12": (
        lambda: tiff({258: 12, 262: 1, 277: 1}, twelve_bits(GREY_16 // 16)),
        rgb(HIGH[..., 0]),
        ("Reduced from 12 to 8 bits per channel.",),
    ),
    "tiff CMYK black": (
        lambda: tiff_of(np.dstack([np.zeros_like(COLOUR), GREY]), 5),
        rgb(255 - GREY),
        (FROM_CMYK,),
    ),
    **{
        f"tiff RGB {compression}": (
            lambda compression=compression: encoded(COLOUR, "RGB", "TIFF", compression=compression),  # type: ignore[misc]
            COLOUR,
            (),
        )
        for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "lzma", "zstd")
    },
}


def twelve_bits(values: NDArray[Any]) -> bytes:
    bits = np.unpackbits(values.astype(">u2").view(np.uint8).reshape(HEIGHT, WIDTH, 2), axis=2)[..., 4:]
    return np.packbits(bits.reshape(HEIGHT, -1), axis=1).tobytes()


EXACT = {**PNG_CASES, **OTHER_CASES}


@pytest.mark.parametrize("case", EXACT)
def test_lossless_pixels_are_exact(case: str) -> None:
    make, expected, notes = EXACT[case]
    photograph = images.read(make(), "photo")
    assert photograph.image.mode == "RGB"
    np.testing.assert_array_equal(np.asarray(photograph.image), expected)
    assert photograph.notes == notes


# ---- format × mode, within a tolerance
def cmyk_to_rgb(cmyk: Pixels) -> Pixels:
    light = 255 - cmyk.astype(float)
    return np.asarray(np.rint(light[..., :3] * light[..., 3:] / 255), np.uint8)


def ycbcr_to_rgb(ycbcr: Pixels) -> Pixels:
    y, cb, cr = (ycbcr[..., k].astype(float) - (0, 128, 128)[k] for k in range(3))
    light = np.stack([y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb], axis=-1)
    return np.asarray(np.rint(np.clip(light, 0, 255)), np.uint8)


def lab_to_rgb(lightness: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]) -> Pixels:
    """CIELAB under D50 → sRGB, by the formulas of the CIE and of IEC 61966-2-1."""
    y = (lightness + 16) / 116
    f = np.stack([y + a / 500, y, y - b / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * (0.96422, 1.0, 0.82521)
    to_srgb = [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.033454],
        [0.0719453, -0.2289914, 1.4052427],
    ]
    linear = np.clip(xyz @ np.array(to_srgb).T, 0, 1)
    curved = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * curved), np.uint8)


CMYK: Pixels = np.dstack([SMOOTH, np.roll(SMOOTH[..., 0], 20) // 2])
YCBCR: Pixels = (SMOOTH // 2 + 64).astype(np.uint8)
LAB_L, LAB_A, LAB_B = np.broadcast_arrays(np.linspace(20, 80, 64)[None], np.linspace(-15, 15, 48)[:, None], 10.0)
LAB: Pixels = np.stack([np.rint(LAB_L * 2.55), np.rint(LAB_A) % 256, np.rint(LAB_B) % 256], axis=-1).astype(np.uint8)
PREMULTIPLIED: Pixels = (COLOUR * (ALPHA[..., None] / 255)).astype(np.uint8)
OVER_WHITE: Pixels = PREMULTIPLIED + (255 - ALPHA)[..., None]
BEST: dict[str, object] = {"quality": 100, "subsampling": "4:4:4"}
COARSE = rgb(SMOOTH[..., 0])
HALF = np.where(np.arange(64) < 32, 0, 255).astype(np.uint8)[None].repeat(48, 0)

CLOSE: dict[str, tuple[Maker, Pixels, int, tuple[str, ...]]] = {  # name → file, pixels, largest difference, notes
    "jpeg RGB": (lambda: encoded(SMOOTH, "RGB", "JPEG", **BEST), SMOOTH, 3, ()),
    "jpeg RGB subsampled": (lambda: encoded(SMOOTH, "RGB", "JPEG", quality=95), SMOOTH, 12, ()),
    "jpeg progressive": (lambda: encoded(SMOOTH, "RGB", "JPEG", progressive=True, **BEST), SMOOTH, 3, ()),
    "jpeg L": (lambda: encoded(SMOOTH[..., 0], "L", "JPEG", quality=100), COARSE, 2, ()),
    "jpeg CMYK": (
        lambda: encoded(Image.fromarray(CMYK, "CMYK"), "CMYK", "JPEG", quality=100),
        cmyk_to_rgb(CMYK),
        6,
        (FROM_CMYK,),
    ),
    "tiff CMYK": (lambda: tiff_of(CMYK, 5), cmyk_to_rgb(CMYK), 1, (FROM_CMYK,)),
    "tiff YCbCr": (lambda: tiff_of(YCBCR, 6), ycbcr_to_rgb(YCBCR), 2, ("Converted from YCbCr to RGB.",)),
    "tiff LAB": (
        lambda: tiff_of(LAB, 8),
        lab_to_rgb(LAB[..., 0] / 2.55, np.rint(LAB_A), np.rint(LAB_B)),
        2,
        ("Converted from LAB to RGB.",),
    ),
    "tiff RGBa": (lambda: tiff_of(np.dstack([PREMULTIPLIED, ALPHA]), 2, extra=1), OVER_WHITE, 2, (ON_WHITE,)),
    "tiff La": (
        lambda: tiff_of(np.dstack([PREMULTIPLIED[..., 0], ALPHA]), 1, extra=1),
        rgb(OVER_WHITE[..., 0]),
        2,
        (ON_WHITE,),
    ),
    "tiff jpeg": (lambda: encoded(SMOOTH, "RGB", "TIFF", compression="jpeg", quality=100), SMOOTH, 6, ()),
    "webp lossy": (lambda: encoded(SMOOTH, "RGB", "WEBP", quality=100), SMOOTH, 12, ()),
    "avif RGB": (lambda: encoded(SMOOTH, "RGB", "AVIF", **BEST), SMOOTH, 4, ()),
    "avif L": (lambda: encoded(SMOOTH[..., 0], "L", "AVIF", quality=100), COARSE, 4, ()),
    "avif RGBA": (
        lambda: encoded(np.dstack([SMOOTH, HALF]), "RGBA", "AVIF", **BEST),
        on_white(SMOOTH, HALF),
        6,
        (ON_WHITE,),
    ),
}


@pytest.mark.parametrize("case", CLOSE)
def test_lossy_and_colour_managed_pixels_are_close(case: str) -> None:
    make, expected, tolerance, notes = CLOSE[case]
    photograph = images.read(make(), "photo")
    difference = np.abs(np.asarray(photograph.image).astype(int) - expected)
    assert photograph.image.size == (expected.shape[1], expected.shape[0])
    assert difference.max() <= tolerance
    assert photograph.notes == notes


def palette_with_alpha() -> bytes:
    """A TIFF of indices with an alpha channel beside them (Pillow's PA)."""
    table = np.zeros((3, 256), dtype=int)
    table[:, :16] = PALETTE.T.astype(int) * 257
    tags: dict[int, int | list[int]] = {258: [8, 8], 262: 3, 277: 2, 338: 2, 320: table.reshape(-1).tolist()}
    return tiff(tags, np.dstack([INDEX, ALPHA]).tobytes())


def test_palette_with_its_own_alpha_channel() -> None:
    data = palette_with_alpha()
    assert Image.open(io.BytesIO(data)).mode == "PA"
    np.testing.assert_array_equal(pixels_of(data), on_white(IN_COLOURS, ALPHA))


def test_16_bit_grey_keeps_its_gradient() -> None:
    ramp = np.linspace(0, 65535, 50 * 256).astype(np.uint16).reshape(50, 256)
    np.testing.assert_array_equal(pixels_of(png_of(ramp, 16, 0)), rgb((ramp // 256).astype(np.uint8)))


UNKNOWN_WHITE: dict[str, Maker] = {
    "float": lambda: tiff_of(GREY.astype(np.float32), 1, sample=3),
    "int32": lambda: tiff_of(GREY.astype(np.int32), 1, sample=2),
    "uint32": lambda: tiff_of(GREY.astype(np.uint32), 1),
    "int16": lambda: tiff_of(GREY.astype(np.int16), 1, sample=2),
}


@pytest.mark.parametrize("kind", UNKNOWN_WHITE)
def test_values_without_a_known_white_are_refused(kind: str) -> None:
    assert "whose white nobody can know" in refusal(UNKNOWN_WHITE[kind]())


# ---- orientation
UPRIGHT: dict[int, Callable[[Pixels], Pixels]] = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
    8: np.rot90,
}
ORIENTED: dict[str, Callable[[int], bytes]] = {
    "jpeg": lambda o: encoded(SMOOTH, "RGB", "JPEG", exif=exif(o)),
    "jpeg CMYK": lambda o: encoded(Image.fromarray(CMYK, "CMYK"), "CMYK", "JPEG", exif=exif(o)),
    "mpo": lambda o: frames("MPO", 2, exif=exif(o)),
    "png": lambda o: encoded(COLOUR, "RGB", "PNG", exif=exif(o)),
    "png P": lambda o: encoded(palette_image(), "P", "PNG", exif=exif(o), transparency=CLEAR),
    "png 16": lambda o: png_of(GREY_16, 16, 0, chunk(b"eXIf", exif(o).tobytes()[6:])),
    "webp": lambda o: encoded(COLOUR, "RGB", "WEBP", lossless=True, exif=exif(o)),
    "avif": lambda o: encoded(SMOOTH, "RGB", "AVIF", exif=exif(o)),
    "tiff": lambda o: encoded(COLOUR, "RGB", "TIFF", tiffinfo={274: o}),
    "tiff lzw": lambda o: encoded(COLOUR, "RGB", "TIFF", tiffinfo={274: o}, compression="tiff_lzw"),
    "tiff pages": lambda o: frames("TIFF", 3, tiffinfo={274: o}),
    "tiff I;16": lambda o: encoded(GREY_16, "I;16", "TIFF", tiffinfo={274: o}),
}


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("kind", ORIENTED)
def test_a_photograph_is_turned_upright(kind: str, orientation: int) -> None:
    as_stored = pixels_of(ORIENTED[kind](1))
    photograph = images.read(ORIENTED[kind](orientation), "photo")
    np.testing.assert_array_equal(np.asarray(photograph.image), UPRIGHT[orientation](as_stored))
    assert (TURNED in photograph.notes) == (orientation != 1)


def test_no_metadata_is_left() -> None:
    data = encoded(SMOOTH, "RGB", "JPEG", exif=exif(6), icc_profile=b"profile" * 20, dpi=(300, 300), comment=b"secret")
    image = images.read(data, "photo").image
    assert image.info == {}
    assert dict(image.getexif()) == {}
    assert type(image) is Image.Image


BROKEN_EXIF = {
    "rubbish": b"rubbish",
    "no directory": b"II*\0\x08\0\0\0",
    "cut off": b"II*\0\x08\0\0\0\x09\0\x12\x01\x03",
    "far away": b"MM\0*\xff\xff\xff\xff",
    "orientation 9": b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x09\0\0\0\0\0\0\0",
    "orientation of text": b"II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\x02\0\0\x006\0\0\0\0\0\0\0",
    "tag beyond the end": b"II*\0\x08\0\0\0\x01\0\x0f\x01\x02\0\xff\0\0\0\xff\xff\0\0\0\0\0\0",
}


WITH_EXIF: dict[str, tuple[Callable[[bytes], bytes], bytes]] = {  # → the same picture without
    "jpeg": (lambda tags: jpeg_with(b"Exif\0\0" + tags), encoded(SMOOTH, "RGB", "JPEG")),
    "png": (lambda tags: png_of(COLOUR, 8, 2, chunk(b"eXIf", tags)), png_of(COLOUR, 8, 2)),
    "webp": (
        lambda tags: encoded(COLOUR, "RGB", "WEBP", lossless=True, exif=tags),
        encoded(COLOUR, "RGB", "WEBP", lossless=True),
    ),
}


@pytest.mark.parametrize("tags", BROKEN_EXIF)
@pytest.mark.parametrize("kind", WITH_EXIF)
def test_broken_exif_is_no_reason_to_refuse(kind: str, tags: str) -> None:
    make, plain = WITH_EXIF[kind]
    photograph = images.read(make(BROKEN_EXIF[tags]), "photo")
    np.testing.assert_array_equal(np.asarray(photograph.image), pixels_of(plain))
    assert photograph.notes == ()


def test_remarks_of_pillow_are_not_heard() -> None:
    data = jpeg_with(b"Exif\0\0" + BROKEN_EXIF["cut off"])
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        Image.open(io.BytesIO(data)).getexif()
        assert heard, "the file no longer makes Pillow warn, so this test shows nothing"
        heard.clear()
        images.read(data, "photo")
    assert heard == []


# ---- several pictures in one file
def default_image_png() -> bytes:
    """An APNG whose still picture is not a frame of its animation."""
    others = [Image.fromarray(np.roll(SMOOTH, 9 * k, axis=1)) for k in range(1, 3)]
    return encoded(SMOOTH, "RGB", "PNG", save_all=True, append_images=others, default_image=True)


def gif_frames(count: int) -> bytes:
    pages = [Image.frombytes("P", (WIDTH, HEIGHT), np.roll(INDEX, k).tobytes()) for k in range(count)]
    for page in pages:
        page.putpalette(PALETTE.tobytes())
    return encoded(pages[0], "P", "GIF", save_all=True, append_images=pages[1:])


def first_of(count: int) -> str:
    return f"Animated: this is the first of {count} frames."


SEQUENCES: dict[str, tuple[Maker, Pixels, int, str]] = {
    "gif": (lambda: gif_frames(12), IN_COLOURS, 0, first_of(12)),
    "gif two": (lambda: gif_frames(2), IN_COLOURS, 0, first_of(2)),
    "png": (lambda: frames("PNG", 12), SMOOTH, 0, first_of(12)),
    "png default": (default_image_png, SMOOTH, 0, first_of(3)),
    "webp": (lambda: frames("WEBP", 12, lossless=True), SMOOTH, 0, first_of(12)),
    "avif": (lambda: frames("AVIF", 3, **BEST), SMOOTH, 4, first_of(3)),
    "tiff": (lambda: frames("TIFF", 3), SMOOTH, 0, SEVERAL),
    "tiff lzw": (lambda: frames("TIFF", 3, compression="tiff_lzw"), SMOOTH, 0, SEVERAL),
    "mpo": (lambda: frames("MPO", 3, **BEST), SMOOTH, 3, SEVERAL),
}


@pytest.mark.parametrize("kind", SEQUENCES)
def test_the_first_frame_is_shown_and_said(kind: str) -> None:
    make, expected, tolerance, note = SEQUENCES[kind]
    photograph = images.read(make(), "photo")
    assert np.abs(np.asarray(photograph.image).astype(int) - expected).max() <= tolerance
    assert photograph.notes == (note,)


# ---- cut off and damaged
BIG: Pixels = np.kron(RANDOM.integers(0, 256, (24, 32, 3), dtype=np.uint8), np.ones((3, 3, 1), np.uint8))
SAMPLES: dict[str, Maker] = {
    "jpeg": lambda: encoded(BIG, "RGB", "JPEG"),
    "jpeg progressive": lambda: encoded(BIG, "RGB", "JPEG", progressive=True, exif=exif(6)),
    "jpeg CMYK": lambda: encoded(BIG, "CMYK", "JPEG"),
    "mpo": lambda: frames("MPO", 2),
    "png": lambda: encoded(BIG, "RGB", "PNG"),
    "png P": lambda: encoded(palette_image(), "P", "PNG", transparency=PALETTE_ALPHA.tobytes()),
    "png 16": lambda: png_of(GREY_16, 16, 0, KEY_16),
    "png animated": lambda: frames("PNG", 3),
    "webp": lambda: encoded(BIG, "RGB", "WEBP"),
    "webp lossless": lambda: encoded(BIG, "RGB", "WEBP", lossless=True, exif=exif(3)),
    "webp animated": lambda: frames("WEBP", 3),
    "gif": lambda: encoded(palette_image(), "P", "GIF"),
    "gif animated": lambda: gif_frames(4),
    "bmp": lambda: encoded(BIG, "RGB", "BMP"),
    "bmp RLE8": lambda: run_length(INDEX),
    "tiff": lambda: encoded(BIG, "RGB", "TIFF", tiffinfo={274: 8}),
    "tiff lzw": lambda: encoded(BIG, "RGB", "TIFF", compression="tiff_lzw"),
    "tiff deflate": lambda: encoded(BIG, "RGB", "TIFF", compression="tiff_adobe_deflate"),
    "tiff jpeg": lambda: encoded(BIG, "RGB", "TIFF", compression="jpeg"),
    "tiff group4": lambda: encoded(BIG, "1", "TIFF", compression="group4"),
    "tiff pages": lambda: frames("TIFF", 3),
    "avif": lambda: encoded(BIG, "RGB", "AVIF"),
    "avif animated": lambda: frames("AVIF", 3),
    "heic": lambda: heic(BIG),
}
SINGLE = [kind for kind in SAMPLES if "animated" not in kind and "pages" not in kind and kind != "mpo"]
PERCENTS = (1, 5, 20, 35, 50, 65, 80, 90, 97, 99)


@pytest.mark.parametrize("percent", PERCENTS)
@pytest.mark.parametrize("kind", SAMPLES)
def test_a_cut_off_file_is_refused_or_complete(kind: str, percent: int) -> None:
    data = SAMPLES[kind]()
    found = outcome(data[: len(data) * percent // 100])
    if isinstance(found, str):
        assert "is cut off" in found or (percent == 1 and "is not an image" in found)
    else:
        np.testing.assert_array_equal(np.asarray(found.image), pixels_of(data))


@pytest.mark.parametrize("kind", SINGLE)
def test_half_a_file_is_refused(kind: str) -> None:
    data = SAMPLES[kind]()
    assert images.read(data, "photo").image.size[0] > 0
    assert "is cut off" in refusal(data[: len(data) // 2])


def test_a_file_that_ends_wherever_its_next_part_begins_is_read_or_refused() -> None:
    data = gif_frames(4)
    ends = [data[:length] + b"!" for length in range(20, len(data))]  # of which Pillow raises IndexError for some
    assert any(isinstance(outcome(end), str) for end in ends)


def assert_safe(data: bytes) -> bool:
    """Whether `data` is read; what is read keeps every promise, and nothing but ImageRejected is raised."""
    photograph = outcome(data)
    if isinstance(photograph, str):
        assert photograph.endswith(".")
        return False
    assert photograph.image.mode == "RGB"
    assert max(photograph.image.size) <= images.MAX_SIDE
    assert photograph.image.width * photograph.image.height <= images.MAX_PIXELS
    assert photograph.image.info == {}
    return True


@pytest.mark.parametrize("kind", SAMPLES)
def test_flipped_bytes_are_read_or_refused(kind: str) -> None:
    data = SAMPLES[kind]()
    random = np.random.default_rng(len(kind))
    assert assert_safe(data)
    read = 0
    for _ in range(100):
        damaged = np.frombuffer(data, np.uint8).copy()
        reach = len(data) if random.random() < 0.5 else min(200, len(data))  # half of the time in the header
        places = random.integers(0, reach, random.integers(1, 8))
        damaged[places] = random.integers(0, 256, len(places))
        read += assert_safe(damaged.tobytes())
    assert read < 100, "flips that are never noticed damage nothing"


SIGNATURES = [make()[:length] for make, length in itertools.product(SAMPLES.values(), (16, 40, 100))]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(begin=st.sampled_from(SIGNATURES), rest=st.binary(max_size=300))
def test_any_bytes_after_a_signature_are_read_or_refused(begin: bytes, rest: bytes) -> None:
    assert_safe(begin + rest)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(data=st.binary(max_size=200), name=st.text(max_size=100))
def test_any_bytes_of_any_name_are_read_or_refused(data: bytes, name: str) -> None:
    with pytest.raises(images.ImageRejected) as caught:
        images.read(data, name)
    str(caught.value).encode()


# ---- faults of this program


def _failing(*_: object) -> NoReturn:
    raise ValueError("not the file's fault")


def test_a_fault_of_ours_is_not_told_as_the_visitors_broken_file(monkeypatch: pytest.MonkeyPatch) -> None:
    data = SAMPLES["png"]()
    for module, name in ((images, "_to_rgb"), (images, "_check_work"), (upright, "load")):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, _failing)
            with pytest.raises(ValueError, match="not the file's fault") as caught:
                images.read(data, "photo")
            assert not isinstance(caught.value, images.ImageRejected)


def test_a_missing_decoder_is_not_told_as_the_visitors_broken_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(ModuleNotFoundError):
        images.read(SAMPLES["heic"](), "photo")


# ---- too large, and bombs
def zero_png(width: int, height: int) -> bytes:
    """A valid, all-black PNG of 1 bit per pixel, a thousandth of its size on disk."""
    squeeze = zlib.compressobj()
    row = bytes(1 + (width + 7) // 8)
    pixels = b"".join(squeeze.compress(row) for _ in range(height)) + squeeze.flush()
    header = struct.pack(">LLBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def patched(data: bytes, at: int, layout: str, *values: int) -> bytes:
    new = struct.pack(layout, *values)
    return data[:at] + new + data[at + len(new) :]


def huge_jpeg() -> bytes:
    data = encoded(SMOOTH, "RGB", "JPEG")
    return patched(data, data.index(b"\xff\xc0") + 5, ">HH", 20_000, 30_000)


def huge_frame_gif() -> bytes:
    """A screen of 14 × 9 whose only frame is 60,000 × 1,800: Pillow grows the screen and warns."""
    data = encoded(palette_image(), "P", "GIF")
    return patched(data, data.index(b",\0\0\0\0") + 5, "<HH", 60_000, 1_800)


TOO_LARGE: dict[str, tuple[Maker, str]] = {  # → the size as the refusal gives it
    "png 400 MP": (lambda: zero_png(20_000, 20_000), "is 20,000 × 20,000 pixels"),
    "png 26 MP": (lambda: zero_png(5_200, 5_000), "is 5,200 × 5,000 pixels"),
    "png side": (lambda: zero_png(10_001, 250), "is 10,001 × 250 pixels"),
    "png side tall": (lambda: zero_png(250, 10_001), "is 250 × 10,001 pixels"),
    "png header only": (lambda: png(2**31 - 1, 2**31 - 1, 8, 2, []), "is 2,147,483,647 × 2,147,483,647 pixels"),
    "jpeg": (huge_jpeg, "is 30,000 × 20,000 pixels"),
    "gif": (
        lambda: patched(encoded(palette_image(), "P", "GIF"), 6, "<HH", 65_535, 65_535),
        "is 65,535 × 65,535 pixels",
    ),
    "gif frame": (huge_frame_gif, "is far too large"),
    "bmp": (lambda: patched(encoded(COLOUR, "RGB", "BMP"), 18, "<LL", 30_000, 30_000), "is 30,000 × 30,000 pixels"),
    "tiff": (lambda: tiff({258: 8, 262: 1, 277: 1}, b"", shape=(90_000, 90_000)), "is 90,000 × 90,000 pixels"),
    "tiff turned": (
        lambda: tiff({258: 8, 262: 1, 277: 1, 274: 6}, b"", shape=(10_001, 300)),
        "is 300 × 10,001 pixels",
    ),
    "webp 30 MP": (
        lambda: encoded(Image.new("L", (6_000, 5_000)), "RGB", "WEBP", lossless=True),
        "is 6,000 × 5,000 pixels",
    ),
    "webp 268 MP": (
        lambda: patched(encoded(COLOUR, "RGB", "WEBP", lossless=True), 21, "<L", 16_383 | 16_383 << 14),
        "is far too large",
    ),
}


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The formats whose pixels were asked for while the test ran."""
    formats: list[str] = []
    load = ImageFile.ImageFile.load

    def noted(image: ImageFile.ImageFile) -> object:
        formats.append(str(image.format))
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", noted)
    return formats


@pytest.mark.parametrize("case", TOO_LARGE)
def test_too_many_pixels_are_refused_undecoded(case: str, decoded: list[str]) -> None:
    make, size = TOO_LARGE[case]
    data = make()
    decoded.clear()  # of what it took to make the file
    start = time.perf_counter()
    message = refusal(data)
    assert time.perf_counter() - start < 1
    assert size in message
    assert "at most 10,000 pixels a side and 25 megapixels" in message
    assert decoded == []


def test_pixels_are_counted_as_decoded(decoded: list[str]) -> None:
    images.read(encoded(COLOUR, "RGB", "PNG"), "photo")
    assert decoded
    assert set(decoded) == {"PNG"}


def test_the_limits_themselves_are_allowed() -> None:
    assert images.read(zero_png(10_000, 2_500), "photo").image.size == (10_000, 2_500)
    assert images.read(zero_png(50, 1), "photo").image.size == (50, 1)


@pytest.mark.parametrize("size", [(51, 1), (1, 51), (10_000, 199)])
def test_a_strip_is_refused(size: tuple[int, int]) -> None:
    message = refusal(zero_png(*size))
    assert f"is {size[0]:,} × {size[1]:,} pixels, a strip" in message


def test_bytes_are_limited() -> None:
    whole = encoded(COLOUR, "RGB", "PNG")
    padded = whole + bytes(images.MAX_BYTES - len(whole))
    np.testing.assert_array_equal(pixels_of(padded), COLOUR)
    assert "is 10.1 MB and this page reads at most 10 MB" in refusal(padded + b"\0")


def many_scans() -> bytes:
    """A progressive JPEG of 5,000 × 5,000 with 10,000 scans of 42 bytes: minutes of work in 500 kB."""
    data = encoded(Image.new("L", (5_000, 5_000), 128), "L", "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * 10_000 + b"\xff\xd9"


def same_pixels_over_and_over() -> bytes:
    """A TIFF of 3,000 × 3,000 whose list names nearly the whole picture 100,000 times."""
    tags: dict[int, int | list[int]] = {258: 8, 262: 1, 277: 1, 273: [HERE] * 100_000, 278: 2_999}
    return tiff(tags, bytes(3_000 * 3_000), shape=(3_000, 3_000))


def huge_tile() -> bytes:
    """A TIFF of 100 × 100 in one compressed tile of 20,000 × 20,000: 400 MB from 2 MB."""
    squeeze = zlib.compressobj(1)
    pixels = b"".join(squeeze.compress(bytes(10**6)) for _ in range(400)) + squeeze.flush()
    strips: dict[int, int | list[int]] = {258: 8, 259: 8, 262: 1, 277: 1, 273: [], 278: [], 279: []}
    return tiff({**strips, 322: 20_000, 323: 20_000, 324: HERE, 325: len(pixels)}, pixels, shape=(100, 100))


MEGABYTE_OF_ZEROS = zlib.compress(bytes(2**20))
HUNDRED_MEGABYTES = zlib.compress(bytes(100 * 2**20))
FLAT = [bytes(WIDTH)] * HEIGHT
BUSY: dict[str, tuple[Maker, bool]] = {  # → whether it is shown all the same
    "scans of a jpeg": (many_scans, False),
    "exif segments": (lambda: jpeg_with(b"Exif\0\0II", times=500_000), False),
    "exif of 9 MB": (lambda: jpeg_with(b"Exif\0\0" + bytes(60_000), times=99), True),
    "exif of 65,535 tags": (
        lambda: jpeg_with(b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes.fromhex("0f01020000100000") * 5_000),
        True,
    ),
    "text in png": (lambda: png(WIDTH, HEIGHT, 8, 0, FLAT, chunk(b"zTXt", b"a\0\0" + HUNDRED_MEGABYTES)), False),
    "texts in png": (lambda: png(WIDTH, HEIGHT, 8, 0, FLAT, chunk(b"zTXt", b"a\0\0" + MEGABYTE_OF_ZEROS) * 200), False),
    "short texts in png": (lambda: png(WIDTH, HEIGHT, 8, 0, FLAT, chunk(b"tEXt", b"a\0b") * 50_000), True),
    "profile in png": (lambda: png(WIDTH, HEIGHT, 8, 0, FLAT, chunk(b"iCCP", b"a\0\0" + HUNDRED_MEGABYTES)), False),
    "profiles in png": (
        lambda: png(WIDTH, HEIGHT, 8, 0, FLAT, chunk(b"iCCP", b"a\0\0" + MEGABYTE_OF_ZEROS) * 8_000),
        False,
    ),
    "profile in jpeg": (lambda: jpeg_with(b"ICC_PROFILE\0\1\1" + bytes(60_000), 0xE2, 100), True),
    "chunks of png": (lambda: png(WIDTH, HEIGHT, 8, 0, FLAT, chunk(b"abCd", b"") * 50_000), True),
    "strips of tiff": (same_pixels_over_and_over, False),
    "tile of tiff": (huge_tile, False),
    "frames of gif": (lambda: many_frames_gif(100_000), True),
    "pages of tiff": (lambda: many_pages_tiff(20_000), True),
}


def many_frames_gif(count: int) -> bytes:
    start = encoded(Image.new("L", (1, 1)), "L", "GIF")
    return start[:-1] + (b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02D\x01\x00") * (count - 1) + b";"


def many_pages_tiff(count: int) -> bytes:
    """Pages of one pixel; counting them takes time that grows with the square of their number."""
    page = tiff_of(np.zeros((1, 1), np.uint8), 1)[8:]
    starts = [8 + k * len(page) for k in range(count)]
    pages = [
        patched(page, len(page) - 5, "<L", start + len(page) if k + 1 < count else 0) for k, start in enumerate(starts)
    ]
    return b"II*\0\x08\0\0\0" + b"".join(pages)


@pytest.mark.parametrize("case", BUSY)
def test_bombs_take_seconds_not_hours(case: str) -> None:
    make, shown = BUSY[case]
    data = make()
    assert len(data) <= images.MAX_BYTES
    start = time.perf_counter()
    assert assert_safe(data) == shown
    assert time.perf_counter() - start < 3


def test_running_out_of_memory_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(_: ImageFile.ImageFile) -> None:
        raise MemoryError

    monkeypatch.setattr(ImageFile.ImageFile, "load", exhausted)
    assert "needs more memory than is free" in refusal(encoded(COLOUR, "RGB", "PNG"))


# ---- not a photograph
AVIF_BRANDS = b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf"
NOT_PHOTOGRAPHS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "text": (b"Dear Sir or Madam,", "is not an image this page can read: use JPEG, PNG"),
    "one byte": (b"\xff", "is not an image"),
    "zeros": (bytes(5_000), "is not an image"),
    "html": (b"<!DOCTYPE html><html><body><svg></svg>", "is a web page (HTML)"),
    "html by doctype": (b"<!doctype html><title>Cats</title>", "is a web page (HTML)"),
    "html bare": (b"\n  <html lang=en>", "is a web page (HTML)"),
    "html script": (b"<script>alert(1)</script>", "is a web page (HTML)"),
    "xhtml": (b'<?xml version="1.0"?><!-- x --><html>', "is a web page (HTML)"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "is an SVG drawing"),
    "svg with prologue": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- Inkscape -->\n<svg>', "is an SVG drawing"),
    "svg doctype": (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN">\n<SVG>', "is an SVG drawing"),
    "xml": (b'<?xml version="1.0"?><rss></rss>', "is not an image"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "is a PDF document"),
    "psd": (b"8BPS\0\1" + bytes(40), "is a Photoshop document"),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "is a PostScript drawing"),
    "eps dos": (b"\xc5\xd0\xd3\xc6" + bytes(40), "is a PostScript drawing"),
    "heic cut off": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "is cut off"),
    "heic by mif1 cut off": (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "is cut off"),
    "avif cut off": (AVIF_BRANDS, "is cut off"),
    "mp4": (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "is not an image"),
    "zip": (b"PK\3\4" + bytes(100), "is not an image"),
    "ico": (encoded(Image.new("RGB", (32, 32)), "RGB", "ICO"), "is not an image"),
    "ppm": (encoded(COLOUR, "RGB", "PPM"), "is not an image"),
    "jpeg 2000": (encoded(SMOOTH, "RGB", "JPEG2000"), "is not an image"),
    "tga": (encoded(COLOUR, "RGB", "TGA"), "is not an image"),
    "riff not webp": (b"RIFF\x24\0\0\0WAVEfmt " + bytes(30), "is not an image"),
    "png signature": (b"\x89PNG\r\n\x1a\n", "is cut off"),
    "jpeg signature": (b"\xff\xd8\xff\xe0", "is cut off"),
    "jpeg 12 bits": (
        encoded(SMOOTH, "RGB", "JPEG").replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c"),
        "is cut off",
    ),
    "png of no width": (png(0, 5, 8, 2, []), "is cut off"),
    "png palette missing": (png_of(INDEX, 8, 3).replace(b"IDAT", b"IDAX"), "is cut off"),
    "tiff compression unknown": (tiff({258: 8, 262: 1, 277: 1, 259: 999}, bytes(126)), "is cut off"),
}


@pytest.mark.parametrize("kind", NOT_PHOTOGRAPHS)
def test_what_is_not_a_photograph_is_named(kind: str) -> None:
    data, words = NOT_PHOTOGRAPHS[kind]
    message = refusal(data, "holiday.jpg")
    assert message.startswith(f"“holiday.jpg” {words}")
    assert len(message) > len(words) + 30, "what to do is missing"


POLYGLOTS = {
    "jpeg + html": (encoded(SMOOTH, "RGB", "JPEG"), b"<html><script>alert(1)</script></html>"),
    "jpeg + zip": (encoded(SMOOTH, "RGB", "JPEG"), b"PK\3\4" + bytes(500)),
    "png + pdf": (encoded(COLOUR, "RGB", "PNG"), b"%PDF-1.7"),
    "gif + html": (encoded(palette_image(), "P", "GIF"), b"<!doctype html>"),
    "bmp + svg": (encoded(COLOUR, "RGB", "BMP"), b"<svg></svg>"),
    "jpeg + random": (encoded(SMOOTH, "RGB", "JPEG"), RANDOM.bytes(9_000_000)),
}


@pytest.mark.parametrize("kind", POLYGLOTS)
def test_what_follows_a_photograph_does_not_matter(kind: str) -> None:
    photograph, other = POLYGLOTS[kind]
    np.testing.assert_array_equal(pixels_of(photograph + other), pixels_of(photograph))


def test_html_hidden_in_a_comment_does_not_matter() -> None:
    np.testing.assert_array_equal(
        pixels_of(jpeg_with(b"<html><script>alert(1)</script>", 0xFE)), pixels_of(encoded(SMOOTH, "RGB", "JPEG"))
    )


# ---- names, messages, values
NAMES = {
    "cat.jpg": "cat.jpg",
    "/etc/passwd": "passwd",
    "../../secret/cat.png": "cat.png",
    "C:\\Users\\ada\\cat.png": "cat.png",
    "a\x00b\n\r\tc\x1b[31m.png": "abc[31m.png",
    "\u202egnp.tac": "gnp.tac",
    "cat\u2028\u2029.png": "cat.png",
    "Screenshot at 3.45\u202fPM.png": "Screenshot at 3.45 PM.png",
    "  spaced   out .png ": "spaced out .png",
    "猫とコーヒー.webp": "猫とコーヒー.webp",
    "Ünïcödé 🐈.jpg": "Ünïcödé 🐈.jpg",
    "half \ud83d surrogate.jpg": "half surrogate.jpg",
    "": "unnamed file",
    "///": "unnamed file",
    "\n\0": "unnamed file",
    "x" * 60: "x" * 60,
    "x" * 300 + ".jpeg": "x" * 40 + "…" + "x" * 14 + ".jpeg",
    "<b>cat</b>.png": "b>.png",  # the slash ends a directory; what is left is for the page to escape
    "[cat](x).png": "[cat](x).png",
}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_shown_plainly(name: str) -> None:
    photograph = images.read(encoded(COLOUR, "RGB", "PNG"), name)
    assert photograph.name == NAMES[name]
    assert len(photograph.name) <= 60
    assert refusal(b"", name).startswith(f"“{NAMES[name]}” is empty")


def refused_files() -> Iterator[bytes]:
    yield from (data for data, _ in NOT_PHOTOGRAPHS.values())
    yield from (make() for make in UNKNOWN_WHITE.values())
    yield from (TOO_LARGE[kind][0]() for kind in ("png side", "gif frame", "bmp"))
    yield zero_png(51, 1)
    yield bytes(images.MAX_BYTES + 1)


def test_every_refusal_is_one_clean_sentence() -> None:
    messages = set()
    for data in refused_files():
        with pytest.raises(images.ImageRejected) as caught:
            images.read(data, "/home/ada/holiday.jpg")
        message = str(caught.value)
        messages.add(message)
        assert message.startswith("“holiday.jpg” ")
        assert message.endswith(".")
        assert ". " not in message.replace("holiday.jpg", "")
        assert ": " in message, "what to do is missing"
        assert not any(trace in message for trace in ("Traceback", "Error", "/", "\\", "\n", "PIL", "0x"))
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
    assert len(messages) >= 12


def test_a_photograph_is_a_value() -> None:
    data = encoded(COLOUR, "RGB", "PNG")
    first, again = images.read(data, "cat.png"), images.read(data, "cat.png")
    assert first == again
    assert hash(first) == hash(again)
    assert first != images.read(data + b"\0", "cat.png")
    assert first != images.read(data, "dog.png")
    assert len({first, again}) == 1


def test_the_hash_is_that_of_the_original_bytes() -> None:
    data = encoded(COLOUR, "RGB", "PNG")
    assert images.read(data, "cat.png").sha256 == hashlib.sha256(data).hexdigest()


def test_every_extension_and_format_is_one_that_pillow_reads() -> None:
    read = {
        extension[1:] for extension, kind in Image.registered_extensions().items() if kind in {*images.FORMATS, "MPO"}
    }
    ours = [extension for extension in images.EXTENSIONS if extension not in images.HEIC_EXTENSIONS]
    assert set(ours) <= read
    assert {Image.registered_extensions()[f".{extension}"] for extension in ours} == {
        *images.FORMATS,
        "MPO",
    }


def test_readers_do_not_disturb_each_other() -> None:
    files = [make() for make in SAMPLES.values()] + [TOO_LARGE["png side"][0](), b"text"]

    def pixels_or_reason(data: bytes) -> bytes | str:
        found = outcome(data)
        return found if isinstance(found, str) else found.image.tobytes()

    alone = [pixels_or_reason(data) for data in files]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(pixels_or_reason, files * 8))
    assert together == alone * 8


def test_nothing_is_written_to_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [make() for make in SAMPLES.values()]
    opened: list[object] = []
    monkeypatch.setattr(builtins, "open", lambda *args, **_: opened.append(args))
    monkeypatch.setattr(io, "open", lambda *args, **_: opened.append(args))
    monkeypatch.setattr("tempfile.mkstemp", lambda *args, **_: opened.append(args))
    monkeypatch.setattr("os.open", lambda *args, **_: opened.append(args))
    for data in files:
        images.decode_here(data)
    monkeypatch.undo()
    assert opened == []
