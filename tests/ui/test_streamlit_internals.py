"""The private parts of Streamlit that the explorer uses: each is there, and used in one module only.

Written for Streamlit 1.67. Where a test fails after an upgrade, read in its docstring what to do, do it in
explorer/ui/streamlit_internals.py, and write the new version here and there.
"""

from __future__ import annotations

import ast
import pkgutil
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from explorer.ui import streamlit_internals as internals

VERSION = "1.67."
ROOT = Path(__file__).resolve().parents[2]
MODULE = "explorer/ui/streamlit_internals.py"
SOURCES = {str(path.relative_to(ROOT)): path for path in (*(ROOT / "explorer").rglob("*.py"), ROOT / "app.py")}
PAGE = Path(st.__file__).parent / "static" / "index.html"

# What a visitor's page sends.
FROM_PAGES = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"}

# The modules of the package that its documentation names; the others are its own business.
DOCUMENTED = {"column_config", "components", "connections", "typing"}
MODULES = {module.name for module in pkgutil.iter_modules(st.__path__)} - DOCUMENTED

# A source, and the private parts of Streamlit that it touches.
TOUCHING: tuple[tuple[str, list[str]], ...] = (
    ("import streamlit as st\nst.slider('a')\nst.session_state['a']\nst.column_config.NumberColumn()", []),
    ("import streamlit as st\nst.dataframe([])\nst.navigation([])", []),
    ("from streamlit.dataframe import anything", ["streamlit.dataframe.anything"]),
    ("import streamlit", []),
    ("from streamlit import cache_data, session_state", []),
    ("import other\nother.runtime.get()\nother._main", []),
    ("'''st.runtime in words'''", []),
    ("from streamlit.runtime import Runtime", ["streamlit.runtime.Runtime"]),
    ("from streamlit.delta_generator import DeltaGenerator", ["streamlit.delta_generator.DeltaGenerator"]),
    ("def late():\n    import streamlit.proto.BackMsg_pb2", ["streamlit.proto.BackMsg_pb2"]),
    ("from streamlit import runtime", ["streamlit.runtime"]),
    ("import streamlit as st\nst.runtime.exists()", ["streamlit.runtime"]),
    ("import streamlit as st\nst._main.slider('a')", ["streamlit._main"]),
    ("import streamlit as shown\nshown.session_state._state", ["streamlit.session_state._state"]),
    ("place = '/_stcore/upload_file/'", ["/_stcore/upload_file/"]),
)


def named(tree: ast.Module) -> Iterator[str]:
    """The dotted names of Streamlit that a module imports, or takes of `st`, and the addresses of its server."""
    modules = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules.update({each.asname or each.name: each.name for each in node.names})
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{each.name}" for each in node.names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            first, _, rest = ast.unparse(node).partition(".")
            yield f"{modules.get(first, first)}.{rest}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("/_stcore"):
            yield node.value


def is_private(parts: Sequence[str]) -> bool:
    """Whether `st.` with these names after it is private: a module, what is in one, or anything underscored.

    `st.dataframe` is a function that hides a module of its name.
    """
    is_function = len(parts) == 1 and callable(getattr(st, parts[0], None))
    return any(part.startswith("_") for part in parts) or (parts[0] in MODULES and not is_function)


def private(source: str) -> list[str]:
    """The private parts of Streamlit that `source` touches: its modules, underscored names, and addresses."""
    found = set()
    for name in named(ast.parse(source)):
        first, *parts = name.split(".")
        if name.startswith("/_stcore") or (first == "streamlit" and parts and is_private(parts)):
            found.add(name)
    return sorted(name for name in found if not any(name.startswith(f"{other}.") for other in found))


def test_the_version_is_the_one_that_was_read() -> None:
    """Read what the other tests of this file say, run them, and then name the new version."""
    assert st.__version__.startswith(VERSION)
    assert VERSION.removesuffix(".") in (ROOT / MODULE).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_no_other_module_touches_a_private_part(name: str) -> None:
    """Move what touches it to the module for these parts, and let a test of this file hold it."""
    assert (private(SOURCES[name].read_text(encoding="utf-8")) != []) is (name == MODULE)


@pytest.mark.parametrize(("source", "expected"), TOUCHING)
def test_a_private_part_would_be_noticed(source: str, expected: list[str]) -> None:
    assert private(source) == expected


def test_the_script_that_may_run_in_the_page_is_its_only_one() -> None:
    """Write the new hash. Where the page has several scripts, or none, let `headers.policy` name all that it has."""
    scripts = re.findall(r"<script>(.*?)</script>", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    hashes = [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts]
    assert hashes == [internals.INLINE_SCRIPT]


def test_every_message_is_either_a_pages_or_a_developers() -> None:
    """Look up what a new kind of message does: refuse it if it changes the server for others, else let it through."""
    known = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert known == internals.FOR_DEVELOPERS | FROM_PAGES


def test_what_uploads_hold_is_known_by_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find where the running server keeps uploads; without their size nobody's uploads can be limited.

    tests/serving/test_visitors.py fills a real server up to its limit, at the address that `UPLOADS` names.
    """
    manager = MemoryUploadedFileManager(internals.UPLOADS)
    for session, name, size in (("ada", "one", 3), ("ada", "two", 4), ("bob", "one", 5)):
        manager.add_file(session, UploadedFileRec(name, name, "image/png", bytes(size)))
    running = type("Running", (), {"uploaded_file_mgr": manager})
    monkeypatch.setattr(Runtime, "instance", classmethod(lambda _: running))
    assert internals.uploaded_bytes() == {"ada": 7, "bob": 5}
    manager.remove_session_files("ada")
    assert internals.uploaded_bytes() == {"bob": 5}
