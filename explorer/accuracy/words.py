"""What the accuracy model says of a network, and of itself, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp

from explorer.accuracy.predict import VERSIONS, Prediction, Refusal
from explorer.accuracy.stored import Model, Report

PAPER = "arXiv:1905.11946"
NOISE = (
    "The paper's own figures differ by up to 0.5 points where they draw one network twice: no model of them can "
    "honestly claim less."
)


def prediction_sentence(found: Prediction | Refusal, version: str = "v5", subject: str = "") -> str:
    """The interval, the recipe, that nobody has trained the network, and a warning outside the data; or the refusal.

    `subject` is what a prediction is of; a refusal names it itself.
    """
    if isinstance(found, Refusal):
        return found.reason
    begins = f"{subject}: between" if subject else "Between"
    sentence = (
        f"{begins} {found.lower:.1f} and {found.upper:.1f} % ImageNet top-1 with 90 % confidence, most likely "
        f"{found.top1:.1f} %, under {VERSIONS[version]}: predicted, not measured."
    )
    return f"{sentence} {outside_sentence(found)}" if found.outside else sentence


def outside_mark(found: Prediction) -> str:
    """Beside a number that has no room for a sentence: ", outside the data", or nothing."""
    return ", outside the data" if found.outside else ""


def legend_mark(found: Prediction) -> str:
    """What a legend has room for, also on a phone: what the bar is, or that it is outside the data."""
    return "outside the data" if found.outside else "90 % interval"


def outside_sentence(found: Prediction) -> str:
    """What it means to be outside the data."""
    why = "no published network is scaled so far in this way"
    if found.edited:
        why = "its stages are not EfficientNet-B0's in one proportion"
    return f"It lies outside the data: {why}, so the interval is wider."


def basis_sentence(known: Report) -> str:
    """What predictions rest on, in one sentence for a page."""
    return (
        f"The model is fitted to {known.points} published accuracies (the paper's Figures 3 and 4 and Table 2 in "
        f"versions 1 and 5). Networks that it has not seen it predicts to {known.loo_rmse:.2f} points (root mean "
        f"square, left out one by one), whole unseen curves to {known.curve_rmse:.2f}; its 90 % intervals cover "
        f"{known.loo_coverage * 100:.0f} and {known.curve_coverage * 100:.0f} % of them."
    )


def report_sentences(known: Model) -> Iterator[str]:
    """How the model was checked, what it is, and how little can be claimed."""
    report, fitted = known.report, known.parameters
    yield (
        f"Fitted to {report.points} published points (Figures 3 and 4, Table 2 in versions 1 and 5 of {PAPER}; data "
        f"version {report.data_version}); on them it errs by {report.rmse:.2f} points (root mean square)."
    )
    yield (
        f"Left out one by one, points are predicted to {report.loo_rmse:.2f} points, and "
        f"{report.loo_coverage * 100:.1f} % of them lie inside their 90 % intervals; a network that two figures draw "
        "is left out of both."
    )
    curves = "; ".join(f"{curve}: {error:.2f}" for curve, error in report.left_out_curves.items())
    yield (
        f"Left out curve by curve, they are predicted to {report.curve_rmse:.2f} points, and "
        f"{report.curve_coverage * 100:.1f} % lie inside. By curve: {curves}."
    )
    yield (
        f"The odds of an error fall with d^−{exp(fitted.log_exponent_depth):.2f}, "
        f"w^−{exp(fitted.log_exponent_width):.2f} and r^−{exp(fitted.log_exponent_resolution):.2f}, joined by a norm "
        f"of order {exp(fitted.log_sharpness):.2f}, towards {exp(fitted.log_floor):.3f}. Those of version 1 of Table "
        f"2 are {exp(-fitted.offset_v1):.3f} times the figures' at the baseline and {exp(-fitted.growth_v1):.3f} times "
        f"more for each doubling of d·w²·r²; those of version 5 {exp(-fitted.offset_v5):.3f} and "
        f"{exp(-fitted.growth_v5):.3f} times."
    )
    yield (
        f"Points of one curve err together: the parameters count as {known.clustering:g} times as uncertain (as a "
        "variance) as independent points would leave them."
    )
    yield NOISE
