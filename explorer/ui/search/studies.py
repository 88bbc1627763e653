"""The studies that the page Search can show: the one that comes with the explorer, and this machine's own."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from explorer.assets import ASSETS
from explorer.network.scaling import ScalingError
from explorer.study import paths, results
from explorer.study import plan as planning
from explorer.study.candidates import Candidate, candidates
from explorer.study.errors import NoStudyError, StudyError
from explorer.study.launcher import Launcher
from explorer.study.plan import Plan
from explorer.study.results import Outcome
from explorer.study.store import open_existing
from explorer.ui.shared.once import once

SHIPPED = ASSETS / "study"


@dataclass(frozen=True)
class Study:
    """A plan, what is done of it, what was given up with the reason, and how many runs of the record are unreadable."""

    plan: Plan
    outcomes: tuple[Outcome, ...]
    given_up: dict[str, str]
    unreadable: int = 0

    @property
    def done(self) -> bool:
        """Whether nothing is left to train."""
        return len(self.outcomes) + len(self.given_up) >= planning.total(self.plan)


@once
def desk() -> Launcher:
    """Where this machine's study is started and stopped: one for all visitors."""
    return Launcher(paths.record())


@st.cache_resource(show_spinner=False)
def shipped() -> Study:
    """The study that comes with the explorer.

    Raises:
        StudyError: its files are not whole.
    """
    plan, outcomes = results.read(SHIPPED)
    return _checked(Study(planning.from_json(plan), outcomes, {}))


def own() -> Study | None:
    """The study of this machine as it is now; None where there is none yet.

    Raises:
        StudyError: its record cannot be read.
    """
    record = paths.record()
    try:
        written = record.stat()
    except OSError:
        return None
    return _read(str(record), written.st_ino, written.st_mtime_ns, written.st_size)


@st.cache_resource(show_spinner=False, max_entries=4)
def grid(plan: Plan) -> tuple[Candidate, ...]:
    """Every triple of the plan's grid that comes near twice the cost, by promise or as built, and the paper's."""
    ways = [
        candidates(plan.baseline, plan.rounding_rule, plan.grid_step, plan.tolerance, way)
        for way in ("built", "promised")
    ]
    found = {each.triple: each for each in (*ways[0], *ways[1], plan.paper)}
    return tuple(found.values())


@st.cache_resource(show_spinner=False, max_entries=2)
def _read(place: str, inode: int, written: int, size: int) -> Study | None:
    """The record at `place`; the other numbers tell when it has changed."""
    del inode, written, size  # they are the key of the cache
    try:
        store = open_existing(place)
    except NoStudyError:  # its process has only begun to write
        return None
    try:
        found = store.look()
        return _checked(Study(store.plan, found.outcomes, found.given_up, found.unreadable))
    finally:
        store.close()


def _checked(study: Study) -> Study:
    """The same study, every network of which can be built.

    Raises:
        StudyError: one cannot.
    """
    try:
        planning.require_buildable(study.plan, study.outcomes)
    except ScalingError as error:
        raise StudyError(f"This study cannot be shown. {error}") from error
    return study
