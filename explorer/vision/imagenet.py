"""The names of ImageNet's 1000 classes."""

from __future__ import annotations

from functools import cache

from explorer.assets import table


@cache
def labels() -> tuple[str, ...]:
    """The first name of each class, by class index: 281 is "tabby"."""
    return tuple(row["label"].split(",")[0] for row in table("imagenet/labels.csv"))
