"""What `python -m explorer classify` does: a network says what it sees in one photograph, or in several."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from explorer.cli import photographs, several
from explorer.cli.classifier import RequestedClassifier, asked
from explorer.cli.terminal import CommandError, print_json, print_table
from explorer.cost.latency import Latency
from explorer.formats.quantities import percent
from explorer.models.lineage import Untrained, blind
from explorer.network.baselines import EFFICIENTNET

if TYPE_CHECKING:
    from explorer.models.engine import Engine
    from explorer.vision.classification import Classification
    from explorer.vision.photograph import Photograph
    from explorer.vision.untrained import UntrainedOutput


def run(arguments: argparse.Namespace) -> None:
    """Print the most probable classes of one photograph, or of each of several.

    Raises:
        CommandError, ImageRejected, WeightsError: a photograph or the weights cannot be used.
        UntrainedError: the network has no weights, and --allow-untrained was not given.
    """
    if arguments.csv and arguments.json:
        raise CommandError("Give --json or --csv, but not both.")
    wanted, images = asked(arguments), arguments.images
    if len(images) > 1 or arguments.csv or photographs.is_folder(images[0]):
        form = "csv" if arguments.csv else "json" if arguments.json else "text"
        several.answer_all(images, _answerer(arguments, wanted), form)
        return
    photograph = photographs.read(images[0])
    if _random_allowed(arguments, wanted):
        _print_untrained(arguments, wanted, _untrained_output(wanted, photograph))
    else:
        _print_answer(arguments, wanted, looker(wanted)(photograph))


def _answerer(arguments: argparse.Namespace, wanted: RequestedClassifier) -> Callable[[Photograph], several.Document]:
    """What says of a photograph what JSON output has of it."""
    if _random_allowed(arguments, wanted):
        return lambda photograph: _random_document(arguments, wanted, _untrained_output(wanted, photograph))
    look = looker(wanted)
    return lambda photograph: _answer_document(arguments, wanted, look(photograph))


def _random_allowed(arguments: argparse.Namespace, wanted: RequestedClassifier) -> bool:
    return isinstance(wanted.weights, Untrained) and arguments.allow_untrained


def _print_answer(arguments: argparse.Namespace, wanted: RequestedClassifier, answer: Classification) -> None:
    from explorer.vision.narrative import answer_sentence, lineage_sentence

    if arguments.json:
        print_json(_answer_document(arguments, wanted, answer))
    else:
        print(answer_sentence(answer), f"{lineage_sentence(answer.classifier)}\n", sep="\n")
        rows = [(item.label, str(item.class_index), percent(item.probability)) for item in answer.top(arguments.top)]
        print_table(("Class", "Index", "Probability"), rows)


def _print_untrained(arguments: argparse.Namespace, wanted: RequestedClassifier, output: UntrainedOutput) -> None:
    """Class indices without names: the weights are random, and so is the answer."""
    if arguments.json:
        print_json(_random_document(arguments, wanted, output))
    else:
        print(f"{wanted.title} is untrained: its weights are random (seed 0), and so is what follows.\n")
        rows = [(str(index), percent(probability)) for index, probability in output.top(arguments.top)]
        print_table(("Index", "Probability"), rows)


def _answer_document(
    arguments: argparse.Namespace, wanted: RequestedClassifier, answer: Classification
) -> dict[str, Any]:
    answers = [
        {"class_index": item.class_index, "label": item.label, "probability": item.probability}
        for item in answer.top(arguments.top)
    ]
    return _document(wanted, answers, answer.latency)


def _random_document(
    arguments: argparse.Namespace, wanted: RequestedClassifier, output: UntrainedOutput
) -> dict[str, Any]:
    answers = [
        {"class_index": index, "label": None, "probability": probability}
        for index, probability in output.top(arguments.top)
    ]
    return _document(wanted, answers, output.latency)


def _document(wanted: RequestedClassifier, predictions: list[dict[str, Any]], latency: Latency) -> dict[str, Any]:
    return {
        "network": wanted.title,
        "weights": wanted.weights_json,
        "input_resolution": wanted.network.input_resolution,
        "predictions": predictions,
        "milliseconds": round(latency.median_ms, 3),
        "runs": latency.runs,
    }


def looker(wanted: RequestedClassifier) -> Callable[[Photograph], Classification]:
    """The network, ready to answer; torch is imported when the first photograph has been read.

    Raises:
        UntrainedError: it has no weights.
    """
    classifier = wanted.classifier

    @cache
    def ready() -> Engine:
        from explorer.models.weights import engine

        return engine(classifier)

    def look(photograph: Photograph) -> Classification:
        from explorer.vision import classify

        return classify.look(ready(), classifier, photograph.image)

    return look


def _untrained_output(wanted: RequestedClassifier, photograph: Photograph) -> UntrainedOutput:
    from explorer.vision.untrained import look

    baseline = wanted.network.baseline
    if not baseline.classifier or baseline.in_channels != EFFICIENTNET.in_channels:
        raise CommandError(blind(wanted.network))
    return look(wanted.network, photograph.image)
