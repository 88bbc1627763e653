"""Tables 5 and 6 and Figure 6: what was learnt on ImageNet carries over to eight other data sets."""

from __future__ import annotations

from explorer.formats.measures import PARAMS
from explorer.published.transfer import Comparison, TransferDot, figure6, table5, table6


def panels() -> dict[str, tuple[TransferDot, ...]]:
    """The dots of Figure 6 by data set, in the order of Table 6."""
    return {each.dataset: tuple(dot for dot in figure6() if dot.dataset == each.dataset) for each in table6()}


def ahead(dots: tuple[TransferDot, ...]) -> int:
    """How many of the compared networks an EfficientNet of no more parameters equals or beats."""
    own = [dot for dot in dots if dot.is_efficientnet]
    return sum(
        any(each.accuracy >= dot.accuracy and each.params_millions <= dot.params_millions for each in own)
        for dot in dots
        if not dot.is_efficientnet
    )


def panel_sentence(dataset: str, dots: tuple[TransferDot, ...]) -> str:
    """What one panel shows."""
    own = [dot for dot in dots if dot.is_efficientnet]
    best = max(own, key=lambda dot: dot.accuracy)
    return (
        f"{dataset}: from {own[0].accuracy:.1f} % ({own[0].model}, {own[0].params_millions:g} million parameters) to "
        f"{best.accuracy:.1f} % ({best.model}, {best.params_millions:g} million). {ahead(dots)} of "
        f"{len(dots) - len(own)} other networks are matched by a smaller EfficientNet."
    )


def sentence() -> str:
    """The count over all panels, and where the best reported network stays ahead."""
    dots = panels().values()
    matched, others = sum(map(ahead, dots)), sum(not dot.is_efficientnet for dot in figure6())
    better = [row.dataset for row in table5() if row.comparison == "best" and row.other_accuracy > row.ours_accuracy]
    return (
        f"{matched} of the {others} dots of other networks are matched in accuracy by an EfficientNet of no more "
        f"parameters. The best reported networks stay ahead on {', '.join(better)}."
    )


def table_rows() -> list[dict[str, object]]:
    """Tables 5 and 6 joined, for a table, with the ratio recomputed."""
    sets = {row.dataset: row for row in table6()}
    return [
        {
            "Data set": row.dataset,
            "Training": sets[row.dataset].train,
            "Test": sets[row.dataset].test,
            "Classes": sets[row.dataset].classes,
            "Against": f"{row.other} ({row.comparison})",
            "Accuracy, %": row.other_accuracy,
            "Parameters, M": row.other_params_millions,
            "EfficientNet": row.ours.removeprefix("EfficientNet-"),
            "Its accuracy, %": row.ours_accuracy,
            "Its parameters, M": row.ours_params_millions,
            "Ratio printed": row.params_ratio_printed,
            "Recomputed": _ratio(row),
        }
        for row in table5()
    ]


def rows() -> list[dict[str, object]]:
    """The data of the eight charts."""
    return [
        {
            "data set": dot.dataset,
            "model": dot.model,
            PARAMS.scaled: dot.params_millions,
            "accuracy, %": dot.accuracy,
            "source": dot.source,
        }
        for dot in figure6()
    ]


def _ratio(row: Comparison) -> float | None:
    if row.other_params_millions is None or row.ours_params_millions is None:
        return None
    return round(row.other_params_millions / row.ours_params_millions, 1)
