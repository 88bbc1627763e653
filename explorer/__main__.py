"""The command line: `python -m explorer scale | predict | accuracy | choose | frontier | solve | classify | …`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from explorer import __version__

if TYPE_CHECKING:
    from explorer.cli.terminal import Parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 where it answered, else one sentence on stderr and 2 (unusable input) or 3 (untrained)."""
    from explorer.cli.terminal import BAD_INPUT, UNTRAINED, CommandError, UntrainedError, one_line
    from explorer.models.errors import JobError
    from explorer.network.scaling import ScalingError
    from explorer.study.errors import StudyError
    from explorer.vision.images import ImageRejected

    options = _parser().parse_args(arguments)
    try:
        code: int | None = options.run(options)
    except UntrainedError as error:
        print(one_line(str(error)), file=sys.stderr)
        return UNTRAINED
    except (CommandError, ScalingError, ImageRejected, JobError, StudyError) as error:
        print(one_line(str(error)), file=sys.stderr)
        return BAD_INPUT
    return code or 0


def _parser() -> Parser:
    from explorer.cli import accuracy, export, frontier, look, proof, scale, solve, study, weights
    from explorer.cli.terminal import Parser

    parser = Parser(
        prog="python -m explorer",
        description="See what compound scaling (EfficientNet, arXiv:1905.11946) really builds.",
        epilog="Each command explains itself: python -m explorer scale --help",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=Parser)
    scale.add_parser(commands)
    accuracy.add_parsers(commands)
    solve.add_parsers(commands)
    frontier.add_parsers(commands)
    proof.add_parser(commands)
    look.add_parsers(commands)
    weights.add_parsers(commands)
    export.add_parser(commands)
    study.add_parser(commands)
    return parser


def run() -> int:
    """The exit code of the command line as a process of its own, whatever it writes to and however it is ended."""
    # What takes time to import is imported inside, where Ctrl-C is a word and not a traceback.
    from explorer.cli import streams

    return streams.run(main)


if __name__ == "__main__":
    sys.exit(run())
