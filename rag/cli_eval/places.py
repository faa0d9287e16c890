"""Where things are: runs, the archives that are asked, the user's own suites."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.archive import Archive
    from rag.evaluation.run import Run
    from rag.evaluation.suite import Suite
    from rag.settings import Settings

RUN_FILE = "run.json"


def run_at(place: Path) -> Run:
    """The run of a run.json, or of the folder it is in.

    Raises:
        SuiteError: there is none, or it is not a run.
    """
    from rag.evaluation.run import read_run

    return read_run(place / RUN_FILE if place.is_dir() else place)


@contextmanager
def archive_of(suite: Suite, index: Path | None) -> Iterator[Archive]:
    """The index asked for, or a new one of the suite's articles that goes afterwards."""
    from rag import open_archive

    if index is not None:
        with open_archive(index=index) as archive:
            yield archive
        return
    with articles_at(suite.articles) as archive:
        yield archive


@contextmanager
def articles_at(place: Path, settings: Settings | None = None) -> Iterator[Archive]:
    """A new archive of these articles, in a folder that goes afterwards."""
    from rag import open_archive

    with (
        tempfile.TemporaryDirectory(prefix="rag-eval-", ignore_cleanup_errors=True) as folder,
        open_archive(index=Path(folder), settings=settings) as archive,
    ):
        archive.ingest([place])
        yield archive


@contextmanager
def own_archive(index: Path | None) -> Iterator[Archive]:
    """The archive of an index, by default the user's own; the seeds never stand in for it."""
    from rag import open_archive
    from rag.settings import default_index, load

    with open_archive(index=index or load().index or default_index()) as archive:
        yield archive


def own_suites() -> Path:
    """Where the suites of the user's own index are, which the page reviews."""
    from rag.evaluation.desk import SUITES
    from rag.settings import default_index, load

    return Path(load().index or default_index()).expanduser() / SUITES
