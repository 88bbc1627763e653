"""README and docs/ against what they speak of: code runs, commands are understood, links lead somewhere.

What single pages promise beside that is held in tests/docs/.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from explorer.__main__ import _parser, main
from tests.support import reference
from tests.test_rooms import ROOMS

ROOT = Path(__file__).resolve().parents[1]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in (*ROOT.glob("*.md"), *DOCS)
}  # fmt: skip
README = PAGES["README.md"]
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
BLOCKS = [(name, block) for name, text in PAGES.items() for block in PYTHON.findall(text) if name != "CONTRIBUTING.md"]
SHELL = "\n".join(block for text in PAGES.values() for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
COMMANDS = sorted(
    {
        line.split(" #")[0].strip()
        for line in SHELL.replace("\\\n", " ").splitlines()
        if line.startswith("python -m explorer")
    }
)
LINKS = [(name, link) for name, text in PAGES.items() for link in re.findall(r"\]\(([^)\s]+)\)", text)]
FILE = re.compile(r"\b((?:explorer|tests|assets|docs)/[\w/.-]*\w\.(?:py|csv|json|md|conf|jpg|png|txt))\b")
FILES = [(name, file) for name, text in PAGES.items() for file in FILE.findall(text) if "toy" not in file]


def anchors(text: str) -> set[str]:
    """What a link's `#…` can name: the page's headings, as GitHub spells them."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_nowhere(page: str, link: str, root: Path = ROOT) -> bool:
    """Whether a relative link of a page, given by its path in `root`, names a file or a heading that is not there."""
    if re.match(r"[a-z]+:", link):
        return False
    place, _, anchor = link.partition("#")
    target = (root / page).parent / place if place else root / page
    return not target.exists() or (anchor != "" and anchor not in anchors(target.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[f"{name}-{i}" for i, (name, _) in enumerate(BLOCKS)])
def test_its_python_runs(page: str, block: str) -> None:
    names: dict[str, object] = {}
    exec(compile(block, page, "exec"), names)  # noqa: S102 - what a reader would run
    if "built" in names:
        assert getattr(names["built"], "built_factor", 0) == pytest.approx(2.572, abs=0.001)


def test_there_are_commands_and_code_and_links() -> None:
    assert len(COMMANDS) > 25
    assert len(BLOCKS) >= 4
    assert len(LINKS) > 25
    assert len(FILES) > 40


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_understood(command: str) -> None:
    assert callable(_parser().parse_args(shlex.split(command)[3:]).run)


@pytest.mark.parametrize(("page", "link"), LINKS)
def test_its_links_lead_somewhere(page: str, link: str) -> None:
    assert not leads_nowhere(page, link)


def test_a_link_that_leads_nowhere_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# One *two*, φ\n", encoding="utf-8")
    assert [
        link for link in ("page.md", "#one-two-φ", "page.md#one-two-φ") if leads_nowhere("page.md", link, tmp_path)
    ] == []
    assert all(leads_nowhere("page.md", link, tmp_path) for link in ("pages.md", "#one", "page.md#two"))


def test_the_files_it_names_exist() -> None:
    assert [(name, file) for name, file in FILES if not (ROOT / file).exists()] == []


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_page_is_reached_from_the_readme(page: Path) -> None:
    assert f"](docs/{page.name})" in README


def test_what_the_readme_says_a_command_answers_is_what_it_answers() -> None:
    ((command, answer),) = re.findall(r"```sh\n(python -m explorer [^\n]*)\n.*?```text\n(.*?)```", README, re.DOTALL)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert main(shlex.split(command)[3:]) == 0
    assert printed.getvalue() == answer


def test_the_readme_is_one_screen_for_each_audience() -> None:
    sections = dict(re.findall(r"^## (.*)\n((?:(?!## ).*\n)*)", README, re.MULTILINE))
    audiences = [text for title, text in sections.items() if title.startswith("For ")]
    assert len(audiences) == 3
    assert all(len(text.splitlines()) <= 35 and "](assets/screenshots/" in text for text in audiences)
    assert len(README.splitlines()) < 150


def test_the_reference_is_made_from_the_docstrings() -> None:
    assert PAGES["docs/reference.md"] == reference.page(), "Run make reference."


def test_the_architecture_names_every_room_in_order_and_only_files_that_exist() -> None:
    text = PAGES["docs/architecture.md"]
    assert re.findall(r"^\| `(\w+)/` \|", text, re.MULTILINE) == list(ROOMS)
    named = re.findall(r"`((?:explorer/)?\w+(?:/\w+)+\.py)`", text)
    assert len(named) > 25
    assert [name for name in named if not any((ROOT / base / name).exists() for base in ("", "explorer"))] == []


def test_the_space_is_described_by_its_front_matter() -> None:
    head = README.split("---")[1]
    assert "sdk: docker" in head
    assert "app_port: 8501" in head
    assert "EXPOSE 8501" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
