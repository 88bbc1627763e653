"""Any bytes that a visitor gives → a photograph safe to show and to classify: upright, RGB, 8 bits, no metadata.

`read` is the only way in. What it refuses it refuses with `ImageRejected`, whose text is a sentence for the visitor,
whatever the bytes. Any other exception is a fault of this program, and is not told as one of the file. Nothing is
written to disk.
"""

from __future__ import annotations

import hashlib
import math
import re
import traceback
import unicodedata
import warnings
from collections.abc import Callable
from io import BytesIO
from itertools import takewhile
from typing import TypeVar

import numpy as np
from PIL import Image, ImageFile, TiffImagePlugin

from explorer.models.errors import JobError
from explorer.vision import colour_profiles, heic, sandbox, upright
from explorer.vision.heic_boxes import BoxError
from explorer.vision.photograph import Photograph

MAX_BYTES = 10 * 1024 * 1024  # 10 MB
MAX_PIXELS = 25_000_000
MAX_SIDE = 10_000  # pixels
MAX_ASPECT = 50  # longer side / shorter side
MAX_NAME = 60  # characters

FORMATS: tuple[str, ...] = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
"""Pillow's names of what it reads. A phone's MPO is read too: it begins as a JPEG and Pillow's JPEG reader opens it."""

HEIC_EXTENSIONS = ("heic", "heif", "hif")
EXTENSIONS = ("jpg", "jpeg", "jfif", "mpo", "png", "webp", "gif", "bmp", "tif", "tiff", "avif", *HEIC_EXTENSIONS)
"""The same with HEIC for a file picker, all that they are good for: `read` looks at the bytes, never at the name."""

OTHER_KINDS = (
    (rb"(<[?!].*)?<html\b|<!doctype html|<(head|body|script)\b", "is a web page (HTML), not a photograph"),
    (rb"(<[?!].*)?<svg\b", "is an SVG drawing, not a photograph"),
    (rb"%PDF-", "is a PDF document, not a photograph"),
    (rb"8BPS", "is a Photoshop document (PSD), which this page cannot read"),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "is a PostScript drawing (EPS), not a photograph"),
)
"""How a file begins → what it is instead of a readable photograph."""

FEW = ((rb"\xff\xda\x00[\x08\x0a\x0c\x0e]", 100), (rb"Exif\x00\x00", 100), (rb"iCCP", 8))
"""Scans of a JPEG, EXIF segments and colour profiles, and how many of each an honest file may have at most: a
repetition is a few dozen bytes and costs a decoder up to 20 ms, so that 10 MB of them would keep it busy for hours."""

DECODERS = ("PIL", "pillow_heif")
"""The packages that read formats. Bytes can break them in any way: IndexError, struct.error, zlib.error …"""

LIMITS = f"this page reads at most {MAX_SIDE:,} pixels a side and {MAX_PIXELS // 10**6} megapixels, so make it smaller."
DAMAGED = "is cut off, damaged or of an unusual kind: find a complete copy, or save it again as JPEG or PNG."

Image.init()  # registers the readers of FORMATS


class ImageRejected(JobError, ValueError):  # noqa: N818 - it is the visitor's file that is wrong, not the program
    """A file that is not shown; its text is one sentence: which file, what is wrong with it, and what to do."""


T = TypeVar("T")
Decoded = tuple[Image.Image, tuple[str, ...]]
"""A picture as it is shown, and what was done to show it right, a sentence each."""


def read(data: bytes, name: str) -> Photograph:
    """The photograph in `data`, a file that the visitor calls `name`.

    Raises ImageRejected for what is not a photograph, is damaged or exceeds a limit.
    """
    image, notes = _named(_decode, data, name)
    return Photograph(shown_name(name), image, hashlib.sha256(data).hexdigest(), notes)


def check(data: bytes, name: str) -> None:
    """The same refusals, as far as a file's bytes and header tell: no pixel is decoded."""
    _named(_checked, data, name)


def _named(decode: Callable[[bytes], T], data: bytes, name: str) -> T:
    """What `decode` makes of `data`. Raises ImageRejected with a sentence that names the file."""
    # Pillow remarks on odd metadata in warnings. Unlike warnings.catch_warnings, a filter is safe among threads; it is
    # put first at each call because others (pytest) take it away. Bomb warnings stay: they are not UserWarnings.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
    try:
        return refusing(decode, data)
    except ImageRejected as refusal:
        reason = str(refusal)
    raise ImageRejected(f"“{shown_name(name)}” {reason}")  # out here, so that no traceback of a decoder hangs on it


