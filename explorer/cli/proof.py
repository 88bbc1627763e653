"""`python -m explorer proof`: each total beside its measurement on the real module."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from explorer.cli import scale
from explorer.cli.terminal import CommandError, print_json, print_table
from explorer.formats.quantities import exact
from explorer.planning import proof
from explorer.planning.narrative import title_of
from explorer.published import as_published
from explorer.settings.built import build

DESCRIPTION = """\
Count a network, build the real module, let timm, fvcore and torch count it, and compare as integers.

  proof --preset b0
  proof --phi 1 --json"""


def add_parser(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "proof",
        help="count a network and measure the real module beside it",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    scale.add_network_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print analytic ‖ measured ‖ published.

    Raises:
        CommandError: a measurement differs from the count (which would be an error of this program), or the
            arguments contradict each other.
        ScalingError: the arguments are out of range.
    """
    from explorer.jobs import tasks

    built = build(scale.settings(arguments))
    rows = proof.rows(built.network, as_published(built.network), tasks.count(built.network))
    if arguments.json:
        print_json({"network": title_of(built), "rows": [{**asdict(row), "agrees": row.agrees} for row in rows]})
    else:
        print(title_of(built))
        print_table(("Quantity", "Analytic", "Measured", "By", "Published"), [_row(row) for row in rows])
    differing = [row.quantity for row in rows if row.agrees is False]
    if differing:
        raise CommandError(f"Count and measurement differ in: {', '.join(differing)}.")


def _row(row: proof.ProofRow) -> tuple[str, str, str, str, str]:
    measured = "" if row.measured is None else exact(row.measured)
    return row.quantity, exact(row.analytic), measured, row.tool, row.published
