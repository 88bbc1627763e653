"""`python -m explorer classify` and `explain`: a network with trained weights looks at a photograph."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explorer.cli import classify, photographs
from explorer.cli.classifier import RequestedClassifier, add_classifier_arguments, asked
from explorer.cli.classify import looker
from explorer.cli.terminal import CommandError, print_json, write_whole

if TYPE_CHECKING:
    from explorer.vision.classification import Classification

OUTPUTS = (".npy", ".png")
OVERLAY_OPACITY = 0.8
MOST_CLASSES = 1000
IMAGE = "a photograph: JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF, HEIC"

CLASSIFY = """\
Say what a network sees in a photograph.

  classify cat.jpg                                 Lite0, which is installed with the explorer
  classify cat.jpg --network lite2 --top 3 --json  another published network
  classify cat.jpg --family lite --phi 2           what φ = 2 builds, grown from the largest trained network in it
  classify photos/ more.png --csv                  every photograph of a folder (not of folders in it), and more files

Of several files those that are no photographs are named, the others answered, and the exit code is 2.
A network that contains no trained one has no answers: the command says why and ends with exit code 3."""

EXPLAIN = """\
Show where in a photograph a network finds its evidence for a class.

The map is in logits: its sum plus the class's bias is the class's score, and what is below zero speaks against it.
  explain cat.jpg                                 a summary for the network's own first answer
  explain cat.jpg --output map.npy                the raw map at feature resolution
  explain cat.jpg --class-index 967 --output why.png   the map over what the network saw
  explain cat.jpg --family lite --phi 2           the network of any setting, as in classify"""


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add both commands to the parser."""
    classifying = _look_parser(commands, "classify", "say what a network sees in photographs", CLASSIFY)
    classifying.add_argument(
        "images", nargs="+", type=Path, metavar="IMAGE", help=f"{IMAGE}; or a folder of such files"
    )
    classifying.add_argument("--csv", action="store_true", help="print a row of comma-separated values for each file")
    classifying.add_argument("--top", type=_count, default=5, metavar="N", help="how many classes (default: 5)")
    classifying.add_argument(
        "--allow-untrained",
        action="store_true",
        help="print what random weights say where there are no trained ones: class indices, never names",
    )
    classifying.set_defaults(run=classify.run)
    explain = _look_parser(commands, "explain", "show where it finds its evidence", EXPLAIN)
    explain.add_argument("image", type=Path, metavar="IMAGE", help=IMAGE)
    explain.add_argument("--top", type=_count, default=5, metavar="N", help=argparse.SUPPRESS)
    explain.add_argument("--class-index", type=_class, metavar="N", help="0 to 999 (default: its first answer)")
    explain.add_argument("--output", type=_output, metavar="FILE", help=".npy: the raw map; .png: the overlay")
    explain.set_defaults(run=run_explain)


def run_explain(arguments: argparse.Namespace) -> None:
    """Print how a class's logit comes about, and write the map where asked.

    Raises:
        CommandError, ImageRejected, WeightsError: the photograph, the weights or the output cannot be used.
        UntrainedError: the network has no weights.
    """
    if arguments.output is not None and arguments.output.resolve() == arguments.image.resolve():
        raise CommandError(f"The map would overwrite the photograph {arguments.image}: give another --output.")
    wanted = asked(arguments)
    photograph = photographs.read(arguments.image)
    answer = looker(wanted)(photograph)
    class_index = answer.top(1)[0].class_index if arguments.class_index is None else arguments.class_index
    if arguments.output is not None:
        _write(arguments.output, answer, class_index)
    report = _explanation(wanted, answer, class_index, arguments.output)
    if arguments.json:
        print_json(report)
    else:
        _print_explanation(report, answer.residual(class_index))


def _explanation(
    wanted: RequestedClassifier, answer: Classification, class_index: int, output: Path | None
) -> dict[str, Any]:
    from explorer.vision.imagenet import labels

    evidence = answer.maps[class_index]
    return {
        "network": wanted.title,
        "weights": wanted.weights_json,
        "class_index": class_index,
        "label": labels()[class_index],
        "logit": float(answer.logits[class_index]),
        "bias": float(answer.biases[class_index]),
        "map_shape": list(evidence.shape),
        "map_sum": float(evidence.sum(dtype="float64")),
        "output": None if output is None else str(output),
    }


def _print_explanation(report: dict[str, Any], residual: float) -> None:
    rows, columns = report["map_shape"]
    print(f"{report['network']}: evidence for “{report['label']}” (class {report['class_index']})")
    print(f"  sum of the {rows} × {columns} map  {report['map_sum']:9.4f}")
    print(f"  bias                  {report['bias']:9.4f}")
    print(f"  logit                 {report['logit']:9.4f}   (equal to {residual:.0e} of it)")
    if report["output"] is not None:
        print(f"Written: {report['output']}")


def _write(path: Path, answer: Classification, class_index: int) -> None:
    import numpy as np

    from explorer.vision.overlay import overlay

    evidence = answer.maps[class_index]
    if path.suffix.lower() == ".npy":
        write_whole(path, lambda file: np.save(file, evidence))
    else:
        write_whole(path, lambda file: overlay(answer.seen, evidence, OVERLAY_OPACITY).save(file, "PNG"))


def _look_parser(
    commands: argparse._SubParsersAction[Any], name: str, words: str, text: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=words, description=text, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_classifier_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


def _count(text: str) -> int:
    return _whole(text, 1, MOST_CLASSES)


def _class(text: str) -> int:
    return _whole(text, 0, MOST_CLASSES - 1)


def _whole(text: str, lowest: int, highest: int) -> int:
    try:
        value = int(text)
    except ValueError:
        value = lowest - 1
    if not lowest <= value <= highest:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {lowest} to {highest}")
    return value


def _output(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in OUTPUTS:
        raise argparse.ArgumentTypeError(f"{text!r} must end in {' or '.join(OUTPUTS)}")
    return path