def refusing(decode: Callable[[bytes], T], data: bytes) -> T:
    """What `decode` makes of `data`.

    Raises ImageRejected with a reason, also for whatever a decoder raises; a fault of this program stays what it is.
    """
    try:
        return decode(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        reason = f"is far too large: {LIMITS}"
    except MemoryError:
        reason = "needs more memory than is free right now: make it smaller, or try again later."
    except Exception as error:
        if not _is_of_a_decoder(error):
            raise
        reason = DAMAGED
    raise ImageRejected(reason)


def _is_of_a_decoder(error: Exception) -> bool:
    """Whether `error` was raised within a decoder's package, called from here; one that cannot be loaded is missing."""
    packages = [
        str(frame.f_globals.get("__name__")).split(".")[0] for frame, _ in traceback.walk_tb(error.__traceback__)
    ]
    called = set(takewhile(lambda package: package != "explorer", reversed(packages)))
    return not called.isdisjoint(DECODERS) and not isinstance(error, ImportError)


def shown_name(name: str) -> str:
    """`name` without directory, control and direction characters, shortened to `MAX_NAME` characters in its middle."""
    file_name = re.split(r"[/\\]", name)[-1]
    visible = (c for c in file_name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    plain = " ".join("".join(visible).split())
    return plain if 0 < len(plain) <= MAX_NAME else f"{plain[:40]}…{plain[-19:]}" if plain else "unnamed file"


def _decode(data: bytes) -> Decoded:
    """The photograph and its notes. Raises ImageRejected with a reason, and whatever Pillow raises."""
    if _checked(data).format != "AVIF":
        return decode_here(data)
    try:
        return sandbox.decode(data)
    except sandbox.DecodingError as error:
        raise ImageRejected(str(error) or DAMAGED) from None


def _checked(data: bytes) -> ImageFile.ImageFile:
    """The image with its header read. Raises ImageRejected with a reason, and whatever Pillow raises."""
    _check_bytes(data)
    image = _open(data)
    _check_size(*image.size)
    _check_work(image)
    return image


def decode_here(data: bytes) -> Decoded:
    """The photograph and its notes, decoded in this process; `read` decides where that is safe.

    Raises ImageRejected with a reason, and whatever Pillow raises.
    """
    image = _checked(data)
    frames = _frames_note(image)  # counted before decoding, because Pillow's GIF reader forgets the picture at it
    _scale_key(image)
    decoded, turned = upright.load(image)
    _check_size(*decoded.size)  # which a decoder may correct
    rgb, converted = _in_srgb(decoded)
    rgb.info.clear()
    return rgb, frames + turned + converted


def _check_bytes(data: bytes) -> None:
    """Raises ImageRejected for no bytes, too many, those of something else, and those made to keep a decoder busy."""
    if not data:
        raise ImageRejected("is empty: choose a file with a photograph in it.")
    if len(data) > MAX_BYTES:
        size = math.ceil(10 * len(data) / 2**20) / 10
        raise ImageRejected(f"is {size:,} MB and this page reads at most {MAX_BYTES // 2**20} MB: save it smaller.")
    begin = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    for pattern, kind in OTHER_KINDS:
        if re.match(pattern, begin, re.DOTALL | re.IGNORECASE):
            raise ImageRejected(f"{kind}: save it as JPEG or PNG and choose that file.")
    if any(sum(1 for _ in re.finditer(part, data)) > most for part, most in FEW):
        raise ImageRejected(DAMAGED)


def _open(data: bytes) -> ImageFile.ImageFile:
    """The image with its header read and no pixel decoded.

    Not with `Image.open`, which refuses a huge picture without telling its size and a damaged one as unknown.
    """
    if heic.recognises(data):
        try:
            return heic.read_header(data, MAX_PIXELS)
        except BoxError:
            raise ImageRejected(DAMAGED) from None
    for reader, recognises in (Image.OPEN[name] for name in FORMATS):
        if recognises is not None and recognises(data[:16]):
            return reader(BytesIO(data), "")
    raise ImageRejected("is not an image this page can read: use JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC.")


def _check_size(width: int, height: int) -> None:
    """Raises ImageRejected for a picture of too many pixels, or too long and thin to be a photograph."""
    size = f"is {width:,} × {height:,} pixels"
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise ImageRejected(f"{size}: {LIMITS}")
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise ImageRejected(f"{size}, a strip more than {MAX_ASPECT} times longer than wide: crop it and try again.")


def _check_work(image: ImageFile.ImageFile) -> None:
    """Raises ImageRejected for a TIFF that lists the same pixels over and over, or one tile far beyond the picture."""
    boxes = (tile.extents for tile in image.tile if tile.extents)
    drawn = sum((right - left) * (lower - upper) for left, upper, right, lower in boxes)
    if drawn > 8 * image.width * image.height:  # a TIFF may draw each of its channels (at most 6) by itself
        raise ImageRejected(DAMAGED)
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        width, height = (image.tag_v2.get(tag, 1) for tag in (TiffImagePlugin.TILEWIDTH, TiffImagePlugin.TILELENGTH))
        if width * height > MAX_PIXELS:
            raise ImageRejected(DAMAGED)


def _frames_note(image: ImageFile.ImageFile) -> tuple[str, ...]:
    """What is said of a file with several pictures. A TIFF's are not counted, which can take minutes."""
    if not getattr(image, "is_animated", False):
        return ()
    if image.format == "HEIF":
        return ("The file holds several pictures: this is its main one.",)
    if image.format in {"TIFF", "MPO"}:
        return ("The file holds several pictures: this is the first.",)
    return (f"Animated: this is the first of {getattr(image, 'n_frames', 1):,} frames.",)


def _scale_key(image: ImageFile.ImageFile) -> None:
    """Brings the colour that a PNG declares transparent from the file's own depth to that of the decoded pixels."""
    key, args = image.info.get("transparency"), [tile.args for tile in image.tile]
    if args == ["RGB;16B"] and isinstance(key, tuple):
        image.info["transparency"] = tuple(value >> 8 for value in key)
    elif args in (["L;2"], ["L;4"]) and isinstance(key, int):
        image.info["transparency"] = key * (85 if args == ["L;2"] else 17)


def _in_srgb(image: Image.Image) -> Decoded:
    """`image` in RGB on white, its colours as its profile means them. Raises ImageRejected as `_to_rgb`."""
    profile = colour_profiles.profile_of(image)
    printed = colour_profiles.from_cmyk(image, profile)
    if printed is not None:
        return printed, ("Converted from CMYK to RGB by its colour profile.",)
    rgb, converted = _to_rgb(image)
    coloured, managed = colour_profiles.to_srgb(rgb, b"" if image.mode == "LAB" else profile)
    return coloured, converted + managed


def _to_rgb(image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """`image` in RGB on white, and what that took. Raises ImageRejected for values without a brightness."""
    if image.mode in {"I", "F"}:
        raise ImageRejected(
            "holds 32-bit, signed or fractional values, whose white nobody can know: save it as 8-bit PNG."
        )
    notes: tuple[str, ...] = (_reduced(image, 8),) if _bits(image, 8) > 8 else ()  # noqa: PLR2004 - bits of a byte
    if image.mode.startswith("I;16"):
        image, notes = _from_16_bits(image)
    elif image.mode in {"CMYK", "YCbCr", "LAB"}:
        notes = (f"Converted from {image.mode} to RGB.",)
    if not image.has_transparency_data:
        return image.convert("RGB"), notes
    rgba = (image.convert("LA") if image.mode == "La" else image).convert("RGBA")
    alpha = rgba.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return rgba.convert("RGB"), notes
    white = Image.new("RGB", rgba.size, "white")
    white.paste(rgba, mask=alpha)
    return white, (*notes, "Transparent parts are shown on white.")


def _from_16_bits(image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """A grey image of 12 or 16 bits as L, or as LA where one of its values is transparent, and the note on it.

    By dropping the low bits: Pillow's own conversion makes everything above 255 white.
    """
    tags = image.tag_v2 if isinstance(image, TiffImagePlugin.TiffImageFile) else {}
    bits = tags.get(TiffImagePlugin.BITSPERSAMPLE, (16,))[0]
    values = np.asarray(image)
    grey = (values >> (bits - 8)).astype(np.uint8)
    if tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == 0:  # 0 is white
        grey = ~grey
    layers = [Image.fromarray(grey)]
    if "transparency" in image.info:
        layers.append(Image.fromarray(np.where(values == image.info["transparency"], 0, 255).astype(np.uint8)))
    return Image.merge("L" if len(layers) == 1 else "LA", layers), (_reduced(image, bits),)


def _bits(image: Image.Image, decoded: int) -> int:
    """Bits per channel in the file: those of the decoded pixels, but for an HEIC, which says it apart."""
    return int(image.info["bit_depth"]) if image.format == "HEIF" else decoded


def _reduced(image: Image.Image, decoded: int) -> str:
    return f"Reduced from {_bits(image, decoded)} to 8 bits per channel."
