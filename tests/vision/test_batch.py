"""Several photographs: their rows, their refusals, their limits, and the data for a file."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PIL import Image

from explorer.models.engine import Engine
from explorer.progress import Progress, listening
from explorer.vision import batch, classify
from explorer.vision.batch import MOST_BYTES, MOST_FILES, FileAnswer
from explorer.vision.classification import Classification
from explorer.vision.photograph import PhotographFile
from tests.support.samples import classifier, sample

pytestmark = pytest.mark.real_weights

# Sizes in bytes, and a part of the refusal (empty: taken).
TOGETHER: tuple[tuple[list[int], str], ...] = (
    ([], ""),
    ([MOST_BYTES], ""),
    ([1] * MOST_FILES, ""),
    ([1] * (MOST_FILES + 1), "21 files and at most 20"),
    ([MOST_BYTES, 1], "40.0 MB and at most 40 MB"),
)


@pytest.fixture(scope="module")
def rows(engines: Mapping[str, Engine]) -> tuple[FileAnswer, ...]:
    """A photograph, no photograph, and another one, whose name has a folder."""

    def look(image: Image.Image) -> Classification:
        return classify.look(engines["lite0"], classifier("lite0"), image)

    files = (
        PhotographFile("cat.jpg", sample("cat").read_bytes()),
        PhotographFile("notes.jpg", b"no picture"),
        PhotographFile("../coffee.jpg", sample("coffee").read_bytes()),
    )
    heard: list[Progress] = []
    with listening(heard.append):
        found = tuple(batch.classify(look, files, 2))
    assert [step.words for step in heard] == ["file 1 of 3", "file 2 of 3", "file 3 of 3"]
    return found


def test_each_file_is_answered_as_alone_or_refused(
    rows: tuple[FileAnswer, ...], sights: Mapping[tuple[str, str], Classification]
) -> None:
    assert [row.file for row in rows] == ["cat.jpg", "notes.jpg", "coffee.jpg"]
    for row, name in zip(rows[::2], ("cat", "coffee"), strict=True):
        assert row.top == sights["lite0", name].top(2)
        assert not row.refusal
    assert rows[1].top == ()
    assert rows[1].latency is None
    assert "“notes.jpg” is not an image" in rows[1].refusal


def test_the_data_has_every_file_and_every_place(rows: tuple[FileAnswer, ...]) -> None:
    cat, refused, coffee = batch.table(rows, 2)
    assert list(cat) == list(refused) == list(coffee)
    assert (coffee["label_1"], coffee["class_index_1"], coffee["refused"]) == ("espresso", 967, "")
    assert refused["label_1"] == refused["milliseconds"] == ""
    assert refused["refused"] == rows[1].refusal


def test_the_sentence_counts(rows: tuple[FileAnswer, ...]) -> None:
    assert batch.batch_sentence(rows) == "2 photographs were looked at. 1 file was refused."
    assert batch.batch_sentence(rows[:1]) == "1 photograph was looked at."
    assert batch.batch_sentence([rows[1]] * 2) == "0 photographs were looked at. 2 files were refused."


@pytest.mark.parametrize(("sizes", "said"), TOGETHER)
def test_files_that_are_too_much_together_are_not_taken(sizes: list[int], said: str) -> None:
    refusal = batch.too_much(sizes)
    assert said in refusal
    assert bool(refusal) == bool(said)
