"""A network that can see, as one JSON document: its stages, how it wants its images, where its weights come from.

`export` writes it beside the weights; a folder of one's own weights needs it to know what they are.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, TypeGuard

from explorer.formats.strict_json import JsonError, parse, unknown_field
from explorer.models.preprocess import RESAMPLING, Preprocessing
from explorer.network.description import Network, as_baseline, scale
from explorer.network.scaling import NONE, ScalingError
from explorer.settings import stage_table

FORMAT = "efficientnet-explorer network 1"
LONGEST_TEXT = 200
PADDINGS = ("", "same")
LARGEST_EPSILON = 0.1


class DescriptionError(ValueError):
    """A document that describes no network; its text says what is wrong with it."""


@dataclass(frozen=True)
class Description:
    """What a file of weights does not say of itself. `top1` is in percent, None where nobody has measured it.

    `folded_norms` says that the statistics of the batch normalisations are folded into the weights.
    """

    title: str
    network: Network
    preprocessing: Preprocessing
    padding: str
    norm_epsilon: float
    recipe: str
    source: str
    licence: str
    top1: float | None = None
    top1_source: str = ""
    folded_norms: bool = False


def to_json(description: Description) -> str:
    """The document that `from_json` reads."""
    document = {
        "format": FORMAT,
        **{name: getattr(description, name) for name in _TEXTS},
        "top1": description.top1,
        "padding": description.padding,
        "norm_epsilon": description.norm_epsilon,
        "folded_norms": description.folded_norms,
        "preprocessing": asdict(description.preprocessing),
        "network": stage_table.to_document(as_baseline(description.network)),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def from_json(text: str) -> Description:
    """The description in a JSON document.

    Raises:
        DescriptionError: it is no such document, or a field is missing or out of range; the sentence names it.
    """
    try:
        document = parse(text)
    except JsonError as error:
        raise DescriptionError(f"it {error}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise DescriptionError(f"its format is not “{FORMAT}”")
    _require_known(document, FIELDS, "it")
    try:
        baseline = stage_table.from_document(document.get("network"))
        network = scale(baseline, 1.0, 1.0, baseline.input_resolution, NONE)
    except ScalingError as error:
        raise DescriptionError(str(error).rstrip(".")) from error
    preprocessing = _preprocessing(document.get("preprocessing"), network.input_resolution)
    top1, epsilon, padding = (document.get(name) for name in ("top1", "norm_epsilon", "padding"))
    if padding not in PADDINGS or not _is_number(epsilon, LARGEST_EPSILON):
        raise DescriptionError("its padding must be “same” or empty and its norm_epsilon a small number")
    if top1 is not None and not _is_number(top1, 100):
        raise DescriptionError("its top1 must be an accuracy in percent, or null")
    folded = document.get("folded_norms", False)
    if not isinstance(folded, bool):
        raise DescriptionError("its folded_norms must be true or false")
    texts = {name: str(document.get(name, ""))[:LONGEST_TEXT] for name in _TEXTS}
    return Description(
        network=network,
        preprocessing=preprocessing,
        padding=padding,
        norm_epsilon=float(epsilon),
        top1=top1,
        folded_norms=folded,
        **texts,
    )


_TEXTS = ("title", "recipe", "source", "licence", "top1_source")
FIELDS = ("format", *_TEXTS, "top1", "padding", "norm_epsilon", "folded_norms", "preprocessing", "network")


def _require_known(found: dict[str, Any], known: tuple[str, ...], words: str) -> None:
    unknown = unknown_field(found, known)
    if unknown:
        raise DescriptionError(f"{words} has {unknown}")


def _preprocessing(value: object, pixels: int) -> Preprocessing:
    if not isinstance(value, dict) or value.get("interpolation") not in RESAMPLING:
        raise DescriptionError(f"its preprocessing must name an interpolation: {', '.join(RESAMPLING)}")
    _require_known(value, tuple(Preprocessing.__dataclass_fields__), "its preprocessing")
    crop = value.get("crop")
    if not _is_number(crop, 1):
        raise DescriptionError("its crop must be a share from 0 to 1")
    return Preprocessing(pixels, float(crop), value["interpolation"], _rgb(value, "mean"), _rgb(value, "std"))


def _rgb(value: dict[str, Any], name: str) -> tuple[float, float, float]:
    numbers = value.get(name)
    if not isinstance(numbers, list) or len(numbers) != 3 or not all(_is_number(each, 1) for each in numbers):  # noqa: PLR2004 - red, green, blue
        raise DescriptionError(f"its {name} must be three numbers from 0 to 1")
    red, green, blue = map(float, numbers)
    return red, green, blue


def _is_number(value: object, largest: float) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= largest
