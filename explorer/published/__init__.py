"""What the papers and their code publish, read from assets/published/; every row names its source."""

from explorer.published.coefficients import (
    Preset,
    as_published,
    named,
    nearest,
    preset_costs,
    preset_networks,
    presets,
    printed_keras_params,
    same_stages,
)
from explorer.published.table2 import PublishedResult, table2

__all__ = [
    "Preset",
    "PublishedResult",
    "as_published",
    "named",
    "nearest",
    "preset_costs",
    "preset_networks",
    "presets",
    "printed_keras_params",
    "same_stages",
    "table2",
]
