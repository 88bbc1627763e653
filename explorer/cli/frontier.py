"""`python -m explorer frontier` and `choose`: published networks as CSV, and which one to take."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from explorer.cli.terminal import print_json, write_whole
from explorer.cost import memory
from explorer.formats.csv import as_csv
from explorer.formats.measures import AXES, BATCH, PARAMS
from explorer.planning.budget import BudgetLimits
from explorer.planning.recommend import choose
from explorer.planning.solver import Solution
from explorer.published.pareto import KINDS, published
from explorer.published.wording import rows

STDOUT = "-"

CHOOSE = """\
Say which network to take within a budget: the best published one with weights, the best predicted compound network.

  choose --max-macs 1e9
  choose --max-macs 2e9 --max-params 1e7 --json"""


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add both commands to the parser."""
    points = commands.add_parser("frontier", help="published accuracies and costs as CSV")
    points.add_argument("--csv", required=True, metavar="FILE", help="file to write, or - for standard output")
    points.add_argument("--axis", choices=tuple(AXES), default="macs", help="cost of the Pareto front (default: macs)")
    points.add_argument("--kind", choices=tuple(KINDS), default="top1", help="accuracy of the front (default: top1)")
    points.set_defaults(run=run_frontier)
    chooser = commands.add_parser(
        "choose",
        help="which network to take within a budget",
        description=CHOOSE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    chooser.add_argument("--max-macs", type=float, metavar="N", help="multiply-adds for one image")
    chooser.add_argument("--max-params", type=float, metavar="N", help=PARAMS.label)
    chooser.add_argument(
        "--max-memory", type=float, metavar="BYTES", help=f"a step of training on {BATCH} images, float32"
    )
    chooser.add_argument("--json", action="store_true", help="print one JSON document")
    chooser.set_defaults(run=run_choose)


def run_frontier(arguments: argparse.Namespace) -> None:
    """Write every published point.

    Raises:
        CommandError: the file cannot be written.
    """
    found = rows(published(), AXES[arguments.axis], arguments.kind)
    text = as_csv(found)
    if arguments.csv == STDOUT:
        sys.stdout.write(text)
    else:
        write_whole(Path(arguments.csv), partial(_write, text))


def _write(text: str, file: BinaryIO) -> None:
    file.write(text.encode())


def run_choose(arguments: argparse.Namespace) -> None:
    """Print the recommendation.

    Raises:
        ScalingError: there is no limit, or one that makes no sense.
    """
    limits = BudgetLimits(arguments.max_params, arguments.max_macs, None, arguments.max_memory)
    answer = choose(limits, training_memory=lambda network: memory.training(network, BATCH).total)
    if not arguments.json:
        print("\n".join(answer.sentences))
        return
    best, solved = answer.published, answer.compound
    print_json(
        {
            "published": best and {"name": best.name, "recipe": best.recipe, "top1": best.top1},
            "compound": {**asdict(solved.compound), **asdict(solved.cost)} if isinstance(solved, Solution) else None,
            "prediction": answer.prediction and asdict(answer.prediction),
            "other": answer.other and answer.other.name,
            "newer": answer.newer and answer.newer.name,
            "sentences": list(answer.sentences),
        }
    )
