"""Every setting of the explorer, declared once: its type, default, allowed values and meaning, by what it belongs to.

What a link can carry, what its widget allows, the sentence about a value that had to be changed and the table in
docs/settings.md all come from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from explorer.cost.memory import OPTIMISERS, PRECISIONS
from explorer.formats.measures import AXES, COUNTED
from explorer.network import scaling
from explorer.network.baselines import BASELINES
from explorer.network.scaling import COEFFICIENT, MULTIPLIER, PAPER_ALPHA, PAPER_BETA, PAPER_GAMMA, PHI, PIXELS, Range
from explorer.published.constants import constant
from explorer.published.filters import ALL, DATA, FAMILIES, RECIPES, YEARS
from explorer.published.pareto import KINDS
from explorer.published.table2 import VERSIONS
from explorer.settings import stage_table
from explorer.settings.fields import Choice, Field, choice, declared, number, text, whole

LONGEST_NAME = 80
"""Characters of the name of a file of weights, of a network on the frontier, of an "α,β,γ"."""

MOST_PINNED = 500
"""Characters of the networks that are kept on the frontier."""

LONGEST_LINKS = 2000
"""Characters of the links of networks side by side, a line each."""

LONGEST_GUESSES = 200
"""Characters of the guesses of all lessons."""

MOST_BLOCKS = 2000
"""More than the deepest network has."""

MOST_IMAGES = 4096
"""Of a batch."""

EXPONENT = Range(-0.3, 0.0)
"""w of the search's reward: at 0 only accuracy counts."""

CHAPTERS = (
    "problem", "baseline", "dimensions", "single", "balance", "rule", "steps", "search", "results", "sizes", "others",
    "latency", "transfer", "maps", "after", "errata",
)  # fmt: skip
"""Of page Paper, in the order of reading."""

SWITCH = ("off", "on")
PANELS = ("conventions", "promise", "memory", "speed", "twins", "budget", "map")
PHOTOGRAPHS = ("cat", "coffee", "cat_and_coffee", "camera", "rocket", "upload", "webcam", "several")
VIEWS = ("evidence", "difference", "trust", "compare", "resolution", "family", "package", "catalogue")
MAPS = ("exact", "grad_cam", "hires_cam", "layer_cam", "grad_cam_plus_plus")
AXES_OF_MAP = ("phi", "alpha", "beta", "gamma", "depth", "width", "pixels")


@dataclass(frozen=True)
class Architecture:
    """The settings that decide which network is built."""

    family: str = choice((*BASELINES, stage_table.KEY), "The table that is scaled; `own` is your own.")
    own: str = text(stage_table.MOST_CHARACTERS, "Your stage table as JSON (docs/stage-tables.md).")
    by: str = choice(("formula", "direct"), "Scaled by φ, or by depth, width and pixels.")
    phi: float = number(1.0, PHI, 4, "φ, the compound coefficient.")
    alpha: float = number(PAPER_ALPHA, COEFFICIENT, 4, "α: depth grows by it for each step of φ.")
    beta: float = number(PAPER_BETA, COEFFICIENT, 4, "β: width grows by it for each step of φ.")
    gamma: float = number(PAPER_GAMMA, COEFFICIENT, 4, "γ: resolution grows by it for each step of φ.")
    rounding: str = choice(tuple(scaling.ROUNDINGS), "How exact products become whole layers and channels.")
    hold: str = choice(("off", *scaling.EXPONENTS), "The coefficient that follows so that α·β²·γ² stays 2.")
    depth: float = number(1.0, MULTIPLIER, 4, "d, the depth multiplier.")
    width: float = number(1.0, MULTIPLIER, 4, "w, the width multiplier.")
    pixels: int = whole(224, PIXELS.lowest, PIXELS.highest, "The input resolution, pixels a side.")

    @property
    def compound(self) -> scaling.Compound:
        """φ, α, β, γ as set, with the held coefficient following."""
        asked = scaling.Compound(self.phi, self.alpha, self.beta, self.gamma)
        return asked if self.hold == "off" else scaling.hold_product(asked, self.hold)


@dataclass(frozen=True)
class PageView:
    """What holds on every page."""

    mode: str = choice(("full", "presenter"), "The whole page, or its essentials in large type for a projector.")


@dataclass(frozen=True)
class ScaleView:
    """What page Scale shows of the network."""

    drawing: str = choice(("towers", "blocks"), "How the network is drawn.")
    block: int = whole(0, 0, MOST_BLOCKS, "The block that is open, from 1 at the input; 0 is none.")


@dataclass(frozen=True)
class BudgetView:
    """What a network may cost, on page Count and in the chooser of page Frontier; 0 is no limit."""

    limit_macs: float = number(1000.0, Range(0, 1e7), 2, "At most so many million multiply-adds.")
    limit_params: float = number(0.0, Range(0, 1e5), 2, "At most so many million parameters.")
    limit_activations: float = number(0.0, Range(0, 1e6), 2, "At most so many million activations.")
    limit_memory: float = number(0.0, Range(0, 1e3), 2, "At most so many GiB of training memory.")
    limit_ms: float = number(0.0, Range(0, 1e5), 2, "At most so many milliseconds for an image.")


