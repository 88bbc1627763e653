"""The names of the classes, against timm's own list of ImageNet."""

from __future__ import annotations

import csv

import pytest
from timm.data.imagenet_info import ImageNetInfo

from explorer.assets import ASSETS
from explorer.vision.imagenet import labels

# Class indices that the other tests and the samples rest on.
KNOWN = {0: "tench", 281: "tabby", 282: "tiger cat", 285: "Egyptian cat", 657: "missile", 967: "espresso"}


@pytest.mark.parametrize(("class_index", "label"), KNOWN.items())
def test_known_classes(class_index: int, label: str) -> None:
    assert labels()[class_index] == label


def test_every_class_is_called_as_timm_calls_it_first() -> None:
    info = ImageNetInfo("imagenet-1k")
    expected = [info.index_to_description(index).split(",")[0] for index in range(info.num_classes())]
    assert list(labels()) == expected
    assert len(labels()) == 1000


def test_the_table_is_timms() -> None:
    info = ImageNetInfo("imagenet-1k")
    with (ASSETS / "imagenet" / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["class_index"]) for row in rows] == list(range(1000))
    assert [row["synset"] for row in rows] == info.label_names()
    assert [row["label"] for row in rows] == [info.index_to_description(index) for index in range(1000)]


def test_no_label_is_empty_or_untrimmed() -> None:
    assert all(label and label == label.strip() for label in labels())
