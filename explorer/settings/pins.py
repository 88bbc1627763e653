"""Networks that a visitor keeps on the frontier, written so that a link can carry them."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.formats.quantities import decimal
from explorer.network import description
from explorer.network.baselines import BASELINES
from explorer.network.description import Network
from explorer.network.scaling import MULTIPLIER, PIXELS, ROUNDINGS, ScalingError
from explorer.settings.built import Built

MOST = 6
BETWEEN, WITHIN = ";", ","


@dataclass(frozen=True)
class Pin:
    """A network of a family that the explorer knows, by its multipliers."""

    family: str
    depth: float
    width: float
    input_resolution: int
    rounding: str

    @property
    def title(self) -> str:
        """Family and multipliers, as a legend names them."""
        d, w = decimal(self.depth), decimal(self.width)
        return f"{BASELINES[self.family].family}: d {d}, w {w}, {self.input_resolution} px"

    def network(self) -> Network:
        """What it builds."""
        rounding = ROUNDINGS[self.rounding]
        return description.scale(BASELINES[self.family], self.depth, self.width, self.input_resolution, rounding)

    def text(self) -> str:
        """As a link carries it, with every digit that decides what is built."""
        return WITHIN.join((self.family, repr(self.depth), repr(self.width), str(self.input_resolution), self.rounding))


def read(text: str) -> tuple[tuple[Pin, ...], int]:
    """The pins that `text` holds, at most `MOST`, each once, and how many parts of it are none."""
    parts = [part for part in text.split(BETWEEN) if part]
    pins = [_pin(part) for part in parts]
    kept = tuple(dict.fromkeys(pin for pin in pins if pin is not None))
    return kept[:MOST], pins.count(None)


def write(pins: tuple[Pin, ...]) -> str:
    """The pins as a link carries them."""
    return BETWEEN.join(pin.text() for pin in pins)


def of_built(built: Built) -> Pin | None:
    """The pin of a built network; None for a stage table of the visitor's own, which a link has room for once only."""
    family = built.network.baseline.key
    if BASELINES.get(family) != built.network.baseline:
        return None
    rounding = next(key for key, each in ROUNDINGS.items() if each == built.rounding)
    return Pin(family, built.multipliers.depth, built.multipliers.width, built.network.input_resolution, rounding)


def _pin(part: str) -> Pin | None:
    try:
        family, depth, width, pixels, rounding = part.split(WITHIN)
        pin = Pin(family, float(depth), float(width), int(pixels), rounding)
        MULTIPLIER.require(pin.depth, "depth")
        MULTIPLIER.require(pin.width, "width")
        PIXELS.require(pin.input_resolution, "pixels")
    except (ValueError, ScalingError):
        return None
    return pin if family in BASELINES and rounding in ROUNDINGS else None
