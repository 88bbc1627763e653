"""Everything that a link can carry, as one table: name, default, allowed values.

The same table reads a link, clamps what is out of range (and says so), and writes the link again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from explorer.formats.measures import AXES
from explorer.formats.quantities import counted
from explorer.network import scaling
from explorer.network.baselines import BASELINES
from explorer.published.constants import constant
from explorer.published.filters import ALL, DATA, FAMILIES, RECIPES, YEARS
from explorer.published.pareto import KINDS
from explorer.published.table2 import VERSIONS
from explorer.settings import stage_table
from explorer.settings.fields import Choice, Field, Number, Text

LONGEST_NAME = 80
"""Characters of the name of a file of weights."""

LONGEST_TRIPLE = 80
"""Characters of an "α,β,γ"."""

MOST_PINNED = 500
"""Characters of the networks that are kept on the frontier."""

LONGEST_LINKS = 2000
"""Characters of the links of networks side by side, a line each."""

LONGEST_GUESSES = 200
"""Characters of the guesses of all lessons."""

MOST_BLOCKS = 2000
"""More than the deepest network has."""

MOST_LISTED, FEW_LISTED = 20, 5
"""How many options a notice lists, and how many of more than those."""

TEXT_SHOWN = 24
"""How many characters of a broken value a notice repeats."""

EXPONENT = scaling.Range(-0.3, 0.0)
"""w of the search's reward: at 0 only accuracy counts."""


FIELDS: Mapping[str, Field] = {
    "family": Choice((*BASELINES, stage_table.KEY)),
    "own": Text(stage_table.MOST_CHARACTERS),
    "by": Choice(("formula", "direct")),
    "phi": Number(1.0, scaling.PHI, 4),
    "alpha": Number(scaling.PAPER_ALPHA, scaling.COEFFICIENT, 4),
    "beta": Number(scaling.PAPER_BETA, scaling.COEFFICIENT, 4),
    "gamma": Number(scaling.PAPER_GAMMA, scaling.COEFFICIENT, 4),
    "rounding": Choice(tuple(scaling.ROUNDINGS)),
    "hold": Choice(("off", "alpha", "beta", "gamma")),
    "depth": Number(1.0, scaling.MULTIPLIER, 4),
    "width": Number(1.0, scaling.MULTIPLIER, 4),
    "pixels": Number(224, scaling.PIXELS, 0),
    "drawing": Choice(("towers", "blocks")),
    "block": Number(0, scaling.Range(0, MOST_BLOCKS), 0),
    "panel": Choice(("conventions", "promise", "memory", "speed", "twins", "budget", "map")),
    "chapter": Choice(
        (
            "problem",
            "baseline",
            "dimensions",
            "single",
            "balance",
            "rule",
            "steps",
            "search",
            "results",
            "sizes",
            "others",
            "latency",
            "transfer",
            "maps",
            "after",
            "errata",
        )
    ),
    "version": Choice(VERSIONS),
    "exponent": Number(constant("search_exponent"), EXPONENT, 2),
    "photo": Choice(("cat", "coffee", "cat_and_coffee", "camera", "rocket", "upload", "webcam", "several")),
    "network": Choice(("sliders", "lite0", "lite1", "lite2")),
    "weights": Text(LONGEST_NAME),
    "view": Choice(("evidence", "difference", "trust", "compare", "resolution", "family", "package", "catalogue")),
    "class_index": Number(-1, scaling.Range(-1, 999), 0),
    "opacity": Number(80, scaling.Range(0, 100), 0),
    "study": Choice(("shipped", "own")),
    "triple": Text(LONGEST_TRIPLE),
    "part": Choice(("chart", "chooser")),
    "axis": Choice(tuple(AXES)),
    "spacing": Choice(("log", "linear")),
    "kind": Choice(tuple(KINDS)),
    "cloud": Choice(("on", "off")),
    "only_family": Choice((ALL, *FAMILIES)),
    "only_recipe": Choice((ALL, *RECIPES)),
    "only_data": Choice((ALL, *DATA)),
    "since": Number(YEARS[0], scaling.Range(*YEARS), 0),
    "card": Text(LONGEST_NAME),
    "pins": Text(MOST_PINNED),
    "limit_macs": Number(1000.0, scaling.Range(0, 1e7), 2),
    "limit_params": Number(0.0, scaling.Range(0, 1e5), 2),
    "limit_memory": Number(0.0, scaling.Range(0, 1e3), 2),
    "limit_ms": Number(0.0, scaling.Range(0, 1e5), 2),
    "beside": Choice(("paper", "links")),
    "links": Text(LONGEST_LINKS),
    "drawn": Choice(("smooth", "cells")),
    "method": Choice(("exact", "grad_cam", "hires_cam", "layer_cam", "grad_cam_plus_plus")),
    "stage": Number(7, scaling.Range(1, stage_table.MOST_STAGES), 0),
    "versus": Number(-1, scaling.Range(-1, 999), 0),
    "left": Number(0, scaling.Range(0, 100), 0),
    "top": Number(0, scaling.Range(0, 100), 0),
    "right": Number(100, scaling.Range(0, 100), 0),
    "bottom": Number(100, scaling.Range(0, 100), 0),
    "mode": Choice(("full", "presenter")),
    "reading": Choice(("chapters", "lessons")),
    "lesson": Number(1, scaling.Range(1, 8), 0),
    "guesses": Text(LONGEST_GUESSES),
    "teacher": Choice(("off", "on")),
}


ARCHITECTURE = (
    "family",
    "own",
    "by",
    "phi",
    "alpha",
    "beta",
    "gamma",
    "rounding",
    "hold",
    "depth",
    "width",
    "pixels",
)
"""The settings that decide which network is built."""


