"""Systems that lack what Linux has: everything can be imported, a command and a page look, and what is lost is said.

What Windows lacks is taken away from every process of these tests by a `sitecustomize` module, which Python imports
at its start.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.samples import sample

pytestmark = pytest.mark.real_weights

ROOT = Path(__file__).resolve().parents[1]

TAKEN_AWAY = """
import os, subprocess, sys
from pathlib import Path

for name in ("fcntl", "resource"):
    sys.modules[name] = None
for name in ("nice", "fork", "pidfd_open", "getloadavg", "sched_getaffinity", "sysconf"):
    delattr(os, name)

class Popen(subprocess.Popen):
    def __init__(self, *args, **options):
        if options.get("pass_fds"):
            raise ValueError("pass_fds not supported on Windows")
        super().__init__(*args, **options)

subprocess.Popen = Popen

def without_proc(method, missing):
    def asked(self, *args, **options):
        return missing(self) if str(self).startswith("/proc/") else method(self, *args, **options)
    return asked

def raise_missing(path):
    raise FileNotFoundError(2, "No such file or directory", str(path))

Path.is_file = without_proc(Path.is_file, lambda path: False)
Path.read_text = without_proc(Path.read_text, raise_missing)
"""

MISSING = """
import importlib, os, subprocess, sys
from explorer.jobs.resident import resident_bytes
for name in ("fcntl", "resource"):
    try:
        importlib.import_module(name)
    except ImportError:
        continue
    raise SystemExit(name)
try:
    subprocess.run((sys.executable, "-c", ""), pass_fds=(0,))
except ValueError:
    print(hasattr(os, "nice"), resident_bytes())
"""

IMPORTED = """
import importlib, pkgutil
import explorer
names = [found.name for found in pkgutil.walk_packages(explorer.__path__, "explorer.")]
for name in names:
    if name not in {"explorer.__main__", "explorer.ui.pages"}:
        importlib.import_module(name)
print(len(names))
"""

PAGES = """
from tests.ui.driving import open_app, open_count, open_frontier, open_look, open_paper, open_search
for page in (open_app({}), open_count({}), open_count({"panel": "speed"}), open_paper({}), open_frontier({}),
             open_search({})):
    assert not page.exception, page.exception
looking = open_look({"photo": "cat", "network": "lite0"})
assert not looking.exception, looking.exception
print(looking.dataframe[0].value["Class"][0])
"""

DECODED = """
from explorer.vision import images
from tests.support.samples import sample
print(images.read(sample("cat").read_bytes(), "cat.jpg").image.size)
"""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of processes that lack what Windows lacks."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "sitecustomize.py").write_text(TAKEN_AWAY, encoding="utf-8")
    paths = os.pathsep.join((str(folder), str(ROOT)))
    return {**os.environ, "PYTHONPATH": paths, "EXPLORER_DATA": str(folder / "data")}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, *arguments), capture_output=True, text=True, env=environment, cwd=ROOT, check=False
    )


def test_it_is_really_taken_away(elsewhere: dict[str, str]) -> None:
    assert run(elsewhere, "-c", MISSING).stdout == "False 0\n"


@pytest.mark.parametrize(
    ("code", "expected"), [(IMPORTED, ""), (PAGES, "cat\n"), (DECODED, "")], ids=["imports", "pages", "photograph"]
)
def test_everything_starts_and_looks(code: str, expected: str, elsewhere: dict[str, str]) -> None:
    ran = run(elsewhere, "-c", code)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith(expected)


def test_a_command_looks(elsewhere: dict[str, str]) -> None:
    ran = run(elsewhere, "-m", "explorer", "classify", str(sample("cat")))
    assert ran.returncode == 0, ran.stderr
    assert "cat" in ran.stdout


def test_what_is_lost_is_said(elsewhere: dict[str, str], tmp_path: Path) -> None:
    ran = run(elsewhere, "-m", "explorer", "study", "run", "--seeds", "2", "--store", str(tmp_path / "study.db"))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("A study whose record is a file runs on Linux and macOS only")
    assert "runs on Linux and macOS only" in (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
