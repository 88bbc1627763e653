"""Colours as an embedded ICC profile means them, brought to sRGB: what screens show and networks have learnt."""

from __future__ import annotations

import re
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

SPACES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
"""Kinds of profiles that are read, and the mode of the pixels that they speak of."""

INTENT = (ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION)
"""White stays white, black becomes black, and a colour that sRGB has stays what it is."""

SAME = 1
"""Steps of 255 that two profiles may differ by at any colour and still be called the same."""

LONGEST_NAME = 40
UNREADABLE = "Its colour profile cannot be read, so its colours are taken as sRGB."


def profile_of(image: Image.Image) -> bytes:
    """The ICC profile that the file embeds; empty where it has none."""
    found = image.info.get("icc_profile")
    return found if isinstance(found, bytes) else b""


def from_cmyk(image: Image.Image, data: bytes) -> Image.Image | None:
    """A CMYK `image` in sRGB as the profile in `data` says; None where it has no profile for such pixels."""
    transform = _transform(data, ("CMYK",))
    return None if image.mode != "CMYK" or transform is None else transform.apply(image)


def to_srgb(image: Image.Image, data: bytes) -> tuple[Image.Image, tuple[str, ...]]:
    """The RGB `image` in sRGB, and what that took.

    Args:
        image: the pixels by the file's own profile; of a grey file all three channels are that grey.
        data: the file's ICC profile, of red, green and blue or of grey; one of CMYK is `from_cmyk`'s.
    """
    if not data:
        return image, ()
    transform = _transform(data, ("RGB", "GRAY"))
    if transform is None:
        return image, (UNREADABLE,)
    if _changes_nothing(transform):
        return image, ()
    return _applied(image, transform), (
        f"Converted from {_name(data)} to sRGB, which timm's own pipeline does not do.",
    )


def _transform(data: bytes, spaces: tuple[str, ...]) -> ImageCms.ImageCmsTransform | None:
    """From the profile in `data` to sRGB; None where it is broken or of none of the `spaces`."""
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(data))
        space = profile.profile.xcolor_space.strip()
        if space not in spaces:
            return None
        return ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), SPACES[space], "RGB", *INTENT)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _applied(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    return transform.apply(image.getchannel(0) if transform.input_mode == "L" else image)


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether colours from all over the cube stay what they are: the profile is sRGB, whatever it is called."""
    levels = np.arange(0, 256, 15, dtype=np.uint8)
    grey = np.repeat(levels[:, None, None], 3, axis=2)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(len(levels), -1, 3)
    colours = Image.fromarray(grey if transform.input_mode == "L" else np.ascontiguousarray(cube))
    after = np.asarray(_applied(colours, transform), np.int16)
    return int(np.abs(after - np.asarray(colours, np.int16)).max()) <= SAME


def _name(data: bytes) -> str:
    """What the profile calls itself, as far as that is letters, digits and spaces."""
    told = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(data)))
    plain = " ".join(re.sub(r"[^A-Za-z0-9 ]", " ", told).split())[:LONGEST_NAME]
    return f"the colour profile “{plain}”" if plain else "its colour profile"
