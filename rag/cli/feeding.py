"""`rag ingest`: files and folders into the archive."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from rag.archive import open_archive
from rag.cli.options import AsJson, Index
from rag.errors import SettingsError
from rag.ingest import IngestReport, Progress
from rag.reading import File
from rag.reading.web import open_web

_PARTLY, _NOTHING = 3, 2
_MOST_FAILURES_SHOWN = 20
# Off a terminal, a line after so many files.
_PLAIN_STEP = 500


def ingest(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files, folders, an http(s) address, or - for standard input."),
    ],
    index: Index = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove articles whose file is gone from the folder.")
    ] = False,
    column: Annotated[
        list[str] | None,
        typer.Option(help="A table's column for a field: text=Body (may be repeated)."),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="What standard input holds, as a file's ending.")
    ] = "jsonl",
    as_json: AsJson = False,
) -> None:
    """Add articles from text, Markdown, HTML, PDF, Word, mail, tables, feeds and archives of them.

    Tables (.csv, .tsv, .jsonl, .parquet) hold an article a row; front matter of Markdown is read.
    Running it again changes nothing; a changed file becomes a new version of its article. Exit
    status 3 if some files could not be read, 2 if none could.
    """
    with open_archive(index) as archive, _progress() as progress:
        report = archive.ingest(
            [_source(path, form) for path in paths],
            prune=prune,
            columns=_columns(column or ()),
            progress=progress,
        )
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(report), ensure_ascii=False, indent=2))
    else:
        _tell(report)
    if report.failures:
        read = report.added + report.updated + report.unchanged
        raise typer.Exit(_PARTLY if read else _NOTHING)


def _source(path: str, form: str) -> Path | File:
    """What an argument names; an address is fetched, since it was asked for."""
    if path == "-":
        return File.of_bytes(f"-.{form.removeprefix('.')}", sys.stdin.buffer.read())
    if path.startswith(("http://", "https://")):
        return open_web().fetch(path)
    return Path(path)


def _columns(pairs: Iterable[str]) -> dict[str, str]:
    """Fields of an article by the table's own names for them.

    Raises:
        SettingsError: a pair is not written `field=Column`.
    """
    columns = {}
    for pair in pairs:
        name, sign, theirs = pair.partition("=")
        if not sign or not theirs:
            raise SettingsError(f"--column {pair!r}: write it as text=Body")
        columns[theirs] = name
    return columns


def _tell(report: IngestReport) -> None:
    parts = [
        f"{count} {name}"
        for name, count in (
            ("added", report.added),
            ("updated", report.updated),
            ("unchanged", report.unchanged),
            ("removed", report.removed),
        )
        if count
    ]
    typer.echo(f"Articles: {', '.join(parts) or 'none'}.")
    for failure in report.failures[:_MOST_FAILURES_SHOWN]:
        typer.echo(f"rag: not read: {failure.path}: {failure.reason}", err=True)
    if len(report.failures) > _MOST_FAILURES_SHOWN:
        more = len(report.failures) - _MOST_FAILURES_SHOWN
        typer.echo(f"rag: not read: {more} more (all with --json)", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal, a line now and then elsewhere; both on stderr."""
    if not sys.stderr.isatty():
        yield _line
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress as Bar,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("Reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files · {task.fields[passages]:,} passages"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None, passages=0)

        def advance(progress: Progress) -> None:
            bar.update(
                task, completed=progress.files, total=progress.of, passages=progress.passages
            )

        yield advance


def _line(progress: Progress) -> None:
    if progress.files % _PLAIN_STEP == 0:
        typer.echo(
            f"read {progress.files:,} of {progress.of:,} files, {progress.passages:,} passages",
            err=True,
        )
