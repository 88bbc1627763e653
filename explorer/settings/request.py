"""A network asked for outside the pages: by φ, by depth, width and pixels, or by its published name; in one way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from explorer.network.scaling import ScalingError
from explorer.published import named, presets
from explorer.settings import stage_table
from explorer.settings.built import baseline_of
from explorer.settings.declarations import Architecture

COMPOUND = ("phi", "alpha", "beta", "gamma")
DIRECT = ("depth", "width", "input_resolution")
WAYS: Mapping[str, tuple[str, ...]] = {"preset": ("preset",), "phi": COMPOUND, "depth": DIRECT}
"""The ways of giving a network: the name that stands for each, and the names that belong to it."""

Spelling = Callable[[str], str]
"""How whoever asks spells a name: `phi`, or `--phi` on the command line."""


def settings_of(
    numbers: Mapping[str, float],
    *,
    preset: str | None = None,
    family: str | None = None,
    table: str | None = None,
    rounding: str = "reference",
    spelled: Spelling = str,
) -> Architecture:
    """The settings that build what is asked for; without numbers and preset they are the baseline's own, φ = 0.

    Args:
        numbers: those given of `COMPOUND` and `DIRECT`, by name.
        preset: the key of a published network.
        family: the key of the family that is scaled; B0's where neither it nor a table is given.
        table: a stage table of one's own as JSON.
        rounding: a key of `explorer.network.scaling.ROUNDINGS`.
        spelled: how a refusal spells these names.

    Raises:
        ScalingError: two ways are mixed, the preset is unknown or of another family, or the table cannot be read.
    """
    given = [
        way for way, names in WAYS.items() if (preset and way == "preset") or any(name in numbers for name in names)
    ]
    if len(given) > 1:
        ways = " and ".join(map(spelled, given))
        raise ScalingError(f"Give the network in one way only, not by {ways} and their companions at once.")
    if preset is not None:
        return _of_preset(preset, family, table, rounding, spelled)
    start = of_baseline(family, table, rounding, spelled)
    # Floats, whatever was written: networks are kept by their settings, and 1 is equal to 1.0.
    exact: dict[str, Any] = {name: float(value) for name, value in numbers.items() if name != "input_resolution"}
    if given != ["depth"]:
        return replace(start, **exact)
    pixels = numbers.get("input_resolution", baseline_of(start).input_resolution)
    if pixels != int(pixels):
        raise ScalingError(f"The input resolution is {pixels} pixels: give a whole number.")
    return replace(start, by="direct", pixels=int(pixels), **exact)


def of_baseline(family: str | None, table: str | None, rounding: str, spelled: Spelling = str) -> Architecture:
    """The baseline that is asked for, unscaled.

    Raises:
        ScalingError: a family is given beside a table of one's own.
    """
    if table is None:
        return Architecture(family=family or "efficientnet", rounding=rounding, phi=0.0)
    if family is not None:
        raise ScalingError(f"A table of your own ({spelled('baseline')}) has no {spelled('family')}: leave one out.")
    return Architecture(family=stage_table.KEY, own=table, rounding=rounding, phi=0.0)


def _of_preset(name: str, family: str | None, table: str | None, rounding: str, spelled: Spelling) -> Architecture:
    if table is not None:
        raise ScalingError(f"A table of your own ({spelled('baseline')}) has no {spelled('preset')}: leave one out.")
    preset = named(name)
    if preset is None:
        raise ScalingError(f"There is no published network “{name}”: give one of {', '.join(presets())}.")
    if family not in {None, preset.family}:
        leave = f"leave {spelled('family')} {family} out"
        raise ScalingError(f"{preset.title} is of the family {preset.family}: {leave}.")
    return Architecture(
        family=preset.family,
        by="direct",
        rounding=rounding,
        depth=preset.depth,
        width=preset.width,
        pixels=preset.input_resolution,
    )
