"""`rag status`, `rag remove`, `rag rebuild`: looking after an archive."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer

from rag import render
from rag.archive import open_archive, rebuild as rebuild_index
from rag.cli.options import AsJson, Index
from rag.errors import ReadError


def status(index: Index = None, as_json: AsJson = False) -> None:
    """What the archive holds, where it is and how it was built."""
    with open_archive(index) as archive:
        found = archive.status()
        settings = archive.settings.model_dump(mode="json", exclude={"index"})
    if as_json:
        plain = {**dataclasses.asdict(found), "settings": settings}
        typer.echo(json.dumps(plain, default=str, ensure_ascii=False, indent=2))
        return
    rows = {
        "index": str(found.index),
        "articles": f"{found.articles:,} in {found.passages:,} passages",
        "publishers": ", ".join(found.publishers) or "none stated",
        "dates": render.span(found.first, found.last) or "none stated",
        "built with": found.built_with,
        "corpus": found.corpus,
        **{name: str(value) for name, value in settings.items()},
    }
    for name, value in rows.items():
        typer.echo(f"{name + ':':<17}{value}")


def remove(
    article: Annotated[str, typer.Argument(help="The id of the article.")], index: Index = None
) -> None:
    """Take an article out of the archive."""
    with open_archive(index) as archive:
        if not archive.remove(article):
            raise ReadError(f"there is no article {article!r} in this archive")
    typer.echo(f"Removed {article}.")


def rebuild(index: Index = None) -> None:
    """Make the indexes again from the stored articles, under the settings in force.

    Reads no article file; embeds only what changed settings ask for.
    """
    passages = rebuild_index(index)
    typer.echo(f"Rebuilt {passages:,} passages.")
