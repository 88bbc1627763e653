"""Figures 1 and 5: accuracy against parameters and against multiply-adds, as drawn and as counted."""

from __future__ import annotations

from explorer.formats.measures import BILLION, MILLION
from explorer.formats.quantities import signed
from explorer.published import preset_costs
from explorer.published.figures import CostDot, SizeDot, figure1, figure5

PREFIX = "EfficientNet-"


def is_efficientnet(dot: SizeDot | CostDot) -> bool:
    """Whether a dot is one of B0 to B7."""
    return dot.model.startswith(PREFIX)


def counted(dot: SizeDot | CostDot) -> float:
    """Our count of one of B0 to B7 in the unit of its figure: millions of parameters, billions of multiply-adds."""
    spent = preset_costs("efficientnet")[dot.model.removeprefix(PREFIX).lower()]
    return spent.params / MILLION if isinstance(dot, SizeDot) else spent.macs / BILLION


def cost(dot: SizeDot | CostDot) -> float:
    """What a dot is drawn at, in the unit of its figure."""
    return dot.params_millions if isinstance(dot, SizeDot) else dot.macs_billions


def sentence(given: tuple[SizeDot | CostDot, ...], unit: str) -> str:
    """For the best compared network that an EfficientNet matches: by how much that is smaller; and our recount."""
    own = [dot for dot in given if is_efficientnet(dot)]
    pairs = [
        (dot, min((each for each in own if each.top1 >= dot.top1), key=cost))
        for dot in given
        if not is_efficientnet(dot) and any(each.top1 >= dot.top1 for each in own)
    ]
    other, smaller = max(pairs, key=lambda pair: cost(pair[0]) / cost(pair[1]))
    errors = [counted(dot) / cost(dot) - 1 for dot in own]
    return (
        f"The widest gap is {other.model} ({other.top1:g} %): {smaller.model} reaches {smaller.top1:g} % with "
        f"{cost(other) / cost(smaller):.1f} times fewer {unit}. Our count of the EfficientNets is "
        f"{signed(100 * min(errors))} to {signed(100 * max(errors))} % from what is drawn."
    )


def rows(given: tuple[SizeDot | CostDot, ...], unit: str) -> list[dict[str, object]]:
    """The data of a chart."""
    return [
        {
            "model": dot.model,
            f"{unit} as drawn": cost(dot),
            f"{unit}, counted": counted(dot) if is_efficientnet(dot) else None,
            "top-1, %": dot.top1,
            "source": dot.source,
        }
        for dot in given
    ]


def by_size() -> tuple[SizeDot | CostDot, ...]:
    """Figure 1."""
    return figure1()


def by_cost() -> tuple[SizeDot | CostDot, ...]:
    """Figure 5."""
    return figure5()
