"""Step 1, the small grid search at φ = 1, and step 2, φ upwards: what each candidate and each published model is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.accuracy.predict import Predictions, predict_many
from explorer.accuracy.stored import Report
from explorer.accuracy.words import basis_sentence
from explorer.cost import counting, design_space
from explorer.formats.measures import MACS
from explorer.formats.quantities import counted, times
from explorer.network.baselines import EFFICIENTNET
from explorer.network.description import of_baseline
from explorer.network.scaling import Compound, Multipliers
from explorer.planning.rounding_gap import effective_phi
from explorer.published import presets
from explorer.study.candidates import STEP, TOLERANCE, promised

Floats = NDArray[np.float64]

MODELS = tuple(f"b{size}" for size in range(1, 8))


@dataclass(frozen=True, eq=False)
class Candidates:
    """Settings of step 1, one element each: what they build at φ = 1 and the accuracy that is predicted of it.

    `built` are multiply-adds relative to B0's.
    """

    alpha: Floats
    beta: Floats
    gamma: Floats
    product: Floats
    built: Floats
    predicted: Predictions

    @property
    def paper(self) -> int:
        """Where the paper's own choice is."""
        own = Compound(1.0)
        distance = abs(self.alpha - own.alpha) + abs(self.beta - own.beta) + abs(self.gamma - own.gamma)
        return int(np.argmin(distance))


def candidates() -> Candidates:
    """The grid of α, β, γ from 1 upwards in steps of 0.05 whose product is closer to 2 than 0.1."""
    alpha, beta, gamma = np.array(promised(STEP, TOLERANCE)).T
    product = alpha * beta**2 * gamma**2
    designs = design_space.of_compound(EFFICIENTNET, 1.0, alpha, beta, gamma)
    built = designs.costs.macs / counting.of(of_baseline(EFFICIENTNET)).macs
    pixels = np.floor(EFFICIENTNET.input_resolution * gamma + 0.5)
    return Candidates(alpha, beta, gamma, product, built, predict_many(alpha, beta, pixels))


def step1_sentence(found: Candidates) -> str:
    """How many candidates there are and how far what they build is from the promised doubling."""
    return (
        f"In steps of {STEP} there are {len(found.alpha)} candidates whose product is closer to 2 than {TOLERANCE}. "
        f"All promise to double the multiply-adds; rounding makes them build {times(float(found.built.min()))} to "
        f"{times(float(found.built.max()))}, the paper's choice {times(float(found.built[found.paper]))}. So the "
        "search compares networks of unequal cost unless it counts what is built."
    )


def predicted_sentence(found: Candidates, known: Report) -> str:
    """What accuracies the model expects of the candidates, the best one's beside the paper's choice, and how surely."""
    top1, at = found.predicted.top1, found.paper
    best = int(np.argmax(top1))
    better = int(np.count_nonzero((top1 > top1[at]) & (found.built <= found.built[at])))
    margin = float(found.predicted.upper[at] - top1[at])
    return (
        f"Trained as in version 5 the candidates would reach {top1.min():.1f} to {top1.max():.1f} % top-1: the paper's "
        f"choice {top1[at]:.1f} %, the best (α {found.alpha[best]:g}, β {found.beta[best]:g}, γ "
        f"{found.gamma[best]:g}) {top1[best]:.1f} % at {times(float(found.built[best]))} the multiply-adds of B0. "
        f"{counted(better, 'candidate')} {'is' if better == 1 else 'are'} expected to be better than the paper's at no "
        f"more cost, but the interval is ± {margin:.1f} points, so only training can tell them apart. "
        f"{basis_sentence(known)}"
    )


def step1_rows(found: Candidates) -> list[dict[str, object]]:
    """The data of the candidates."""
    likely = found.predicted
    columns = (
        found.alpha,
        found.beta,
        found.gamma,
        found.product,
        found.built,
        likely.top1,
        likely.lower,
        likely.upper,
    )
    names = (
        "α: depth",
        "β: width",
        "γ: resolution",
        "α·β²·γ²",
        f"{MACS.label} built at φ = 1, × B0's",
        "predicted top-1, %",
        "lower end of its 90 % interval, %",
        "upper end of its 90 % interval, %",
    )
    return [dict(zip(names, map(float, row), strict=True)) for row in zip(*columns, strict=True)]


@dataclass(frozen=True)
class PublishedPhi:
    """A published network and the φ that each dimension alone would need with the paper's constants."""

    title: str
    phi: dict[str, float]


def published_phis() -> tuple[PublishedPhi, ...]:
    """B1 to B7."""
    found = []
    for key in MODELS:
        preset = presets()[key]
        scaled = Multipliers(preset.depth, preset.width, preset.input_resolution / EFFICIENTNET.input_resolution)
        phis = {name: value for name, value in effective_phi(scaled, Compound(1.0)).items() if value is not None}
        found.append(PublishedPhi(preset.title.removeprefix("EfficientNet-"), phis))
    return tuple(found)


def step2_sentence() -> str:
    """That no published network lies on the formula, with the closest and the farthest."""
    spreads = {each.title: max(each.phi.values()) - min(each.phi.values()) for each in published_phis()}
    closest, farthest = min(spreads, key=spreads.__getitem__), max(spreads, key=spreads.__getitem__)
    return (
        "A network on the formula would have its three dots on one height. None of B1 to B7 has: the three φ of "
        f"{closest} differ by {spreads[closest]:.2f}, those of {farthest} by {spreads[farthest]:.2f}. Their "
        "multipliers are a table's, not the formula's."
    )


def step2_rows() -> list[dict[str, object]]:
    """The data of the published φ."""
    return [
        {"model": each.title, **{f"φ by {name}": value for name, value in each.phi.items()}}
        for each in published_phis()
    ]
