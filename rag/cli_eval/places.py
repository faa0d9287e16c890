"""Where things are: runs, and the user's own suites."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.evaluation.run import Run

RUN_FILE = "run.json"


def run_at(place: Path) -> Run:
    """The run of a run.json, or of the folder it is in.

    Raises:
        SuiteError: there is none, or it is not a run.
    """
    from rag.evaluation.run import read_run

    return read_run(place / RUN_FILE if place.is_dir() else place)


def own_suites() -> Path:
    """Where the suites of the user's own index are, which the page reviews."""
    from rag.archive import folder_of
    from rag.evaluation.desk import SUITES
    from rag.settings import load

    return folder_of(None, load()) / SUITES
