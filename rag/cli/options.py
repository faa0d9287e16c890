"""Options that several commands take."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from rag.archive import Archive, open_archive, open_default
from rag.errors import SettingsError

Index = Annotated[
    Path | None,
    typer.Option(help="Folder of the index. Default: RAG_INDEX, else your own data folder."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def opened(index: Path | None) -> Archive:
    """The archive to ask: a given folder's, else the user's, else the seeds' with a line on it."""
    archive = open_archive(index) if index is not None else open_default()
    if archive.is_seeds:
        typer.echo(
            "Your archive is empty: answering from the bundled seed articles. Add your own with"
            " `rag ingest FOLDER`.",
            err=True,
        )
    return archive


def command() -> str:
    """How this program was called, to name its other commands."""
    called = sys.argv[0]
    return called if Path(called).name in ("rag", "rag.exe") else "python -m rag"


def day(value: str | None, name: str) -> date | None:
    """The day an option names.

    Raises:
        SettingsError: it is not a full date.
    """
    if value is None:
        return None
    from rag.language.dates import published

    found = published(value)
    if found is None:
        raise SettingsError(f"{name} {value!r} is not a date: write it as 2023-09-13")
    return found
