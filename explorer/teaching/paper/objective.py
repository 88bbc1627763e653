"""How B0 was found: the search's reward accuracy·(FLOPS/T)^w, and what it says of the networks that we know."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from explorer.formats.measures import MACS
from explorer.formats.quantities import fixed, percent
from explorer.published.constants import constant
from explorer.published.table2 import PublishedResult, table2


@dataclass(frozen=True)
class SearchReward:
    """The trade-off of the search: the target in billions of multiply-adds and the exponent w (negative)."""

    target: float
    exponent: float

    def reward(self, top1: float, macs_billions: float) -> float:
        """ACC·(FLOPS/T)^w, in percent."""
        return top1 * math.pow(macs_billions / self.target, self.exponent)

    def top1_for(self, reward: float, macs_billions: float) -> float:
        """The accuracy in percent that earns `reward` at a cost: the line of equal reward."""
        return reward / math.pow(macs_billions / self.target, self.exponent)

    @property
    def price(self) -> float:
        """By what factor accuracy must grow to pay for a doubling of the multiply-adds: 2^−w."""
        return float(2**-self.exponent)


def of_paper() -> SearchReward:
    """T = 400 million, w = −0.07."""
    return SearchReward(constant("search_target"), constant("search_exponent"))


def ranked(objective: SearchReward, results: Sequence[PublishedResult] = ()) -> list[tuple[float, PublishedResult]]:
    """Reward and network, the best first; networks without a printed cost are left out."""
    found = [
        (objective.reward(row.top1, row.macs_billions), row)
        for row in results or table2()
        if row.macs_billions is not None
    ]
    return sorted(found, key=lambda pair: pair[0], reverse=True)


def sentence(objective: SearchReward) -> str:
    """What a doubling must bring at this exponent, and which networks the reward prefers."""
    (best_reward, best), *_, (worst_reward, worst) = ranked(objective)
    start = table2()[0]
    needed = start.top1 * objective.price
    return (
        f"With w = {fixed(objective.exponent)} twice the multiply-adds must bring {percent(objective.price - 1)} more "
        f"accuracy: from {start.top1:g} % to {needed:.1f} %. Of Table 2's networks the reward prefers {best.model} "
        f"({best_reward:.1f}); last comes {worst.model} ({worst_reward:.1f})."
    )


def rows(objective: SearchReward) -> list[dict[str, object]]:
    """The data of the chart."""
    return [
        {
            "model": row.model,
            MACS.scaled: row.macs_billions,
            "top-1, %": row.top1,
            "reward": round(reward, 3),
            "source": row.source,
        }
        for reward, row in ranked(objective)
    ]
