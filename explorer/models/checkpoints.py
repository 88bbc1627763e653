"""The catalogue of trained weights: what each is, how it wants its images, where its file lies.

Nothing here opens a file of weights or imports torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from explorer.assets import table
from explorer.cost import counting
from explorer.formats.strict_json import decode
from explorer.models import manifest
from explorer.models.errors import JobError
from explorer.models.preprocess import Preprocessing
from explorer.models.weight_sources import Hub, NpmPackage, OwnFile, Package, Place, own_files
from explorer.network.description import Network, scale
from explorer.published import presets

BYTES_PER_NUMBER = 4


class WeightsError(JobError):
    """Trained weights that are missing, broken or do not fit; its text is a sentence for the user."""


@dataclass(frozen=True)
class Checkpoint:
    """Trained weights and the network that they belong to, at the resolution that they were evaluated at.

    `padding` is "same" for weights born in TensorFlow (which pads the far side first) and "" for PyTorch's
    symmetric padding; `norm_epsilon` belongs to the weights too, and so does whether the statistics of their batch
    normalisations are folded into them (`folded_norms`), which training on must leave as they are. `top1` is the
    measured ImageNet accuracy in percent, from `top1_source`; None where nobody has measured it.
    """

    name: str
    title: str
    recipe: str
    network: Network
    place: Place
    preprocessing: Preprocessing
    padding: str
    norm_epsilon: float
    top1: float | None
    top1_source: str
    licence: str
    folded_norms: bool = False

    @property
    def source(self) -> str:
        """Where the weights come from."""
        return f"{self.place.source} ({self.licence})"

    @property
    def bytes(self) -> int:
        """What a download takes: every weight and every running mean and variance in float32."""
        layers = (layer for stage in self.network.stages for block in stage.blocks for layer in block.layers)
        running = sum(2 * layer.out_channels for layer in layers if layer.norm)
        return BYTES_PER_NUMBER * (counting.of(self.network).params + running)

    @property
    def at_hand(self) -> bool:
        """Whether the file is on this machine."""
        return self.place.path() is not None

    def path(self) -> Path:
        """The file of the weights on this machine.

        Raises:
            WeightsError: it is not here.
        """
        path = self.place.path()
        if path is None:
            raise WeightsError(f"The weights of {self.title} {self.place.remedy}")
        return path


@cache
def published() -> Mapping[str, Checkpoint]:
    """The published weights by name, those that are installed with the app first."""
    return {row["name"]: _checkpoint(row) for row in table("checkpoints.csv")}


def bundled() -> Mapping[str, Checkpoint]:
    """The published weights that are installed with the app, smallest network first."""
    return {name: checkpoint for name, checkpoint in published().items() if isinstance(checkpoint.place, Package)}


def catalogue() -> Mapping[str, Checkpoint]:
    """All weights by name: those of the user's folder first, then the published ones.

    A file called like a published entry takes its place; any other needs its description beside it, as `export`
    writes it (`refusals` names those that have none).
    """
    own = {found.name: found for found in map(_own, own_files()) if isinstance(found, Checkpoint)}
    return {**own, **{name: own.get(name, checkpoint) for name, checkpoint in published().items()}}


def at_hand() -> tuple[Checkpoint, ...]:
    """The weights on this machine."""
    return tuple(checkpoint for checkpoint in catalogue().values() if checkpoint.at_hand)


def refusals() -> tuple[str, ...]:
    """A sentence for each file in the user's folder that cannot be used."""
    return tuple(found for found in map(_own, own_files()) if isinstance(found, str))


def _own(file: OwnFile) -> Checkpoint | str:
    """The weights in a file of the user's, or why they cannot be used."""
    name, beside = file.file.stem, file.file.with_suffix(".json")
    if not _is_text(name):
        return f"{_shown(file.file.name)} has a name that is not UTF-8, so no page can show it: rename it."
    if file.path() is None:
        return f"{file.file.name} leads out of the folder of weights, so it is not read."
    if name in published():
        return replace(published()[name], place=file)
    if not beside.is_file():
        return f"{file.file.name} has no description {beside.name} beside it, and no published entry has its name."
    try:
        found = manifest.from_json(decode(beside.read_bytes()))
    except (OSError, ValueError) as error:
        return f"{beside.name} does not describe {file.file.name}: {error}."
    return Checkpoint(
        name,
        found.title or name,
        found.recipe,
        found.network,
        file,
        found.preprocessing,
        found.padding,
        found.norm_epsilon,
        found.top1,
        found.top1_source,
        found.licence or "licence not given",
        found.folded_norms,
    )


def _is_text(name: str) -> bool:
    """Whether a name is one in UTF-8: Linux lets files be called by any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(name: str) -> str:
    return name.encode(errors="backslashreplace").decode()


def _checkpoint(row: dict[str, str]) -> Checkpoint:
    preset = presets()[row["preset"]]
    pixels = int(row["input_resolution"])
    return Checkpoint(
        row["name"],
        preset.title,
        row["recipe"],
        scale(preset.baseline, preset.depth, preset.width, pixels),
        _place(row),
        Preprocessing(pixels, float(row["crop"]), row["interpolation"], _rgb(row["mean"]), _rgb(row["std"])),
        row["padding"],
        float(row["norm_epsilon"]),
        float(row["top1"]) if row["top1"] else None,
        row["top1_source"],
        row["licence"],
        row["norms"] == "folded",
    )


def _place(row: dict[str, str]) -> Place:
    if row["package"]:
        return Package(row["package"], row["file"])
    if row["npm"]:
        package, _, version = row["npm"].rpartition("@")
        return NpmPackage(package, version, row["origin"], row["file"])
    return Hub(row["repository"], row["file"])


def _rgb(text: str) -> tuple[float, float, float]:
    red, green, blue = (float(value) for value in text.split())
    return red, green, blue
