"""`rag ingest --watch`: folders kept in the archive as they change."""

from __future__ import annotations

import dataclasses
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import typer

from rag.archive import Archive
from rag.cli.bar import showing
from rag.cli.outcome import list_failures, tell
from rag.errors import IndexBusy, IndexUnavailable
from rag.ingest import Failure, IngestReport, Root, Watch


def watch_folders(
    archive: Archive,
    folders: Sequence[Path],
    listing: Path,
    *,
    prune: bool,
    columns: Mapping[str, str],
) -> None:
    """Ingest the folders, then what changes in them, until an interrupt, which is no error.

    A round that cannot be stored is told and tried again later.

    Raises:
        ReadError: a folder is not there or cannot be watched.
    """
    watch = Watch(folders)
    failing: dict[str, Failure] = {}
    named = ", ".join(str(folder) for folder in folders)
    with _terminated_as_interrupted():
        try:
            first = True
            for roots in watch.rounds():
                report = _stored(archive, watch, roots, prune=prune, columns=columns)
                if report:
                    _forget(failing, roots)
                    failing.update((failure.path, failure) for failure in report.failures)
                    everything = dataclasses.replace(report, failures=tuple(failing.values()))
                    list_failures(everything, listing)
                    if _is_news(report) or (first and report.unchanged):
                        tell(report, listing)
                if first:
                    typer.echo(f"Watching {named} for changes; Ctrl-C ends it.", err=True)
                first = False
        except KeyboardInterrupt:
            typer.echo("Stopped watching; what was stored is kept.", err=True)


def _stored(
    archive: Archive,
    watch: Watch,
    roots: Sequence[Root],
    *,
    prune: bool,
    columns: Mapping[str, str],
) -> IngestReport | None:
    """What came of a round; None where there was nothing to do or it must wait."""
    if not prune and not any(root.files for root in roots):
        return None
    try:
        with showing() as show:
            return archive.ingest(roots, prune=prune, columns=columns, progress=show)
    except (IndexBusy, IndexUnavailable) as error:
        typer.echo(f"rag: {error}; trying again", err=True)
        watch.again(roots)
        return None


def _is_news(report: IngestReport) -> bool:
    return bool(report.added or report.updated or report.removed or report.failures)


def _forget(failing: dict[str, Failure], roots: Sequence[Root]) -> None:
    """Drop the failures of files that were read again or are gone."""
    met = [str(path) for root in roots for path in (*root.files, *root.gone)]
    for name in list(failing):
        if any(name == path or name.startswith((f"{path}:", f"{path}/")) for path in met):
            del failing[name]


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Let a request to end, such as a container's, be the same as Ctrl-C."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
