"""Colours that must be told apart, on both backgrounds and by colour-blind eyes."""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from explorer.formats.colours import BACKGROUNDS, COMPARED, COMPOUND, DEPTH, PUBLISHED, RESOLUTION, WIDTH, YOURS

Colour = NDArray[np.float64]

TOGETHER = {
    "yours": YOURS,
    "compared": COMPARED,
    "compound": COMPOUND,
    "depth": DEPTH,
    "width": WIDTH,
    "resolution": RESOLUTION,
}

# WCAG 2.2, 1.4.11: graphical objects.
LEAST_CONTRAST = 3.0
# Of CIE 1976 ΔE; a difference of 2.3 is just noticeable.
LEAST_DIFFERENCE = 15.0

# How eyes without one kind of cone see linear RGB: Machado, Oliveira and Fernandes 2009, severity 1.0.
EYES = {
    "full": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# Linear sRGB to CIE XYZ, and the white of D65.
XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)


def linear(colour: str) -> Colour:
    values = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ np.array(XYZ[1]))


def lab(light: Colour) -> Colour:
    x, y, z = np.cbrt(np.array(XYZ) @ np.clip(light, 0, 1) / np.array(WHITE))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_the_backgrounds_are_those_of_the_theme() -> None:
    theme = tomllib.loads(Path(".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
    assert {scheme: theme[scheme]["backgroundColor"] for scheme in BACKGROUNDS} == BACKGROUNDS


def test_compound_scaling_has_the_colour_of_the_published_networks() -> None:
    assert COMPOUND == PUBLISHED


@pytest.mark.parametrize("name", TOGETHER)
@pytest.mark.parametrize("background", BACKGROUNDS.values())
def test_a_colour_stands_out_from_the_page(name: str, background: str) -> None:
    darker, lighter = sorted((luminance(TOGETHER[name]), luminance(background)))
    assert (lighter + 0.05) / (darker + 0.05) >= LEAST_CONTRAST


@pytest.mark.parametrize(("one", "other"), tuple(combinations(TOGETHER, 2)))
@pytest.mark.parametrize("eye", EYES)
def test_two_colours_can_be_told_apart(one: str, other: str, eye: str) -> None:
    seen = [lab(np.array(EYES[eye]) @ linear(TOGETHER[name])) for name in (one, other)]
    assert float(np.linalg.norm(seen[0] - seen[1])) >= LEAST_DIFFERENCE
