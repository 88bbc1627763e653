"""What the checks of a map say, in sentences computed from what they found."""

from __future__ import annotations

from explorer.formats.quantities import fixed
from explorer.vision.imagenet import labels
from explorer.vision.trust import PerturbationCurve, Trust, Verdict

LEARNED = "It comes from what the network learned"
SHAPES = "A network that has forgotten everything draws much the same map, which may show the photograph's own shapes"
VERDICTS = {
    Verdict.TRUST: f"**You can trust this map.** {LEARNED}, and its strongest cells carry the answer.",
    Verdict.UNFAITHFUL: f"**Trust it with care.** {LEARNED}, but its strongest cells do not carry the answer alone.",
    Verdict.INSENSITIVE: f"**Trust it with care.** Its strongest cells carry the answer. But: {SHAPES}.",
    Verdict.DISTRUST: f"**Do not trust this map.** {SHAPES}, and its strongest cells do not carry the answer.",
}


def trust_sentence(trust: Trust) -> str:
    """The verdict about the map of a class, and the figures behind it."""
    name = labels()[trust.class_index]
    return (
        f"{VERDICTS[trust.verdict]} Once the whole network is randomised, the rank correlation to the original map is "
        f"{fixed(trust.cascade[-1].correlation)}. The area under the probability of “{name}” is "
        f"{_areas(trust.deletion)} as the strongest cells are deleted and {_areas(trust.insertion)} as they are "
        f"inserted: better than {trust.beaten} of {trust.orders} random orders."
    )


def cascade_sentence(trust: Trust) -> str:
    """How far the map of each randomised network is from the original, for those who cannot see the chart."""
    steps = ", ".join(f"{step.part} {fixed(step.correlation)}" for step in trust.cascade)
    return f"Rank correlation to the original map when a part and all above it are randomised: {steps}."


def curves_sentence(trust: Trust) -> str:
    """The areas under the curves of deletion and insertion, for those who cannot see the chart."""
    name = labels()[trust.class_index]
    return (
        f"Probability of “{name}” as cells are deleted: area {_areas(trust.deletion)}. As cells are inserted: area "
        f"{_areas(trust.insertion)}."
    )


def _areas(curve: PerturbationCurve) -> str:
    return f"{fixed(curve.area)} (at random {fixed(float(curve.random_areas.mean()))})"
