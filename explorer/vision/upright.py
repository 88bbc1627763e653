"""A picture decoded and turned as its EXIF orientation says."""

from __future__ import annotations

from PIL import ExifTags, Image, ImageFile

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation → what makes the picture upright."""


def load(image: ImageFile.ImageFile) -> tuple[Image.Image, tuple[str, ...]]:
    """The first frame decoded and turned as its EXIF says. Raises whatever Pillow raises for damaged pixels."""
    if image.format == "TIFF":  # is turned by Pillow while it decodes, which then forgets the tag
        turn = _turn(image)
        image.load()
        loaded: Image.Image = image
    else:
        image.load()
        turn = _turn(image)
        loaded = image.transpose(turn) if turn is not None else image
    return loaded, ("Turned upright as its EXIF orientation says.",) if turn is not None else ()


def _turn(image: Image.Image) -> Image.Transpose | None:
    """What EXIF's orientation asks for; None where it is upright or says nothing."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # Pillow's, of whatever kind: broken metadata is no reason to refuse a good picture
        return None
    return TURNS.get(orientation) if isinstance(orientation, int) else None