@dataclass(frozen=True)
class CountView:
    """What page Count asks about the network."""

    panel: str = choice(PANELS, "The question.")
    precision: str = choice(tuple(PRECISIONS), "Of the numbers in memory.")
    optimiser: str = choice(tuple(OPTIMISERS), "Of training, in memory.")
    batch: int = whole(32, 1, MOST_IMAGES, "Images in a batch of training.")
    gpu: float = number(16.0, Range(1, 200), 2, "Memory of the GPU, GiB.")
    free: str = choice(SWITCH, "Whether the budget chooses α, β and γ too.")
    objective: str = choice(("macs", "params", "lean"), "What is best within the budget, where it does.")
    map_across: str = choice(AXES_OF_MAP, "The slider from left to right on the map of costs.")
    map_up: str = choice(("alpha", "phi", *AXES_OF_MAP[2:]), "The slider from bottom to top on it.")
    map_cost: str = choice(tuple(COUNTED), "The cost that it shows.")


@dataclass(frozen=True)
class FrontierView:
    """What page Frontier draws."""

    part: str = choice(("chart", "chooser"), "The part of the page.")
    axis: str = choice(tuple(AXES), "The cost of the chart.")
    spacing: str = choice(("log", "linear"), "Of the cost's axis.")
    kind: str = choice(tuple(KINDS), "The accuracy of the chart.")
    cloud: str = choice(("on", "off"), "Whether sampled designs are drawn behind it.")
    only_family: str = choice((ALL, *FAMILIES), "Only networks of this family.")
    only_recipe: str = choice((ALL, *RECIPES), "Only networks of this recipe.")
    only_data: str = choice((ALL, *DATA), "Only networks trained on this.")
    since: int = whole(YEARS[0], *YEARS, "Only papers of this year or later.")
    card: str = text(LONGEST_NAME, "The network whose card is open.")
    pins: str = text(MOST_PINNED, "The networks that are kept on the chart.")


@dataclass(frozen=True)
class LookView:
    """Which photograph page Look shows to which network, and what it shows of the answer."""

    photo: str = choice(PHOTOGRAPHS, "The photograph.")
    network: str = choice(("sliders", "lite0", "lite1", "lite2"), "The network: at the sliders, or a published one.")
    weights: str = text(LONGEST_NAME, "The weights of the network at the sliders, where several fit.")
    view: str = choice(VIEWS, "What is shown of the answer.")
    class_index: int = whole(-1, -1, 999, "The class that is asked about; −1 is the first answer.")
    versus: int = whole(-1, -1, 999, "The class that it is compared with; −1 is the likeliest other.")
    opacity: int = whole(80, 0, 100, "Of the map, %.")
    drawn: str = choice(("smooth", "cells"), "Whether a map is drawn smoothly or as its cells.")
    method: str = choice(MAPS, "Which map.")
    stage: int = whole(7, 1, stage_table.MOST_STAGES, "The stage of a map by a gradient.")
    left: int = whole(0, 0, 100, "The rectangle's left edge, % of the input's side.")
    top: int = whole(0, 0, 100, "The rectangle's top edge, %.")
    right: int = whole(100, 0, 100, "The rectangle's right edge, %.")
    bottom: int = whole(100, 0, 100, "The rectangle's bottom edge, %.")
    beside: str = choice(("paper", "links"), "Side by side: the paper's ways of scaling, or networks of links.")
    links: str = text(LONGEST_LINKS, "The links of those networks, a line each.")


@dataclass(frozen=True)
class PaperView:
    """What page Paper gives to read."""

    reading: str = choice(("chapters", "lessons"), "The paper, or lessons on it.")
    chapter: str = choice(CHAPTERS, "The open chapter.")
    version: str = choice(VERSIONS, "The paper's version whose accuracies are shown.")
    exponent: float = number(constant("search_exponent"), EXPONENT, 2, "w of the search's reward.")
    lesson: int = whole(1, 1, 8, "The open lesson.")
    guesses: str = text(LONGEST_GUESSES, "What was guessed so far (1_2;5_1.9).")
    teacher: str = choice(SWITCH, "Whether the teacher's notes are shown.")


@dataclass(frozen=True)
class SearchView:
    """What page Search shows."""

    study: str = choice(("shipped", "own"), "The study.")
    triple: str = text(LONGEST_NAME, "The “α,β,γ” of it that is looked at.")


@dataclass(frozen=True)
class Settings:
    """One state of the explorer, in parts; no two parts have a setting of the same name."""

    architecture: Architecture = field(default_factory=Architecture)
    page: PageView = field(default_factory=PageView)
    scale: ScaleView = field(default_factory=ScaleView)
    budget: BudgetView = field(default_factory=BudgetView)
    count: CountView = field(default_factory=CountView)
    frontier: FrontierView = field(default_factory=FrontierView)
    look: LookView = field(default_factory=LookView)
    paper: PaperView = field(default_factory=PaperView)
    search: SearchView = field(default_factory=SearchView)

    @property
    def values(self) -> dict[str, Any]:
        """Every setting by its name."""
        return {name: value for part in asdict(self).values() for name, value in part.items()}


PARTS: Mapping[str, type] = {each.name: type(getattr(Settings(), each.name)) for each in fields(Settings)}
FIELDS: Mapping[str, Field] = {name: each for part in PARTS.values() for name, each in declared(part).items()}
"""Every declaration by the name of its setting: the parameter of a link and the key of its widget."""


def of_values(values: Mapping[str, Any]) -> Settings:
    """The settings with these values by name, all others as by default."""
    given = {
        name: part(**{each: values[each] for each in declared(part) if each in values}) for name, part in PARTS.items()
    }
    return Settings(**given)


def options(name: str) -> tuple[str, ...]:
    """The options of the choice called `name`, the default first.

    Raises:
        KeyError: there is no choice of that name.
    """
    found = FIELDS[name]
    if not isinstance(found, Choice):
        raise KeyError(name)
    return found.options
