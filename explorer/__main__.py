"""The command line: `python -m explorer scale | solve | predict | choose | classify | study | …`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from explorer import __version__
from explorer.commands import accuracy, export, frontier, look, proof, scale, solve, study, weights
from explorer.commands.terminal import BAD_INPUT, UNTRAINED, CommandError, Parser, UntrainedError, one_line
from explorer.models.checkpoints import WeightsError
from explorer.scaling import ScalingError
from explorer.study.errors import StudyError
from explorer.vision.images import ImageRejected

READER_LEFT = 141
"""What a shell reports of a program that its reader has left."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 where it answered, else one sentence on stderr and 2 (unusable input) or 3 (untrained)."""
    options = _parser().parse_args(arguments)
    try:
        code: int | None = options.run(options)
    except UntrainedError as error:
        print(one_line(str(error)), file=sys.stderr)
        return UNTRAINED
    except (CommandError, ScalingError, ImageRejected, WeightsError, StudyError) as error:
        print(one_line(str(error)), file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        # Whoever read our output has enough of it; Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_LEFT
    return code or 0


def _parser() -> Parser:
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


if __name__ == "__main__":
    sys.exit(main())
