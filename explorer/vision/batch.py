"""Several photographs, one after the other: what a network says of each, or why a file was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from explorer.cost.latency import Latency
from explorer.formats.quantities import counted
from explorer.progress import report
from explorer.vision import images
from explorer.vision.classification import Classification, ClassProbability
from explorer.vision.images import ImageRejected
from explorer.vision.photograph import PhotographFile

MOST_FILES = 20
MOST_BYTES = 40 * 1024 * 1024
"""Of all files together."""


@dataclass(frozen=True)
class FileAnswer:
    """One file: its most probable classes and the time of the forward pass, or the sentence that refuses it."""

    file: str
    top: tuple[ClassProbability, ...] = ()
    latency: Latency | None = None
    refusal: str = ""


def too_much(sizes: Sequence[int]) -> str:
    """Why files of these sizes in bytes are not taken together; empty where they are."""
    if len(sizes) > MOST_FILES:
        return f"These are {len(sizes)} files and at most {MOST_FILES} are looked at together: take some away."
    if sum(sizes) > MOST_BYTES:
        return (
            f"These files have {sum(sizes) / 2**20:.1f} MB and at most {MOST_BYTES // 2**20} MB are looked at "
            "together: take some away."
        )
    return ""


def classify(
    look: Callable[[Image.Image], Classification], files: Sequence[PhotographFile], count: int
) -> Iterator[FileAnswer]:
    """The `count` most probable classes of each file; only one photograph is decoded at a time."""
    for done, file in enumerate(files):
        name = images.shown_name(file.name)
        report(done / len(files), f"file {done + 1} of {len(files)}")
        try:
            sight = look(images.read(file.data, file.name).image)
        except ImageRejected as refusal:
            yield FileAnswer(name, refusal=str(refusal))
        else:
            yield FileAnswer(name, sight.top(count), sight.latency)


def table(rows: Sequence[FileAnswer], count: int) -> list[dict[str, object]]:
    """The rows as data for a file: a class, its index and its probability (0 to 1) for each of `count` places."""
    return [_cells(row, count) for row in rows]


def _cells(row: FileAnswer, count: int) -> dict[str, object]:
    cells: dict[str, object] = {"file": row.file}
    for place in range(count):
        found = row.top[place] if place < len(row.top) else None
        cells[f"label_{place + 1}"] = "" if found is None else found.label
        cells[f"class_index_{place + 1}"] = "" if found is None else found.class_index
        cells[f"probability_{place + 1}"] = "" if found is None else round(found.probability, 6)
    cells["milliseconds"] = "" if row.latency is None else round(row.latency.median_ms, 3)
    cells["runs"] = "" if row.latency is None else row.latency.runs
    cells["refused"] = row.refusal
    return cells


def batch_sentence(rows: Sequence[FileAnswer]) -> str:
    """How many files were answered, and how many refused."""
    refused = sum(bool(row.refusal) for row in rows)
    answered = len(rows) - refused
    photographs = f"{counted(answered, 'photograph')} {'was' if answered == 1 else 'were'} looked at."
    files = f" {counted(refused, 'file')} {'was' if refused == 1 else 'were'} refused." if refused else ""
    return f"{photographs}{files}"