@dataclass(frozen=True)
class Settings:
    """One state of the explorer; every field is in `FIELDS`, which holds its default and its range.

    `own` is the user's stage table as JSON, for the family of that name. `by` says whether φ (`formula`) or
    `depth`, `width` and `pixels` (`direct`) give the network. `hold` names the coefficient that follows so that
    α·β²·γ² stays 2. `drawing` is how page Scale draws the network, `block` the one that is opened there, from 1 at the
    input; 0 is none. `panel` is what page Count shows, `chapter` what page Paper shows, with the accuracies of the
    paper's `version` and the search's `exponent` w. `network` is the one that looks: that at the sliders or a published
    one; `weights` names the weights of the former where several fit. `class_index` −1 is the network's own first
    answer, `versus` −1 the likeliest other class. `drawn` says whether a map is shown smoothly or as its cells,
    `method` and `stage` which map; `left`, `top`, `right` and `bottom` are a rectangle in percent of the input's sides.
    The limits are the chooser's, in million multiply-adds, million parameters, GiB and milliseconds; 0 is none.
    `study` is the one that page Search shows, `triple` the "α,β,γ" of it that is looked at. `beside` says what
    stands side by side: the paper's five ways of scaling, or the networks of `links`. `mode` is the whole page or, to
    be projected, its essentials in large type. `reading` is what page Paper gives, `lesson` the one that is open, from
    1, `guesses` what was guessed so far ("1_2;5_1.9"), `teacher` whether the teacher's notes are shown.
    """

    family: str = "efficientnet"
    own: str = ""
    by: str = "formula"
    phi: float = 1.0
    alpha: float = scaling.PAPER_ALPHA
    beta: float = scaling.PAPER_BETA
    gamma: float = scaling.PAPER_GAMMA
    rounding: str = "reference"
    hold: str = "off"
    depth: float = 1.0
    width: float = 1.0
    pixels: int = 224
    drawing: str = "towers"
    block: int = 0
    panel: str = "conventions"
    chapter: str = "problem"
    version: str = VERSIONS[0]
    exponent: float = constant("search_exponent")
    photo: str = "cat"
    network: str = "sliders"
    weights: str = ""
    view: str = "evidence"
    class_index: int = -1
    opacity: int = 80
    study: str = "shipped"
    triple: str = ""
    part: str = "chart"
    axis: str = "macs"
    spacing: str = "log"
    kind: str = "top1"
    cloud: str = "on"
    only_family: str = ALL
    only_recipe: str = ALL
    only_data: str = ALL
    since: int = YEARS[0]
    card: str = ""
    pins: str = ""
    limit_macs: float = 1000.0
    limit_params: float = 0.0
    limit_memory: float = 0.0
    limit_ms: float = 0.0
    beside: str = "paper"
    links: str = ""
    drawn: str = "smooth"
    method: str = "exact"
    stage: int = 7
    versus: int = -1
    left: int = 0
    top: int = 0
    right: int = 100
    bottom: int = 100
    mode: str = "full"
    reading: str = "chapters"
    lesson: int = 1
    guesses: str = ""
    teacher: str = "off"

    @property
    def architecture(self) -> Settings:
        """The part that decides which network is built; all else as it is by default."""
        return replace(Settings(), **{name: getattr(self, name) for name in ARCHITECTURE})

    @property
    def compound(self) -> scaling.Compound:
        """φ, α, β, γ as set, with the held coefficient following."""
        asked = scaling.Compound(self.phi, self.alpha, self.beta, self.gamma)
        return asked if self.hold == "off" else scaling.hold_product(asked, self.hold)


def options(name: str) -> tuple[str, ...]:
    """The options of the choice called `name`, the default first.

    Raises:
        KeyError: there is no choice of that name.
    """
    field = FIELDS[name]
    if not isinstance(field, Choice):
        raise KeyError(name)
    return field.options


def parse(query: Mapping[str, str]) -> tuple[Settings, tuple[str, ...]]:
    """The settings that a link asks for, and a sentence for each value that had to be changed.

    Unknown names are ignored, so that a link of another version still opens.
    """
    values: dict[str, Any] = {}
    notices: list[str] = []
    for name, field in FIELDS.items():
        if name in query:
            values[name], exact = field.read(query[name])
            if not exact:
                notices.append(_notice(name, query[name], field, values[name]))
    return replace(Settings(), **values), tuple(notices)


def to_query(settings: Settings) -> dict[str, str]:
    """The link of `settings`: only what differs from the defaults."""
    query: dict[str, str] = {}
    for name, value in asdict(settings).items():
        written = FIELDS[name].write(value)
        if written != FIELDS[name].write(FIELDS[name].default):
            query[name] = written
    return query


def _notice(name: str, text: str, field: Field, value: float | str) -> str:
    shown = text if len(text) <= TEXT_SHOWN else f"{text[:TEXT_SHOWN]}…"
    instead = f"Shown with {name} = {value}." if value != "" else f"Shown without {name}."
    return f"The link asks for {name} = “{shown}”; allowed: {_allowed(field)}. {instead}"


def _allowed(field: Field) -> str:
    match field:
        case Number():
            return f"numbers from {field.range.lowest:g} to {field.range.highest:g}"
        case Choice():
            return _listed(field.options)
        case Text():
            return f"at most {field.longest:,} characters"


def _listed(names: tuple[str, ...]) -> str:
    """All of a few names, the first of many."""
    if len(names) <= MOST_LISTED:
        return ", ".join(names)
    return f"{', '.join(names[:FEW_LISTED])} and {counted(len(names) - FEW_LISTED, 'other')}"
