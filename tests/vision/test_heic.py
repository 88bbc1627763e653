"""HEIC files made by libheif itself, honest and hostile, against the pixels that went into them."""

from __future__ import annotations

import io
import resource
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image

from explorer.vision import heic, images
from explorer.vision.heic_boxes import CODED_UNKNOWN, Boxes, coded_pixels

ROOT = Path(__file__).resolve().parents[2]
Pixels = NDArray[np.uint8]

SMOOTH: Pixels = np.stack(
    np.broadcast_arrays(np.arange(0, 256, 4)[None], np.arange(0, 192, 4)[:, None], np.uint8(90)), axis=-1
).astype(np.uint8)
SQUARE: Pixels = np.vstack([SMOOTH, SMOOTH[:16]])
HALF: Pixels = np.where(np.arange(64) < 32, 0, 255).astype(np.uint8)[None].repeat(48, 0)
CLEAR: Pixels = np.where(HALF[..., None] > 0, SMOOTH, np.uint8(255))
GREY: Pixels = SMOOTH[..., :1].repeat(3, axis=2)
BEST: dict[str, object] = {"quality": -1, "chroma": 444}

FROM_10 = "Reduced from 10 to 8 bits per channel."
FROM_12 = "Reduced from 12 to 8 bits per channel."
ON_WHITE = "Transparent parts are shown on white."
SEVERAL = "The file holds several pictures: this is its main one."

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


def made(pixels: NDArray[Any], mode: str = "RGB", **options: object) -> bytes:
    """The array as an HEIC file of `mode`, as good as libheif writes it."""
    out = io.BytesIO()
    pillow_heif.encode(mode, pixels.shape[1::-1], pixels.tobytes(), out, **{**BEST, **options})
    return out.getvalue()


def several(primary: int) -> bytes:
    """Three pictures, turned upside down one after the other; `primary` is the main one."""
    file = pillow_heif.from_bytes("RGB", (64, 48), SMOOTH.tobytes())
    for pixels in (SMOOTH[::-1], SMOOTH):
        file.add_frombytes("RGB", (64, 48), pixels.tobytes())
    out = io.BytesIO()
    file.save(out, primary_index=primary, **BEST)
    return out.getvalue()


def words(pixels: Pixels) -> NDArray[np.uint16]:
    return np.asarray(pixels.astype(np.uint16) << 8, np.uint16)


def twelve_bits(pixels: Pixels) -> bytes:
    pillow_heif.options.SAVE_HDR_TO_12_BIT = True
    try:
        return made(words(pixels), "RGB;16")
    finally:
        pillow_heif.options.SAVE_HDR_TO_12_BIT = False


def with_thumbnail() -> bytes:
    return made(SMOOTH, thumbnails=[32])


CLOSE: dict[str, tuple[Callable[[], bytes], Pixels, tuple[str, ...]]] = {
    "RGB": (lambda: made(SMOOTH), SMOOTH, ()),
    "L": (lambda: made(SMOOTH[..., 0], "L"), GREY, ()),
    "RGBA": (lambda: made(np.dstack([SMOOTH, HALF]), "RGBA"), CLEAR, (ON_WHITE,)),
    "RGBA opaque": (lambda: made(np.dstack([SMOOTH, HALF | 255]), "RGBA"), SMOOTH, ()),
    "RGB 10 bits": (lambda: made(words(SMOOTH), "RGB;16"), SMOOTH, (FROM_10,)),
    "RGB 12 bits": (lambda: twelve_bits(SMOOTH), SMOOTH, (FROM_12,)),
    "L 10 bits": (lambda: made(words(SMOOTH[..., 0]), "L;16"), GREY, (FROM_10,)),
    "RGBA 10 bits": (lambda: made(words(np.dstack([SMOOTH, HALF])), "RGBA;16"), CLEAR, (FROM_10, ON_WHITE)),
    "tiles": (lambda: made(SMOOTH, tile_size=32), SMOOTH, ()),
    "odd size": (lambda: made(SMOOTH[:33, :51], chroma=420), SMOOTH[:33, :51], ()),
    "the first of several": (lambda: several(0), SMOOTH, (SEVERAL,)),
    "the main one of several": (lambda: several(1), SMOOTH[::-1], (SEVERAL,)),
    "thumbnail": (with_thumbnail, SMOOTH, ()),
}


