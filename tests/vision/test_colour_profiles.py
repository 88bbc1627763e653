"""Colours of embedded profiles, against what the profiles' numbers mean, computed apart from any library."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import fpdf
import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from explorer.vision import images
from explorer.vision.colour_profiles import UNREADABLE
from explorer.vision.photograph import Photograph
from tests.support import icc

NOISE = np.random.default_rng(15).integers(0, 256, (64, 48, 3), np.uint8)
FLAT = np.full((64, 48, 3), (200, 60, 60), np.uint8)
GREY = np.arange(0, 256, 4).astype(np.uint8)[:, None].repeat(48, axis=1)
LOSSY = 3  # of 255: what JPEG, AVIF and HEIC may do to one flat colour

# A container, whether it keeps every pixel.
CONTAINERS = (("PNG", True), ("TIFF", True), ("JPEG", False), ("WEBP", False), ("AVIF", False), ("HEIF", False))
SRGB = (
    ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    (Path(fpdf.__file__).parent / "data" / "color_profiles" / "sRGB2014.icc").read_bytes(),
)


def encoded(image: Image.Image, container: str, profile: bytes) -> bytes:
    file = BytesIO()
    if container == "HEIF":
        pillow_heif.from_pillow(image).save(file, icc_profile=profile, quality=95)
    else:
        image.save(file, container, icc_profile=profile, **({"quality": 95} if container in {"JPEG", "WEBP"} else {}))
    return file.getvalue()


def read(values: NDArray[np.uint8], profile: bytes, container: str = "PNG") -> Photograph:
    return images.read(encoded(Image.fromarray(values), container, profile), "photo")


@pytest.mark.parametrize("name", icc.PRIMARIES)
def test_every_colour_becomes_what_its_profile_means(name: str) -> None:
    photograph = read(NOISE, icc.rgb_profile(name))
    expected = icc.in_srgb(NOISE, name)
    assert np.abs(NOISE - expected).max() > 5, "a profile that changes nothing proves nothing"
    np.testing.assert_allclose(np.asarray(photograph.image), expected, atol=1)
    said = name.replace("(", "").replace(")", "").replace(".", " ")
    assert photograph.notes == (
        f"Converted from the colour profile “{said}” to sRGB, which timm's own pipeline does not do.",
    )


@pytest.mark.parametrize(("container", "exact"), CONTAINERS)
def test_in_every_container(container: str, exact: bool) -> None:
    photograph = read(FLAT, icc.rgb_profile("Display P3"), container)
    expected = icc.in_srgb(FLAT, "Display P3")
    np.testing.assert_allclose(
        np.asarray(photograph.image)[8:-8, 8:-8], expected[8:-8, 8:-8], atol=1 if exact else LOSSY
    )
    assert photograph.notes[0].startswith("Converted from the colour profile “Display P3”")
    assert photograph.image.info == {}


@pytest.mark.parametrize("profile", SRGB)
def test_srgb_by_whatever_name_changes_no_pixel_and_needs_no_word(profile: bytes) -> None:
    photograph = read(NOISE, profile)
    np.testing.assert_array_equal(np.asarray(photograph.image), NOISE)
    assert photograph.notes == ()


def test_grey_has_profiles_of_its_own() -> None:
    photograph = read(GREY, icc.grey_profile(1.8))
    linear = (GREY / 255.0) ** 1.8
    expected = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055) * 255
    np.testing.assert_allclose(np.asarray(photograph.image), np.repeat(expected[..., None], 3, axis=2), atol=2)
    assert photograph.notes[0].startswith("Converted from the colour profile “Grey”")


def test_ink_is_what_its_profile_says_and_not_what_a_formula_makes_of_it() -> None:
    # Lightness in percent: white paper, black ink 0, cyan alone a middle grey; the others do not matter.
    lightness = [100, 0, *[30] * 6, 50, *[30] * 7]
    inks = np.array([(0, 0, 0, 0), (0, 0, 0, 255), (255, 0, 0, 0)], np.uint8)
    flat = np.repeat(inks[:, None], 16, axis=1).repeat(8, axis=0)
    file = BytesIO()
    Image.fromarray(flat, "CMYK").save(file, "TIFF", icc_profile=icc.cmyk_profile(tuple(lightness)))
    photograph = images.read(file.getvalue(), "print.tif")
    middle = round(255 * (1.055 * ((50 + 16) / 116) ** (3 / 2.4) - 0.055))
    shown = [tuple(np.asarray(photograph.image)[row, 8]) for row in (4, 12, 20)]
    np.testing.assert_allclose(shown, [(255,) * 3, (0,) * 3, (middle,) * 3], atol=2)
    assert photograph.notes == ("Converted from CMYK to RGB by its colour profile.",)


def test_transparent_parts_stay_white() -> None:
    alpha = np.dstack((FLAT, np.repeat(np.array([0, 255], np.uint8), 32)[:, None].repeat(48, axis=1)))
    photograph = read(alpha, icc.rgb_profile("Display P3"))
    assert tuple(np.asarray(photograph.image)[0, 0]) == (255, 255, 255)
    np.testing.assert_allclose(np.asarray(photograph.image)[-1, -1], icc.in_srgb(FLAT[0, 0], "Display P3"), atol=1)
    assert len(photograph.notes) == 2


# Bytes that are no profile, or one of another kind than the pixels.
UNFIT = {
    "rubbish": b"profile" * 20,
    "cut off": icc.rgb_profile("Display P3")[:200],
    "of ink": icc.cmyk_profile((50,) * 16),
    "empty tags": icc.rgb_profile("Display P3")[:132].ljust(400, b"\0"),
}


@pytest.mark.parametrize("kind", UNFIT)
def test_a_profile_that_cannot_be_read_is_passed_over_and_said(kind: str) -> None:
    photograph = read(NOISE, UNFIT[kind])
    np.testing.assert_array_equal(np.asarray(photograph.image), NOISE)
    assert photograph.notes == (UNREADABLE,)


def test_a_name_that_could_act_is_told_without_its_signs() -> None:
    profile = icc.rgb_profile("Display P3").replace(b"Display P3", b"[x](//y) *")
    (note,) = read(NOISE, profile).notes
    assert note.startswith("Converted from the colour profile “x y” to sRGB")
