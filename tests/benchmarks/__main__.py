"""Run every benchmark, or those that are named: `python -m tests.benchmarks counting engine maps ...`."""

from __future__ import annotations

import platform
import sys
from types import ModuleType

import torch

from tests.benchmarks import (
    chaos,
    counting,
    design_space,
    engine,
    first_look,
    frontier,
    growing,
    hostile,
    interface,
    limits,
    load,
    looking,
    maps,
    predicting,
    service,
    soak,
    starting,
    studying,
)

BENCHMARKS: dict[str, ModuleType] = {
    "counting": counting,
    "design_space": design_space,
    "frontier": frontier,
    "starting": starting,
    "engine": engine,
    "growing": growing,
    "limits": limits,
    "maps": maps,
    "predicting": predicting,
    "service": service,
    "looking": looking,
    "first_look": first_look,
    "studying": studying,
    "interface": interface,
    "load": load,
    "chaos": chaos,
    "soak": soak,
    "hostile": hostile,
}


def main(names: list[str]) -> None:
    """Print each comparison as it is measured."""
    print(f"{platform.processor() or platform.machine()}, {torch.get_num_threads()} threads, torch {torch.__version__}")
    for name in names or list(BENCHMARKS):
        print(f"\n{name}")
        for comparison in BENCHMARKS[name].comparisons():
            print(f"  {comparison}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
