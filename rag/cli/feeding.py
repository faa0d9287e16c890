"""`rag ingest`: files and folders into the archive."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from rag.archive import Archive, open_archive
from rag.cli.bar import showing
from rag.cli.options import AsJson, Index
from rag.cli.outcome import list_failures, tell
from rag.cli.printing import print_json
from rag.cli.watching import watch_folders
from rag.errors import SettingsError
from rag.ingest import IngestReport, Progress
from rag.reading import File
from rag.reading.web import open_web

_PARTLY, _NOTHING, _INTERRUPTED = 3, 2, 130


def ingest(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files, folders, an http(s) address, or - for standard input."),
    ],
    index: Index = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove articles whose file is gone from the folder.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on with what changes in the folders, until Ctrl-C.")
    ] = False,
    column: Annotated[
        list[str] | None,
        typer.Option(help="A table's column for a field: text=Body (may be repeated)."),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(help="Address of a Ray cluster that reads and embeds (local: workers here)."),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="What standard input holds, as a file's ending.")
    ] = "jsonl",
    failures: Annotated[
        Path | None,
        typer.Option(
            help="Where to list what could not be read, as JSON lines. Default: failures.jsonl"
            " in the index folder."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add articles from text, Markdown, HTML, PDF, Word, mail, tables, feeds and archives of them.

    Tables (.csv, .tsv, .jsonl, .parquet) hold an article a row; front matter of Markdown is read.
    Running it again changes nothing; a changed file becomes a new version of its article. Exit
    status 3 if some files could not be read, 2 if none could, 130 if it was interrupted; what
    was stored by then is kept, and the same command goes on from there.
    """
    columns = _columns(column or ())
    with open_archive(index) as archive:
        listing = failures or archive.folder / "failures.jsonl"
        if watch:
            watch_folders(archive, _folders(paths), listing, prune=prune, columns=columns)
            return
        sources = [_source(path, form) for path in paths]
        report = _ingested(archive, sources, prune=prune, columns=columns, ray=ray)
    list_failures(report, listing)
    if as_json:
        print_json({**dataclasses.asdict(report), "failures_file": listing})
    else:
        tell(report, listing)
    if report.failures:
        read = report.added + report.updated + report.unchanged
        raise typer.Exit(_PARTLY if read else _NOTHING)


def _ingested(
    archive: Archive,
    sources: list[Path | File],
    *,
    prune: bool,
    columns: dict[str, str],
    ray: str | None,
) -> IngestReport:
    """What came of it; an interrupt ends the command with a line that says how to go on."""
    last = Progress(0, 0, 0, 0)

    def note(progress: Progress) -> None:
        nonlocal last
        last = progress
        show(progress)

    try:
        with showing() as show:
            return archive.ingest(sources, prune=prune, columns=columns, progress=note, ray=ray)
    except KeyboardInterrupt:
        stored = f"{last.articles:,} articles are stored ({last.files:,} of {last.of:,} files read)"
        typer.echo(f"rag: interrupted: {stored}; the same command goes on from there", err=True)
        raise typer.Exit(_INTERRUPTED) from None


def _source(path: str, form: str) -> Path | File:
    """What an argument names; an address is fetched, since it was asked for."""
    if path == "-":
        return File.of_bytes(f"-.{form.removeprefix('.')}", sys.stdin.buffer.read())
    if _is_address(path):
        return open_web().fetch(path)
    return Path(path)


def _folders(paths: Iterable[str]) -> list[Path]:
    """The folders to watch.

    Raises:
        SettingsError: standard input or an address is among them.
    """
    found = list(paths)
    other = next((path for path in found if path == "-" or _is_address(path)), None)
    if other is not None:
        raise SettingsError(f"--watch: {other} is no folder: only folders can be watched")
    return [Path(path) for path in found]


def _is_address(path: str) -> bool:
    return path.startswith(("http://", "https://"))


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
