"""What a move of the sliders did, in one sentence computed from the networks before and after it."""

from __future__ import annotations

from explorer.formats.quantities import counted, decimal, times
from explorer.network.baselines import BASELINES
from explorer.planning.narrative import title_of
from explorer.settings import stage_table
from explorer.settings.built import Built, build
from explorer.settings.declarations import Architecture

FORMULA = {"phi": "φ", "alpha": "α", "beta": "β", "gamma": "γ"}
DIRECT = {"depth": "d", "width": "w", "pixels": "pixels"}
SEVERAL = 3
"""Architecture that are named one by one; where more have moved at once the network is named instead."""

SAME = 0.005
"""Two factors that differ by less than this share are called equal."""


def change_sentence(before: Architecture, after: Architecture) -> str:
    """What moving from one setting to another did to the network: its size, its cost, and what the formula promised.

    Raises:
        ScalingError: one of the two builds no network.
    """
    was, now = build(before), build(after)
    moved = _moved(before, after, now)
    if was.network == now.network:
        why = "; rounding takes up the whole step" if before.by == after.by else ", given in another way"
        return f"{moved}: the same network as before{why}."
    return f"{moved}: {', '.join((*_sizes(was, now), _cost(was, now)))}."


def _moved(before: Architecture, after: Architecture, now: Built) -> str:
    """The settings that moved, from where to where."""
    if before.family != after.family or before.own != after.own:
        return f"{_family(before)} → {_family(after)}"
    if before.rounding != after.rounding:
        return f"Rounding {before.rounding} → {after.rounding}"
    symbols = FORMULA if after.by == "formula" else DIRECT
    values = [(symbol, _value(before, name), _value(after, name)) for name, symbol in symbols.items()]
    moved = [f"{symbol} {old} → {new}" for symbol, old, new in values if old != new]
    if before.by != after.by or not 0 < len(moved) <= SEVERAL:
        return title_of(now)
    return ", ".join(moved)


def _value(settings: Architecture, name: str) -> str:
    """A setting as it counts: of a held coefficient, what it follows to."""
    return decimal(getattr(settings.compound if name in FORMULA else settings, name))


def _family(settings: Architecture) -> str:
    return stage_table.FAMILY if settings.family == stage_table.KEY else BASELINES[settings.family].family


def _sizes(was: Built, now: Built) -> list[str]:
    """Depth, resolution and width, each where it has changed."""
    blocks = was.network.block_count, now.network.block_count
    pixels = was.network.input_resolution, now.network.input_resolution
    said = [f"{blocks[0]} → {counted(blocks[1], 'block')}"] if blocks[0] != blocks[1] else []
    if pixels[0] != pixels[1] and (was.compound or now.compound):  # else the move itself is in pixels
        said.append(f"{pixels[0]} → {pixels[1]} px")
    return said + _widths(was, now)


def _widths(was: Built, now: Built) -> list[str]:
    """How many stages became wider or narrower; nothing where the stages are others altogether."""
    if len(was.network.stages) != len(now.network.stages):
        return []
    pairs = [(old.channels, new.channels) for old, new in zip(was.network.stages, now.network.stages, strict=True)]
    changed = {
        "wider": sum(new > old for old, new in pairs),
        "narrower": sum(new < old for old, new in pairs),
    }
    return [f"{counted(count, 'stage')} {word}" for word, count in changed.items() if count]


def _cost(was: Built, now: Built) -> str:
    """The factor of multiply-adds; beside it the one that was promised, where both scale the same baseline."""
    built = now.cost.macs / was.cost.macs
    said = f"{times(built)} the multiply-adds"
    if was.baseline != now.baseline:
        return said
    promised = now.promised_factor / was.promised_factor
    if abs(built / promised - 1) < SAME:
        return f"{said}, as the formula promised"
    return f"{said}; the formula promised {times(promised)}"
