"""The archive that a suite is put to: a given index, or one of the suite's own articles."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.archive import Archive
    from rag.evaluation.suite import Suite
    from rag.settings import Settings


@contextmanager
def archive_of(suite: Suite, index: str | Path | None) -> Iterator[Archive]:
    """The index asked for, as it is, or a new one of the suite's articles that goes afterwards."""
    from rag.archive import open_archive

    if index is not None:
        with open_archive(index) as archive:
            yield archive
        return
    with articles_at(suite.articles) as archive:
        yield archive


@contextmanager
def articles_at(place: Path, settings: Settings | None = None) -> Iterator[Archive]:
    """A new archive of these articles, in a folder that goes afterwards."""
    from rag.archive import open_archive

    with (
        tempfile.TemporaryDirectory(prefix="rag-eval-", ignore_cleanup_errors=True) as folder,
        open_archive(folder, settings) as archive,
    ):
        archive.ingest([place])
        yield archive
