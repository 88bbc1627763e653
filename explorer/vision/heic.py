"""HEIC and HEIF photographs, as phones write them: what is one, and its header read by libheif without decoding.

libheif is loaded with the first such file. It turns the picture as the container says, after which EXIF's orientation
has no say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

from PIL import ImageFile

from explorer.vision.heic_boxes import BoxError, coded_pixels

BRANDS = re.compile(rb".{4}ftyp(?!.{0,64}avi[fs])(hei[cxms]|hev[cxms]|m[is]f1)", re.DOTALL)
"""How such a file begins; one that also names itself AVIF is left to the reader of those."""

OVERHEAD = 3
"""Tiles reach over the edge of the picture, and alpha is a picture of its own."""


def recognises(data: bytes) -> bool:
    """Whether `data` begins as HEIC or HEIF."""
    return BRANDS.match(data[:80]) is not None


def read_header(data: bytes, most_pixels: int) -> ImageFile.ImageFile:
    """The main picture of the file, its size known and no pixel decoded; thumbnails and depth maps are passed over.

    Raises BoxError where showing it takes decoding far more than `most_pixels`, or an unknown number of them; and
    whatever libheif says of a damaged file, as SyntaxError or otherwise.
    """
    if coded_pixels(data) > OVERHEAD * most_pixels:
        raise BoxError("The file hides more pixels than it shows.")
    import pillow_heif

    options = pillow_heif.options
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    options.DECODE_THREADS = 1  # of each visitor: the server has more of those than of processors
    reader: Callable[[BytesIO, str], ImageFile.ImageFile] = pillow_heif.HeifImageFile
    return reader(BytesIO(data), "")
