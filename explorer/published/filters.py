"""What the points of the frontier can be filtered by: family, recipe, data and year."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.published.pareto import FrontierPoint, published

ALL = "all"

FAMILIES = tuple(sorted({point.family for point in published()}))
RECIPES = tuple(sorted({point.recipe for point in published()}))
DATA = tuple(sorted({point.data for point in published()}))
YEARS = (min(point.year for point in published()), max(point.year for point in published()))


def chosen(points: Sequence[FrontierPoint], family: str, recipe: str, data: str, since: int) -> list[FrontierPoint]:
    """The points of one family, recipe and kind of training data (or `ALL`), whose paper is of `since` or later."""
    return [
        point
        for point in points
        if family in (ALL, point.family)
        and recipe in (ALL, point.recipe)
        and data in (ALL, point.data)
        and point.year >= since
    ]
