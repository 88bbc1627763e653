"""From files to images and classes: Fashion-MNIST's idx files, folders by class, and whatever else may lie there."""

from __future__ import annotations

import gzip
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.study import data, paths
from explorer.study.errors import StudyError
from tests.study.samples import folder_of_images

SIDE = 96
NAMES = tuple(name for pair in data.FILES.values() for name in pair)

# What may be wrong with a folder of images, and what the sentence says.
FOLDERS = (
    ("missing", "is not a folder"),
    ("empty", "has 0 folders"),
    ("one class", "has 1 folders"),
    ("no images", "has too few images"),
    ("broken", "is not an image that can be read"),
)


def idx(path: Path, array: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], packed: bool) -> None:
    """Write a file as yann.lecun.com describes it."""
    content = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()
    (path.with_name(f"{path.name}.gz") if packed else path).write_bytes(gzip.compress(content) if packed else content)


def fashion(root: Path, packed: bool) -> Path:
    """A tiny Fashion-MNIST as torchvision leaves it below `root`."""
    folder = root / data.TORCHVISION
    folder.mkdir(parents=True)
    for images, labels in data.FILES.values():
        idx(folder / images, np.arange(3 * 28 * 28, dtype=np.uint8).reshape(3, 28, 28), packed)
        idx(folder / labels, np.array([9, 0, 4], np.uint8), packed)
    return folder


def test_fashion_mnist_is_what_its_authors_say() -> None:
    found = data.load(data.FASHION_MNIST, paths.images(), SIDE)
    assert found.train.images.shape == (60_000, 28, 28, 1)
    assert found.held_out.images.shape == (10_000, 28, 28, 1)
    assert np.bincount(found.train.labels).tolist() == [6000] * 10
    assert np.bincount(found.held_out.labels).tolist() == [1000] * 10
    assert found.classes[found.train.labels[0]] == "Ankle boot"  # the first image of the paper's Figure 1


@pytest.mark.parametrize("packed", [True, False])
def test_torchvisions_folder_comes_first(tmp_path: Path, packed: bool) -> None:
    folder = fashion(tmp_path, packed)
    assert data.fashion_mnist(tmp_path) == folder
    found = data.load(data.FASHION_MNIST, tmp_path, SIDE)
    assert found.train.labels.tolist() == [9, 0, 4]
    assert found.train.images[0, :2, :2, 0].tolist() == [[0, 1], [28, 29]]


def test_a_download_is_left_alone_where_the_data_are_there(tmp_path: Path) -> None:
    fashion(tmp_path, packed=True)
    before = sorted(tmp_path.rglob("*"))
    data.download(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    folder = fashion(tmp_path, packed=False)
    for content in (b"", b"\0\0\x08\x03\0\0\0\x09", b"not an idx file at all"):
        (folder / NAMES[0]).write_bytes(content)
        with pytest.raises(StudyError, match=f"{NAMES[0]} is broken"):
            data.load(data.FASHION_MNIST, tmp_path, SIDE)


def test_without_the_data_one_sentence_says_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "DEBIAN", tmp_path / "nothing")
    sentence = r"dataset-fashion-mnist.*--download.*--data FOLDER"
    with pytest.raises(StudyError, match=sentence):
        data.load(data.FASHION_MNIST, tmp_path, SIDE)
    with pytest.raises(StudyError, match=sentence):
        data.class_count(data.FASHION_MNIST, tmp_path)


def test_a_folder_by_class_is_split_the_same_way_every_time(tmp_path: Path) -> None:
    folder = folder_of_images(tmp_path / "photos", each=20)
    found, again = data.load(str(folder), tmp_path, SIDE), data.load(str(folder), tmp_path, SIDE)
    assert found.classes == ("dark", "light")
    assert len(found.train.labels) + len(found.held_out.labels) == 40
    assert 2 <= len(found.held_out.labels) <= 16
    assert np.array_equal(found.train.images, again.train.images)
    assert found.train.images.shape[1:] == (SIDE, SIDE, 3)
    assert ((found.train.images.mean(axis=(1, 2, 3)) > 150) == found.train.labels).all()
    moved = shutil.copytree(folder, tmp_path / "elsewhere" / "photos")
    assert np.array_equal(data.load(str(moved), tmp_path, SIDE).train.images, found.train.images)


def test_a_folder_with_its_own_split_keeps_it(tmp_path: Path) -> None:
    folder_of_images(tmp_path / "train", each=4)
    folder_of_images(tmp_path / "val", each=2)
    found = data.load(str(tmp_path), tmp_path, SIDE)
    assert (len(found.train.labels), len(found.held_out.labels)) == (8, 4)
    assert data.class_count(str(tmp_path), tmp_path) == 2


def test_the_middle_square_of_an_image_is_kept(tmp_path: Path) -> None:
    folder = folder_of_images(tmp_path, each=8)
    stripes = np.zeros((96, 288, 3), np.uint8)
    stripes[:, 96:192] = 255
    for index in range(8):
        Image.fromarray(stripes).save(folder / "light" / f"{index}.png")
    found = data.load(str(folder), tmp_path, SIDE)
    assert (found.train.images[found.train.labels == 1] == 255).all()


@pytest.mark.parametrize(("wrong", "words"), FOLDERS)
def test_a_folder_that_cannot_be_used_is_refused(tmp_path: Path, wrong: str, words: str) -> None:
    folder = tmp_path / "photos"
    if wrong != "missing":
        folder.mkdir()
    for name in {"one class": ("a",), "no images": ("a", "b")}.get(wrong, ()):
        (folder / name).mkdir()
    if wrong == "broken":
        shutil.rmtree(folder)
        (folder_of_images(folder) / "dark" / "0.png").write_bytes(b"\x89PNG no image")
    with pytest.raises(StudyError, match=words):
        data.load(str(folder), tmp_path, SIDE)
