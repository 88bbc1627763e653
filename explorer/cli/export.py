"""`python -m explorer export`: the files with which one trains on from here."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from explorer.cli.classifier import RequestedClassifier, add_classifier_arguments, asked
from explorer.cli.terminal import CommandError, reason, write_whole
from explorer.models import snippet
from explorer.models.lineage import Untrained
from explorer.settings import stage_table

EXPORT = """\
Write a network as files: weights.safetensors, network.onnx (checked against torch), weights.json (what they are, so
that a folder of your own weights can hold them) and rebuild.py, which builds the network with timm and counts it.

  export --family lite --phi 2 --output grown      grown from the largest trained network in it
  export --network lite1 --output lite1            as published
  export --phi 3 --output b3ish                    untrained: only the program and the stage table"""

TABLE, PROGRAM = "network.json", "rebuild.py"


def add_parser(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "export",
        help="write weights, ONNX graph, description and a program that rebuilds the network",
        description=EXPORT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="a folder; made where it is missing")
    add_classifier_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the files, each whole or not at all.

    Raises:
        CommandError, WeightsError: the folder cannot be written, or the weights cannot be used.
    """
    wanted = asked(arguments)
    files = _untrained(wanted) if isinstance(wanted.weights, Untrained) else _package(wanted)
    folder: Path = arguments.output
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise CommandError(f"{folder} cannot be made: {reason(error)}.") from error
    for name, data in files.items():
        write_whole(folder / name, lambda file, data=data: file.write(data))  # type: ignore[misc]  # bound at once
        print(f"{folder / name}: {len(data):,} bytes")
    if isinstance(wanted.weights, Untrained):
        print(f"No weights: {wanted.weights.words}")


def _package(wanted: RequestedClassifier) -> dict[str, bytes]:
    from explorer.models.package import PackageError, files

    try:
        return files(wanted.classifier)
    except PackageError as error:
        raise CommandError(str(error)) from error


def _untrained(wanted: RequestedClassifier) -> dict[str, bytes]:
    try:
        program = snippet.rebuild(wanted.network, wanted.title, "", 1e-5)
    except ValueError as error:
        raise CommandError(f"{wanted.title} cannot be written as a program for timm's EfficientNet: {error}") from error
    return {TABLE: stage_table.table_of(wanted.network, wanted.title).encode(), PROGRAM: program.encode()}
