"""A baseline of the user's own: a stage table as JSON, checked field by field (docs/stage-tables.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import lru_cache

from explorer.cost import counting
from explorer.formats.quantities import counted
from explorer.formats.strict_json import JsonError, nearest, parse, shown, unknown_field
from explorer.network.baselines import ENDS, STEMS, Baseline, Operator, StageTemplate
from explorer.network.description import Network, as_baseline, scale
from explorer.network.scaling import MULTIPLIER, PIXELS, Range, ScalingError
from explorer.settings.stage_fields import flag, stage_of, whole

KEY = "own"
FAMILY = "Your own"
NAME = "Own network"
ACTIVATIONS = ("silu", "relu6", "relu")
FIELDS = (
    "name", "input_resolution", "activation", "classes", "in_channels", "classifier", "keeps_90_percent", "stages",
)  # fmt: skip

USUAL: Mapping[str, object] = {
    "in_channels": 3,
    "classifier": True,
    "keeps_90_percent": True,
    "skips": True,
    "expands_output": False,
}
"""Fields of a table or of a stage that are written only where they say something else."""

CLASSES = Range(1, 25_000)
IN_CHANNELS = Range(1, 16)
FEWEST_STAGES, MOST_STAGES = 3, 20
MOST_LAYERS = 200
MOST_CHARACTERS = 20_000
LARGEST_COUNT = 10**18
"""Of the largest network that a table can be scaled to: whatever is counted of it, in bytes too, fits in 64 bits."""

LONGEST_NAME = 40
UNWANTED = re.compile(r"[^\w ,.-]|(?i:(?<=\bwww)\.)|(?<![^\W_])[_.]|[_.](?![^\W_])")
"""A name is shown on pages, in charts and files: nothing in it may be read as markup there, whoever forgets to escape
it. Of `_` and `.` those between letters or digits are left, but for the one that makes a web address of a name."""


def to_json(baseline: Baseline, indent: int | None = 2) -> str:
    """The table of `baseline` as the JSON that `from_json` reads; on one line with `indent` None."""
    return json.dumps(to_document(baseline), ensure_ascii=False, indent=indent)


def to_document(baseline: Baseline) -> dict[str, object]:
    """The same as what `from_document` reads."""
    stages = [_unusual({**asdict(stage), "operator": stage.operator.value}) for stage in baseline.stages]
    return _unusual({**{name: getattr(baseline, name) for name in FIELDS}, "stages": stages})


def _unusual(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if name not in USUAL or USUAL[name] != value}


def table_of(network: Network, name: str) -> str:
    """A built network as a stage table, which scaled by nothing is that network again.

    Raises:
        ScalingError: the table would be beyond what can be read again; the sentence says why.
    """
    text = to_json(replace(as_baseline(network), name=_shown(name)))
    from_json(text)
    return text


def from_json(text: str) -> Baseline:
    """The baseline that a JSON document describes.

    Raises:
        ScalingError: it is no such document, or a field is missing, unknown, given twice or out of range; the sentence
            names it.
    """
    if len(text) > MOST_CHARACTERS:
        raise ScalingError(f"The stage table has {len(text):,} characters; give at most {MOST_CHARACTERS:,}.")
    try:
        return from_document(parse(text))
    except JsonError as error:
        raise ScalingError(f"The stage table {error}: give an object with a list called “stages”.") from error


def from_document(document: object) -> Baseline:
    """The baseline that the values of a JSON document describe.

    Raises:
        ScalingError: as `from_json`.
    """
    if not isinstance(document, dict):
        raise ScalingError("The stage table must be a JSON object with a list called “stages”.")
    unknown = unknown_field(document, FIELDS)
    if unknown:
        raise ScalingError(f"The stage table has {unknown}.")
    rows, name = document.get("stages"), document.get("name", "")
    if not isinstance(rows, list):
        raise ScalingError("The stage table must be a JSON object with a list called “stages”.")
    if not all(isinstance(row, dict) for row in rows):
        raise ScalingError("Each stage must be a JSON object with an operator and its channels.")
    if not isinstance(name, str):
        raise ScalingError(f"The name is “{shown(name)}”; give text.")
    return from_rows(rows, document, _shown(name))


def from_rows(rows: Sequence[Mapping[str, object]], document: Mapping[str, object], name: str) -> Baseline:
    """The baseline of stage rows as dictionaries, with the other fields of `document`.

    Raises:
        ScalingError: as `from_json`.
    """
    if not FEWEST_STAGES <= len(rows) <= MOST_STAGES:
        allowed = f"from {FEWEST_STAGES} to {MOST_STAGES}"
        has = f"The table has {counted(len(rows), 'stage')}"
        raise ScalingError(f"{has}; give {allowed}, a stem first and an end last.")
    stages: list[StageTemplate] = []
    for number, row in enumerate(rows, start=1):
        stages.append(stage_of(number, row, stages[-1].channels if stages else None))
    _check_order(stages)
    layers = sum(stage.layers for stage in stages)
    if layers > MOST_LAYERS:
        raise ScalingError(f"The table has {layers} layers in all; give at most {MOST_LAYERS}.")
    baseline = Baseline(
        KEY,
        FAMILY,
        name,
        tuple(stages),
        whole(document, "input_resolution", PIXELS, "The input resolution", 224),
        _activation(document),
        whole(document, "classes", CLASSES, "The number of classes", 1000),
        whole(document, "in_channels", IN_CHANNELS, "The number of the images' channels", 3),
        flag(document, "classifier", "of the table", True),
        flag(document, "keeps_90_percent", "of the table", True),
    )
    _check_reach(baseline)
    return baseline


def own(baseline: Baseline) -> Baseline:
    """A copy of `baseline` as a table of one's own, to start from."""
    return replace(baseline, key=KEY, family=FAMILY, name=f"Edited {baseline.name}")


