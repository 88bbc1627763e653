"""The images that a study trains on: Fashion-MNIST, or any folder with one folder of images for each class."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from explorer.study.errors import StudyError

FASHION_MNIST = "fashion-mnist"
DEBIAN = Path("/usr/share/datasets/fashion-mnist")
"""Where Debian's package dataset-fashion-mnist puts its files."""

TORCHVISION = Path("FashionMNIST") / "raw"
"""Where torchvision's data set keeps its files below its root."""

FILES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"})
HELD_OUT_SHARE = 5
"""Of a folder without train/ and test/, every fifth image (by a hash of its name) is held out."""

HELP = (
    "Fashion-MNIST was not found on this machine: install Debian's package dataset-fashion-mnist, or let torchvision "
    "download it where there is internet (--download), or give a folder with one folder of images for each class "
    "(--data FOLDER)."
)


@dataclass(frozen=True)
class DataSplit:
    """Images as (number, height, width, 1 or 3) bytes, and their classes as (number,) integers."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def first(self, number: int) -> DataSplit:
        """The first `number` images."""
        return DataSplit(self.images[:number], self.labels[:number])


@dataclass(frozen=True)
class ImageSet:
    """What is trained on, what is held out, and the names of the classes."""

    train: DataSplit
    held_out: DataSplit
    classes: tuple[str, ...]


FASHION_CLASSES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip


def load(source: str, root: Path, pixels: int) -> ImageSet:
    """The images of `source`: "fashion-mnist", or the path of a folder of images by class.

    Args:
        source: what to load.
        root: where torchvision keeps (and downloads) its data sets.
        pixels: the side to which a folder's images are brought, from what the files hold; Fashion-MNIST has its own.

    Raises:
        StudyError: the images are not there, or cannot be used.
    """
    if source != FASHION_MNIST:
        return _folder(Path(source), pixels)
    folder = fashion_mnist(root)
    if folder is None:
        raise StudyError(HELP)
    return ImageSet(_idx(folder, "train"), _idx(folder, "test"), FASHION_CLASSES)


def fashion_mnist(root: Path) -> Path | None:
    """The folder with Fashion-MNIST's files: torchvision's below `root`, else Debian's; None if there is none."""
    for folder in (root / TORCHVISION, DEBIAN):
        if all(_file(folder, name) is not None for names in FILES.values() for name in names):
            return folder
    return None


def download(root: Path) -> None:
    """Let torchvision download Fashion-MNIST to `root`, unless it is on this machine.

    Raises:
        StudyError: it could not be downloaded or written.
    """
    if fashion_mnist(root) is not None:
        return
    from torchvision.datasets import FashionMNIST

    try:
        FashionMNIST(str(root), download=True)
    except (OSError, RuntimeError) as error:
        raise StudyError(f"Fashion-MNIST could not be downloaded to {root}. {HELP}") from error


def class_count(source: str, root: Path) -> int:
    """How many classes `source` has, without reading its images.

    Raises:
        StudyError: as `load`.
    """
    if source != FASHION_MNIST:
        return len(_classes(_training_folder(Path(source))))
    if fashion_mnist(root) is None:
        raise StudyError(HELP)
    return len(FASHION_CLASSES)


def _file(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)


def _idx(folder: Path, part: str) -> DataSplit:
    """Read a pair of idx files (yann.lecun.com's format: a magic number, the shape, then bytes)."""
    images, labels = (_array(folder, name) for name in FILES[part])
    return DataSplit(images[..., None], labels.astype(np.int64))


def _array(folder: Path, name: str) -> NDArray[np.uint8]:
    path = _file(folder, name)
    if path is None:
        raise StudyError(f"{folder / name} is missing. {HELP}")
    reader: Callable[[Path], bytes] = _unpacked if path.suffix == ".gz" else Path.read_bytes
    try:
        content = reader(path)
        dimensions = content[3]
        shape = np.frombuffer(content, ">u4", dimensions, offset=4)
        return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape.tolist())
    except (OSError, EOFError, ValueError, IndexError) as error:
        raise StudyError(f"{path} is broken: it is not an idx file. Remove it and get the data again.") from error


def _unpacked(path: Path) -> bytes:
    with gzip.open(path) as file:
        return file.read()


def _folder(folder: Path, pixels: int) -> ImageSet:
    """A folder of images by class: with train/ and test/ (or val/) as they are, else every fifth image held out."""
    training = _training_folder(folder)
    classes = _classes(training)
    other = next((folder / name for name in ("test", "val") if (folder / name).is_dir()), None)
    if training == folder or other is None:
        paths = _paths(training, classes)
        held = [_held_out(path) for path, _ in paths]
        train = [pair for pair, out in zip(paths, held, strict=True) if not out]
        test = [pair for pair, out in zip(paths, held, strict=True) if out]
    else:
        train, test = _paths(training, classes), _paths(other, classes)
    if not train or not test:
        raise StudyError(f"{folder} has too few images: some are needed to train on and some to hold out.")
    return ImageSet(_read(train, pixels), _read(test, pixels), classes)


def _training_folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise StudyError(f"{folder} is not a folder: give one that has a folder of images for each class.")
    return folder / "train" if (folder / "train").is_dir() else folder


def _classes(folder: Path) -> tuple[str, ...]:
    names = tuple(sorted(each.name for each in os.scandir(folder) if each.is_dir() and not each.name.startswith(".")))
    if len(names) < 2:  # noqa: PLR2004 - one class cannot be told from anything
        raise StudyError(f"{folder} has {len(names)} folders; give one folder of images for each class, at least two.")
    return names


def _paths(folder: Path, classes: Sequence[str]) -> list[tuple[Path, int]]:
    """Every image with its class, in an order that is the same everywhere and mixes the classes."""
    found = [
        (path, label)
        for label, name in enumerate(classes)
        for path in sorted((folder / name).rglob("*"))
        if path.suffix.lower() in SUFFIXES
    ]
    return sorted(found, key=lambda pair: _digest(pair[0]))


def _digest(path: Path) -> str:
    return hashlib.sha256(f"{path.parent.name}/{path.name}".encode()).hexdigest()


def _held_out(path: Path) -> bool:
    return int(_digest(path)[-8:], 16) % HELD_OUT_SHARE == 0


def _read(pairs: Sequence[tuple[Path, int]], pixels: int) -> DataSplit:
    images = np.stack([_pixels(path, pixels) for path, _ in pairs])
    return DataSplit(images, np.array([label for _, label in pairs], np.int64))


def _pixels(path: Path, side_wanted: int) -> NDArray[np.uint8]:
    """An image as (side, side, 3) bytes: its middle square, reduced (with antialiasing) or enlarged."""
    try:
        with Image.open(path) as image:
            side = min(image.size)
            left, top = (image.width - side) // 2, (image.height - side) // 2
            box = (left, top, left + side, top + side)
            small = image.convert("RGB").resize((side_wanted, side_wanted), Image.Resampling.BICUBIC, box)
            return np.asarray(small)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError) as error:
        raise StudyError(f"{path} is not an image that can be read: repair it or take it out.") from error
