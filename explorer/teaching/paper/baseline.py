"""Table 1: EfficientNet-B0 as printed beside the network that we build, and where its cost lies."""

from __future__ import annotations

from explorer.cost import counting
from explorer.formats.measures import MACS, PARAMS
from explorer.formats.quantities import percent
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import Network, Stage, of_baseline
from explorer.published.figures import TableStage, table1


def b0() -> Network:
    """EfficientNet-B0."""
    return of_baseline(EFFICIENTNET)


def agrees(row: TableStage, stage: Stage) -> bool:
    """Whether our stage has the printed resolution, channels and layers."""
    printed = (row.input_resolution, row.channels, row.layers)
    return printed == (stage.input_resolution, stage.channels, stage.depth)


def sentence() -> str:
    """How many rows agree, the exact totals, and the stage that costs most."""
    network = b0()
    spent = counting.of(network)
    matching = sum(agrees(row, stage) for row, stage in zip(table1(), network.stages, strict=True))
    dearest = max(network.stages, key=lambda stage: counting.of_stage(stage).macs)
    share = percent(counting.of_stage(dearest).macs / spent.macs)
    return (
        f"{matching} of {len(table1())} rows agree with the network that is built here. It has exactly "
        f"{spent.params:,} parameters and {spent.macs:,} multiply-adds; stage {dearest.number} alone takes {share} of "
        "the multiply-adds."
    )


def rows() -> list[dict[str, object]]:
    """Table 1 with our count of each stage, for a table and as the data of the chart."""
    network = b0()
    total = counting.of(network)
    found = []
    for row, stage in zip(table1(), network.stages, strict=True):
        spent = counting.of_stage(stage)
        found.append(
            {
                "Stage": row.stage,
                "Operator": row.operator,
                "Resolution, pixels": row.input_resolution,
                "Channels": row.channels,
                "Layers": row.layers,
                "Built alike": "yes" if agrees(row, stage) else "no",
                PARAMS.column: spent.params,
                MACS.column: spent.macs,
                f"Share of {MACS.label}, %": round(100 * spent.macs / total.macs, 1),
                f"Share of {PARAMS.label}, %": round(100 * spent.params / total.params, 1),
            }
        )
    return found
