"""`python -m explorer classify` with several files: all that can be answered are, the others are named."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explorer.cli import photographs
from explorer.cli.terminal import CommandError, one_line, print_json, print_table
from explorer.formats.csv import as_csv
from explorer.formats.quantities import duration, percent

if TYPE_CHECKING:
    from explorer.vision.photograph import Photograph

Document = Mapping[str, Any]
"""An answer as JSON output has it, with the name of its file."""

SHOWN = 2
"""Answers for each file in the table for people."""


def answer_all(images: Iterable[Path], answer: Callable[[Photograph], Document], form: str) -> None:
    """Print what `answer` says of each file and of each photograph in a folder; name the refused on stderr.

    Args:
        images: files and folders.
        answer: the answer to one photograph, as JSON output has it.
        form: `json`, `csv` or `text`.

    Raises:
        CommandError: some were refused: the sentence of the last, when all others have been printed.
    """
    outcomes = list(_outcomes(images, answer))
    answered = [outcome for outcome in outcomes if not isinstance(outcome, str)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, str)]
    if answered:
        _PRINTERS[form](answered)
    for sentence in refused[:-1]:
        print(one_line(sentence), file=sys.stderr)
    if refused:
        raise CommandError(refused[-1])


def _outcomes(images: Iterable[Path], answer: Callable[[Photograph], Document]) -> Iterator[Document | str]:
    """An answer or the sentence of a refusal for each file; a folder that cannot be used is one refusal."""
    from explorer.vision.images import ImageRejected

    for given in images:
        try:
            paths = photographs.files(given)
        except CommandError as error:
            yield str(error)
            continue
        for path in paths:
            try:
                yield {"file": str(path), **answer(photographs.read(path))}
            except (CommandError, ImageRejected) as error:
                yield str(error)


def _print_text(answered: Sequence[Document]) -> None:
    rows = [_text_row(document) for document in answered]
    print_table(("File", "First answer", "Second answer", "Time"), rows, left=1 + SHOWN)


def _text_row(document: Document) -> tuple[str, ...]:
    cells = [
        f"{found['label'] or 'class {}'.format(found['class_index'])}, {percent(found['probability'])}"
        for found in document["predictions"][:SHOWN]
    ]
    return (one_line(document["file"]), *cells, *[""] * (SHOWN - len(cells)), duration(document["milliseconds"]))


def _print_csv(answered: Sequence[Document]) -> None:
    sys.stdout.write(as_csv([_csv_row(document) for document in answered]))


def _csv_row(document: Document) -> dict[str, Any]:
    """A column for label, index and probability (0 to 1) of each place."""
    cells: dict[str, Any] = {"file": document["file"]}
    for place, found in enumerate(document["predictions"], start=1):
        for name in ("label", "class_index", "probability"):
            cells[f"{name}_{place}"] = found[name]
    return {**cells, "milliseconds": document["milliseconds"], "runs": document["runs"]}


_PRINTERS: Mapping[str, Callable[[Sequence[Document]], None]] = {
    "json": print_json,
    "csv": _print_csv,
    "text": _print_text,
}