@pytest.mark.parametrize("case", CLOSE)
def test_pixels_are_close(case: str) -> None:
    make, expected, notes = CLOSE[case]
    photograph = images.read(make(), "IMG_0001.HEIC")
    assert photograph.image.size == (expected.shape[1], expected.shape[0])
    assert (photograph.image.mode, photograph.image.info, type(photograph.image)) == ("RGB", {}, Image.Image)
    assert np.abs(np.asarray(photograph.image).astype(int) - expected).max() <= 6
    assert photograph.notes == notes


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_it_is_turned_once(orientation: int) -> None:
    tags = Image.Exif()
    tags[0x0112] = orientation
    found = images.read(made(SMOOTH, exif=tags.tobytes()), "photo").image
    expected = UPRIGHT[orientation](SMOOTH)
    assert found.size == (expected.shape[1], expected.shape[0])
    assert np.abs(np.asarray(found).astype(int) - expected).max() <= 6
    assert dict(found.getexif()) == {}


# ---- beyond the limits


def outcome(data: bytes) -> Image.Image | str:
    """The picture, or why it was refused; any other exception is a failure."""
    try:
        return images.read(data, "photo").image
    except images.ImageRejected as refused:
        return str(refused)


def said(data: bytes) -> str:
    """Why it is refused."""
    with pytest.raises(images.ImageRejected) as caught:
        images.read(data, "photo.heic")
    assert caught.value.__context__ is None
    return str(caught.value)


def sized(data: bytes, width: int, height: int, new_width: int, new_height: int) -> bytes:
    """The file with another size in its header, the pixels as they were."""
    before = b"ispe\0\0\0\0" + struct.pack(">LL", width, height)
    assert before in data
    return data.replace(before, before[:8] + struct.pack(">LL", new_width, new_height))


TOO_LARGE = {
    "pixels": (64, 64, 8000, 4000, "is 8,000 × 4,000 pixels: this page reads at most"),
    "side": (64, 64, 10_001, 300, "is 10,001 × 300 pixels: this page reads at most"),
    "bomb": (64, 64, 32_768, 32_768, "is cut off, damaged"),
    "beyond libheif": (64, 64, 2**31 - 1, 2**31 - 1, ""),
    "strip": (64, 64, 5200, 100, "is 5,200 × 100 pixels, a strip"),
}


