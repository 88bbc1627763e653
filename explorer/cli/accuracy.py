"""`python -m explorer predict` and `accuracy fit`: the accuracy of a network nobody has trained, and its model."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from explorer.accuracy.predict import VERSIONS, Refusal, predict, report
from explorer.accuracy.words import prediction_sentence, report_sentences
from explorer.cli import scale
from explorer.cli.terminal import CommandError, literal, print_json, write_whole
from explorer.planning.narrative import title_of
from explorer.settings.built import build

PREDICT = """\
Predict the ImageNet top-1 accuracy of a network scaled from EfficientNet-B0, with a 90 % interval.

  predict --phi 3.5
  predict --depth 1.8 --width 1.4 --input-resolution 380 --version v1
  predict --preset b4 --json

For what is scaled from another baseline the model has no data, nor for other classes or activations."""

FIT = """\
Fit the accuracy model to the published points again (takes seconds) and cross-validate it.

  accuracy fit --report                  print how well it fits and predicts; nothing is written
  accuracy fit --output accuracy.json    write the fitted model, whole or not at all

The model in use is assets/accuracy.json."""


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add both commands to the parser."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = commands.add_parser(
        "predict", help="the accuracy of a network, with an interval", description=PREDICT, formatter_class=raw
    )
    scale.add_network_arguments(parser)
    words = "; ".join(f"{version}: {recipe}" for version, recipe in VERSIONS.items())
    parser.add_argument("--version", choices=tuple(VERSIONS), default="v5", help=literal(f"trained under {words}"))
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=run_predict)
    model = commands.add_parser("accuracy", help="the accuracy model: fit it again, and its report")
    _add_fit(model.add_subparsers(title="commands", required=True, metavar="COMMAND"), raw)


def _add_fit(commands: argparse._SubParsersAction[Any], raw: type[argparse.HelpFormatter]) -> None:
    parser = commands.add_parser("fit", help="fit the model again", description=FIT, formatter_class=raw)
    parser.add_argument("--report", action="store_true", help="print how well it fits and predicts (the default)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the fitted model as JSON")
    parser.add_argument("--json", action="store_true", help="print the report as one JSON document")
    parser.set_defaults(run=run_fit)


def run_predict(arguments: argparse.Namespace) -> None:
    """Print the prediction.

    Raises:
        CommandError, ScalingError: the arguments contradict each other, are out of range, or are of another family.
    """
    built = build(scale.settings(arguments))
    found = predict(built.network, arguments.version)
    if isinstance(found, Refusal):
        raise CommandError(found.reason)
    if not arguments.json:
        print(prediction_sentence(found, arguments.version, title_of(built)))
        return
    print_json(
        {
            "network": title_of(built),
            **asdict(found),
            "version": arguments.version,
            "totals": asdict(built.cost),
            "data_version": report().data_version,
        }
    )


def run_fit(arguments: argparse.Namespace) -> None:
    """Fit again; print the report, and write the model where that is asked for.

    Raises:
        CommandError: the file cannot be written.
    """
    from explorer.accuracy.refit import refit  # SciPy, which no other command needs

    known = refit()
    if arguments.output is not None:
        text = known.as_json().encode()
        write_whole(arguments.output, lambda file: _write(file, text))
    if arguments.json:
        print_json({"parameters": asdict(known.parameters), "clustering": known.clustering, **asdict(known.report)})
    else:
        print(*report_sentences(known), sep="\n")


def _write(file: BinaryIO, text: bytes) -> None:
    file.write(text)
