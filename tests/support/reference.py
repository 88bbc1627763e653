"""Makes docs/reference.md from the docstrings: `python -m tests.support.reference` (`make reference`) writes it."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference.md"

# The package itself, then what its pages are made of, in the order of the rooms.
MODULES = (
    "explorer",
    "explorer.network.scaling",
    "explorer.network.description",
    "explorer.cost.counting",
    "explorer.cost.design_space",
    "explorer.cost.memory",
    "explorer.published.pareto",
    "explorer.published.measured",
    "explorer.published.scaled",
    "explorer.settings.built",
    "explorer.accuracy.predict",
    "explorer.models.build",
    "explorer.models.lineage",
    "explorer.models.weights",
    "explorer.planning.solver",
    "explorer.vision.classify",
)
WIDTH = 100
HEAD = """# Reference

Made from the docstrings by `make reference`; do not edit it here. The package `explorer` is what a notebook needs; the
modules after it are what the pages are made of.
"""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def file_of(module: str) -> Path:
    """The source of a module, given by its dotted name."""
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def signature(function: Function, name: str) -> str:
    """A function as it is called: on one line, or with an argument on each where that is too long."""
    arguments = ast.unparse(function.args).removeprefix("self, ").removeprefix("self")
    result = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    if any(isinstance(each, ast.Name) and "property" in each.id for each in function.decorator_list):
        return f"{name}: {result.removeprefix(' -> ')}"
    line = f"{name}({arguments}){result}"
    if len(line) <= WIDTH:
        return line
    apart = ",\n    ".join(re.split(r", (?=\*?\*?\w+(?::|$)|\*,)", arguments))
    return f"{name}(\n    {apart},\n){result}"


def markdown(docstring: str) -> str:
    """A docstring in Markdown: its sections (Args, Raises, Attributes) become lists, each entry on one line."""
    lines: list[str] = []
    for line in docstring.splitlines():
        if re.fullmatch(r"(Args|Raises|Attributes|Returns|Yields):", line):
            lines.append(f"{line}\n")
        elif entry := re.fullmatch(r" {4}(\S.*)", line):
            name, colon, text = entry[1].partition(": ")
            lines.append(f"- `{name}`: {text}" if colon else f"- {entry[1]}")
        elif line.startswith(" " * 8):
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line)
    return "\n".join(lines)


def described(node: Function | ast.ClassDef | ast.Module) -> str:
    return markdown(inspect.cleandoc(ast.get_docstring(node) or ""))


def public(nodes: Iterable[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    """The classes and functions among `nodes` that are for others."""
    for node in nodes:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def fields(node: ast.ClassDef) -> list[str]:
    """What a frozen dataclass or a named tuple is made of, as it is declared."""
    return [
        ast.unparse(each) for each in node.body if isinstance(each, ast.AnnAssign) and "ClassVar" not in ast.dump(each)
    ]


def entry(node: Function | ast.ClassDef, owner: str = "") -> Iterator[str]:
    """One public name: its heading, how it is called or what it is made of, its docstring; then its methods."""
    name = f"{owner}{node.name}"
    code = signature(node, name) if isinstance(node, Function) else "\n    ".join([f"class {name}", *fields(node)])
    yield f"### {name}\n\n```text\n{code}\n```\n\n{described(node)}\n"
    if isinstance(node, ast.ClassDef):
        for method in public(node.body):
            yield from entry(method, f"{name}.")


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for module in MODULES:
        tree = ast.parse(file_of(module).read_text(encoding="utf-8"))
        parts.append(f"## {module}\n\n{described(tree)}\n")
        parts.extend(text for node in public(tree.body) for text in entry(node))
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
