"""Photographs that a command is given: a file, or a folder of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from explorer.cli.terminal import CommandError, reason

if TYPE_CHECKING:
    from explorer.vision.photograph import Photograph


def read(path: Path) -> Photograph:
    """The photograph in a file.

    Raises:
        CommandError: the file cannot be read.
        ImageRejected: it is no photograph.
    """
    from explorer.vision import images

    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise CommandError(f"{path} cannot be read: {reason(error)}.") from error
    return images.read(data, path.name)


def files(path: Path) -> list[Path]:
    """`path` itself, or where it is a folder the files in it that are called like photographs, by name.

    Raises:
        CommandError: the folder cannot be read, or there is none in it.
    """
    from explorer.vision.images import EXTENSIONS

    if not is_folder(path):
        return [path]
    try:
        found = sorted(each for each in path.iterdir() if each.suffix.lower()[1:] in EXTENSIONS and each.is_file())
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {reason(error)}.") from error
    if not found:
        raise CommandError(f"{path} holds no photographs: give a folder with JPEG, PNG or other image files in it.")
    return found


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder; what cannot be one is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):  # ValueError: a null character in the name
        return False