@pytest.mark.parametrize("case", TOO_LARGE)
def test_too_many_pixels_are_refused_undecoded(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def decoded(_: object) -> None:
        raise AssertionError("the decoder was called")

    monkeypatch.setattr(pillow_heif.HeifImageFile, "load", decoded)
    *sizes, sentence = TOO_LARGE[case]
    assert sentence in said(sized(made(SQUARE), *sizes))


def test_the_decoder_is_called_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    def decoded(_: object) -> None:
        raise AssertionError("the decoder was called")

    monkeypatch.setattr(pillow_heif.HeifImageFile, "load", decoded)
    with pytest.raises(AssertionError, match="the decoder was called"):
        images.read(made(SMOOTH), "photo")


def test_more_pixels_than_declared_are_not_decoded() -> None:
    large = made(np.zeros((1500, 1500, 3), np.uint8), chroma=420, quality=20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "is cut off, damaged" in said(sized(large, 1500, 1500, 64, 64))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4_000, "kilobytes"


def test_fewer_pixels_than_declared_are_shown_as_they_are_or_refused() -> None:
    found = outcome(sized(made(SQUARE), 64, 64, 640, 480))
    assert "damaged" in found if isinstance(found, str) else found.size in {(64, 64), (640, 480)}


def small_window() -> bytes:
    """3,002 × 3,000 pixels of which 64 × 64 are shown."""
    data = made(np.zeros((2999, 3001, 3), np.uint8), chroma=420, quality=20)
    at = data.index(b"clap") + 4
    return data[:at] + struct.pack(">LLLL", 64, 1, 64, 1) + data[at + 16 :]


def tiles_out_of_sight() -> bytes:
    """64 tiles of which one is shown."""
    data = made(np.zeros((512, 512, 3), np.uint8), chroma=420, quality=20, tile_size=64)
    at = data.index(b"\0\0\7\7")  # the grid: version, flags, rows and columns less one, width, height
    data = data[: at + 4] + struct.pack(">HH", 64, 64) + data[at + 8 :]
    return data.replace(struct.pack(">LL", 512, 512), struct.pack(">LL", 64, 64))


HIDDEN: dict[str, tuple[Callable[[], bytes], int]] = {  # → pixels that are decoded
    "window": (small_window, 3002 * 3000),
    "tiles": (tiles_out_of_sight, 512 * 512),
    "alpha": (lambda: made(np.dstack([SQUARE, SQUARE[..., 0]]), "RGBA"), 2 * 64 * 64),
    "size not declared": (lambda: made(SQUARE).replace(b"ispe", b"xspe"), CODED_UNKNOWN),
    "plain": (lambda: made(SQUARE), 64 * 64),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_pixels_out_of_sight_count(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, pixels = HIDDEN[case]
    data = make()
    assert coded_pixels(data) == pixels
    monkeypatch.setattr(images, "MAX_PIXELS", (pixels - 1) // heic.OVERHEAD)
    assert "is cut off, damaged" in said(data)


@pytest.mark.parametrize("kind", [b"meta", b"iprp", b"ipco", b"pitm"])
def test_a_box_that_is_there_twice_is_refused(kind: bytes) -> None:
    body = b"\0\0\0\x08" + kind
    for container in (b"meta", b"iprp"):
        data = made(SQUARE)
        at = data.index(container) + (8 if container == b"meta" else 4)
        grown = data[:at] + body + body + data[at:]
        for outer in (b"meta", b"iprp")[: 1 if container == b"meta" else 2]:
            size = grown.index(outer) - 4
            grown = (
                grown[:size] + struct.pack(">L", int.from_bytes(grown[size : size + 4], "big") + 16) + grown[size + 4 :]
            )
        with pytest.raises(ValueError, match="twice"):
            coded_pixels(grown)


def test_pictures_within_themselves_have_no_end() -> None:
    boxes = Boxes(areas=[100], properties={1: [1]}, parts={2: [1] * 10, 3: [2] * 10, 4: [4]})
    assert [boxes.work(item) for item in (1, 2, 3, 5)] == [100, 1000, 10_000, CODED_UNKNOWN]
    assert boxes.work(4) >= CODED_UNKNOWN


def test_hundreds_of_pictures_take_no_longer_than_one() -> None:
    file = pillow_heif.from_bytes("L", (16, 16), bytes(256))
    for _ in range(100):
        file.add_frombytes("L", (16, 16), bytes(256))
    out = io.BytesIO()
    file.save(out, quality=10)
    assert images.read(out.getvalue(), "photo").notes == (SEVERAL,)


# ---- cut off and damaged


@pytest.mark.parametrize("percent", range(1, 100, 7))
def test_a_cut_off_file_is_refused_or_complete(percent: int) -> None:
    data = made(SMOOTH)
    found = outcome(data[: len(data) * percent // 100])
    if isinstance(found, str):
        assert "is cut off" in found or "is not an image" in found
    else:
        assert np.array_equal(np.asarray(found), np.asarray(images.read(data, "photo").image))


@pytest.mark.parametrize("kind", ["RGB", "RGBA 10 bits", "tiles", "the main one of several"])
def test_flipped_bytes_are_read_or_refused(kind: str) -> None:
    data = CLOSE[kind][0]()
    random = np.random.default_rng(len(data))
    read = 0
    for _ in range(150):
        damaged = np.frombuffer(data, np.uint8).copy()
        places = random.integers(0, min(len(data), random.choice((60, 700, len(data)))), random.integers(1, 8))
        damaged[places] = random.integers(0, 256, len(places))
        found = outcome(damaged.tobytes())
        if isinstance(found, Image.Image):
            read += 1
            assert found.mode == "RGB"
            assert found.width * found.height <= images.MAX_PIXELS
    assert read < 150, "flips that are never noticed damage nothing"


NOT_READ = {
    "brand alone": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "brand and zeros": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(1000),
    "mif1": b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic",
    "video": b"\0\0\0\x18ftyphevc\0\0\0\0msf1hevc" + bytes(300),
}


@pytest.mark.parametrize("kind", NOT_READ)
def test_what_only_begins_as_one_is_refused_with_a_way_out(kind: str) -> None:
    assert heic.recognises(NOT_READ[kind])
    assert said(NOT_READ[kind]).endswith("find a complete copy, or save it again as JPEG or PNG.")


def test_an_avif_is_left_to_its_own_reader() -> None:
    out = io.BytesIO()
    Image.fromarray(SMOOTH).save(out, "AVIF")
    assert not heic.recognises(out.getvalue())
    assert not heic.recognises(b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf")


# ---- the library


def test_readers_do_not_disturb_each_other() -> None:
    files = [make() for make, _, _ in CLOSE.values()]
    alone = [images.read(data, "photo").image.tobytes() for data in files]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda data: images.read(data, "photo").image.tobytes(), files * 6))
    assert together == alone * 6


def test_reading_starts_no_threads_that_stay() -> None:
    before = threading.active_count(), len(list(Path("/proc/self/task").iterdir()))
    images.read(made(SMOOTH), "photo")
    assert (threading.active_count(), len(list(Path("/proc/self/task").iterdir()))) <= before


def test_the_library_is_loaded_with_the_first_file_and_registers_nothing() -> None:
    script = """
import sys
from PIL import Image
from explorer.vision import images
print("pillow_heif" in sys.modules)
images.read(sys.stdin.buffer.read(), "photo")
print("pillow_heif" in sys.modules)
print("HEIF" in Image.OPEN)
"""
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, input=made(SMOOTH), check=True)
    assert run.stdout.split() == [b"False", b"True", b"False"]
