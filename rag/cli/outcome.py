"""What an ingest tells when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from rag.ingest import Failure, IngestReport, write_failures

_MOST_FAILURES_SHOWN = 20


def tell(report: IngestReport, listing: Path) -> None:
    """The counts on stdout, the first failures on stderr; `listing` holds them all."""
    parts = [
        f"{count:,} {name}"
        for name, count in (
            ("added", report.added),
            ("updated", report.updated),
            ("unchanged", report.unchanged),
            ("removed", report.removed),
        )
        if count
    ]
    typer.echo(f"Articles: {', '.join(parts) or 'none'}.")
    if report.copies:
        are = "is a copy" if report.copies == 1 else "are copies"
        typer.echo(f"{report.copies:,} {are} of a report already here.")
    if report.flagged:
        hold = "article holds" if report.flagged == 1 else "articles hold"
        typer.echo(
            f"{report.flagged:,} {hold} instructions to a reader's machine; they are quoted as"
            " text, never obeyed."
        )
    if report.failures:
        typer.echo(f"Not read: {len(report.failures):,}, listed in {listing}.")
    tell_failures(report.failures)


def tell_failures(failures: Sequence[Failure]) -> None:
    """The first failures on stderr, and how many more there are."""
    for failure in failures[:_MOST_FAILURES_SHOWN]:
        # A name may hold line ends; a line is a line.
        path = failure.path if failure.path.isprintable() else ascii(failure.path)[1:-1]
        typer.echo(f"rag: not read: {path}: {failure.reason}", err=True)
    if len(failures) > _MOST_FAILURES_SHOWN:
        more = len(failures) - _MOST_FAILURES_SHOWN
        typer.echo(f"rag: not read: {more:,} more", err=True)


def list_failures(report: IngestReport, listing: Path) -> None:
    """Write all failures to the listing, over those of the run before; none leave no file."""
    try:
        if report.failures:
            write_failures(listing, report.failures)
        else:
            listing.unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        typer.echo(f"rag: {listing}: the failures cannot be listed there: {why}", err=True)
