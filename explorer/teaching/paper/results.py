"""Table 2: printed ratios beside ratios of exact counts, and accuracies that changed from version to version."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.cost.counting import Cost
from explorer.formats.measures import BILLION, MILLION
from explorer.formats.quantities import signed
from explorer.published import preset_costs
from explorer.published.table2 import PublishedResult, table2, table8

PREFIX = "EfficientNet-"


@dataclass(frozen=True)
class Compared:
    """A row of Table 2 with the EfficientNet of its group, printed and as we count it.

    The recomputed ratios are those of the printed numbers, and of the row's printed number over our exact count.
    """

    row: PublishedResult
    reference: PublishedResult
    counted: Cost

    @property
    def params_from_printed(self) -> float:
        """Parameters over those of the group's EfficientNet, both as printed."""
        return self.row.params_millions / self.reference.params_millions

    @property
    def macs_from_printed(self) -> float | None:
        """Multiply-adds over those of the group's EfficientNet, both as printed."""
        if self.row.macs_billions is None or self.reference.macs_billions is None:
            return None
        return self.row.macs_billions / self.reference.macs_billions

    @property
    def params_from_count(self) -> float:
        """Parameters as printed over our exact count of the group's EfficientNet; of that itself 1."""
        return 1.0 if self.row == self.reference else self.row.params_millions * MILLION / self.counted.params

    @property
    def macs_from_count(self) -> float | None:
        """Multiply-adds as printed over our exact count of the group's EfficientNet; of that itself 1."""
        if self.row == self.reference:
            return 1.0
        return None if self.row.macs_billions is None else self.row.macs_billions * BILLION / self.counted.macs


def compared(version: str) -> tuple[Compared, ...]:
    """Every row of Table 2 with the accuracies of a version of the paper."""
    results = table2(version)
    references = {row.group: row for row in results if row.is_efficientnet}
    costs = preset_costs("efficientnet")
    return tuple(Compared(row, references[row.group], costs[row.group.lower()]) for row in results)


def sentence(version: str) -> str:
    """What the chosen version says of the family, and what changed since the others."""
    own = [row for row in table2(version) if row.is_efficientnet]
    newest = {row.model: row.top1 for row in table2() if row.is_efficientnet}
    changes = [(row.top1 - newest[row.model], row.model) for row in own]
    begin = f"{own[0].model} has {own[0].top1:g} %, {own[-1].model} {own[-1].top1:g} % in {version}."
    if version == "v5":
        return f"{begin} v5 is the paper's last version; its numbers are those of the validation column of Table 8."
    largest, model = max(changes, key=lambda change: abs(change[0]))
    low, high = signed(min(changes)[0]), signed(max(changes)[0])
    return (
        f"{begin} Against v5 accuracies differ by {low} to {high} points, most for {model} ({signed(largest)}): "
        "the networks are the same, their training is not."
    )


def advantage_sentence(version: str) -> str:
    """The range of the factors by which the compared networks are larger and dearer, from exact counts."""
    others = [each for each in compared(version) if each.row != each.reference]
    params = [each.params_from_count for each in others]
    macs = [each.macs_from_count for each in others if each.macs_from_count is not None]
    return (
        f"The compared networks have {min(params):.1f} to {max(params):.1f} times the parameters and {min(macs):.1f} "
        f"to {max(macs):.1f} times the multiply-adds of the EfficientNet of their accuracy, by our exact counts."
    )


def table_rows(version: str) -> list[dict[str, object]]:
    """Table 2 with recomputed ratios, for a table."""
    return [
        {
            "Network": each.row.model,
            "Top-1, %": each.row.top1,
            "Top-5, %": each.row.top5,
            "Parameters, M": each.row.params_millions,
            "Ratio printed": each.row.params_ratio,
            "Recomputed": round(each.params_from_printed, 2),
            "Of exact count": round(each.params_from_count, 2),
            "FLOPS, G": each.row.macs_billions,
            "FLOPS ratio printed": each.row.macs_ratio,
            "FLOPS recomputed": None if each.macs_from_printed is None else round(each.macs_from_printed, 2),
            "FLOPS of exact count": None if each.macs_from_count is None else round(each.macs_from_count, 2),
        }
        for each in compared(version)
    ]


def split_rows() -> list[dict[str, str]]:
    """Table 8, for a table."""
    return [
        {
            "Network": row.model,
            "Top-1, validation": f"{row.validation_top1:.2f} %",
            "Top-1, test": f"{row.test_top1:.2f} %",
            "Top-5, validation": f"{row.validation_top5:.2f} %",
            "Top-5, test": f"{row.test_top5:.2f} %",
        }
        for row in table8()
    ]


def version_rows(version: str) -> list[dict[str, object]]:
    """Top-1 of B0 to B7 in a version of the paper beside the newest one, for a table."""
    newest = {row.model: row.top1 for row in table2()}
    return [
        {
            "Network": row.model,
            f"Top-1 in {version}": f"{row.top1:.1f} %",
            f"Top-5 in {version}": f"{row.top5:.1f} %",
            "Top-1 against v5": signed(row.top1 - newest[row.model]),
        }
        for row in table2(version)
        if row.is_efficientnet
    ]