def _shown(name: str) -> str:
    """The name with all taken out that could be markup; a cut must not leave any either."""
    return UNWANTED.sub("", UNWANTED.sub("", name)[:LONGEST_NAME]).strip(" ,-") or NAME


def _activation(document: Mapping[str, object]) -> str:
    found = document.get("activation", "silu")
    if not isinstance(found, str) or found not in ACTIVATIONS:
        word = f"“{shown(found)}”{nearest(found, ACTIVATIONS)}"
        raise ScalingError(f"The activation is {word}; give one of {', '.join(ACTIVATIONS)}.")
    return found


def _check_order(stages: Sequence[StageTemplate]) -> None:
    """A stem, then blocks of families that go together, then an end."""
    first, *trunk, last = (stage.operator for stage in stages)
    if first not in STEMS or last not in ENDS or any(operator in STEMS | ENDS for operator in trunk):
        raise ScalingError("The first stage must be a stem (conv), the last an end (head or classifier), none between.")
    if Operator.BOTTLENECK not in trunk and first is Operator.CONVOLUTION:
        return
    strides = [stage.stride for stage in stages[1:-1]]
    resnet = set(trunk) == {Operator.BOTTLENECK} and (first, last) == (Operator.CONVOLUTION_POOL, Operator.CLASSIFIER)
    if not resnet or strides != [1, 2, 2, 2]:
        raise ScalingError(
            "Bottlenecks need a whole ResNet: conv+pool, four bottleneck stages of strides 1, 2, 2, 2, classifier; "
            "other blocks need the stem conv."
        )


@lru_cache(maxsize=64)
def _check_reach(baseline: Baseline) -> None:
    """Refuse a table of which maps and sliders reach networks that cannot be counted in 64 bits."""
    largest = counting.of(scale(baseline, MULTIPLIER.highest, MULTIPLIER.highest, int(PIXELS.highest)))
    if largest.macs > LARGEST_COUNT:
        raise ScalingError(
            f"The table is too large: scaled up as far as the sliders go it has {largest.macs:.1e} multiply-adds, "
            f"more than the {LARGEST_COUNT:.0e} that are counted; give fewer channels or layers."
        )
