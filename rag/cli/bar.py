"""How an ingest shows that it goes on: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from rag.cli.pace import Pace
from rag.ingest import Progress

# Off a terminal, a line after so long: seldom enough for a log, often enough to be believed.
_PLAIN_SECONDS = 15.0
# With it the longest line, of an archive of 60,000 files, still fits 80 columns.
_BAR_WIDTH = 16


@contextmanager
def showing() -> Iterator[Callable[[Progress], None]]:
    """What is to be told of the progress; it is shown on stderr until the block ends."""
    pace = Pace()
    if not sys.stderr.isatty():
        yield _lines(pace)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress as Bar, TextColumn

    columns = (BarColumn(_BAR_WIDTH), TextColumn("{task.description}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def advance(progress: Progress) -> None:
            pace.note(progress)
            # Without a total the bar moves to and fro, as long as nothing can be said.
            total = 1.0 if progress.share else None
            bar.update(task, description=pace.line(), total=total, completed=progress.share)

        yield advance


def _lines(pace: Pace) -> Callable[[Progress], None]:
    said = time.monotonic()

    def advance(progress: Progress) -> None:
        nonlocal said
        pace.note(progress)
        if time.monotonic() - said >= _PLAIN_SECONDS:
            said = time.monotonic()
            typer.echo(f"reading: {pace.line()}", err=True)

    return advance
