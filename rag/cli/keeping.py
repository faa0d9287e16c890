"""`rag status`, `rag rebuild`: looking after an archive."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import typer

from rag import render
from rag.archive import Status, open_archive, rebuild as rebuild_index
from rag.cli.options import AsJson, Index
from rag.cli.printing import print_json
from rag.cli.shelf import moment, wrapped
from rag.settings import Settings
from rag.upkeep.holdings import Holdings

# Publishers that are counted one by one; the archive of an agency can name thousands.
_MOST_NAMED = 12
_KIB = 1024


def status(index: Index = None, as_json: AsJson = False) -> None:
    """What the archive holds, its health, its sizes and how it was built."""
    with open_archive(index) as archive:
        held = archive.holdings()
        found = archive.status()
        settings = archive.settings.model_dump(mode="json", exclude={"index"})
    if as_json:
        print_json(
            {
                **dataclasses.asdict(found),
                **dataclasses.asdict(held),
                "health": held.health,
                "settings": settings,
            }
        )
        return
    rows = {**_rows(found, held), "settings": _chosen(settings)}
    for name, value in rows.items():
        typer.echo("\n".join(wrapped(f"{name + ':':<13}", value)))


def rebuild(index: Index = None) -> None:
    """Make the indexes again from the stored articles, under the settings in force.

    Reads no article file; embeds only what changed settings ask for.
    """
    passages = rebuild_index(index)
    typer.echo(f"Rebuilt {passages:,} passages.")


def _rows(found: Status, held: Holdings) -> dict[str, str]:
    census = held.census
    return {
        "index": str(found.index),
        "health": held.health,
        "articles": f"{found.articles:,} in {found.passages:,} passages",
        "versions": f"{census.versions:,} stored",
        "copies": f"{census.articles - census.reports:,} of {census.reports:,} different reports",
        "dates": render.span(found.first, found.last) or "none stated",
        "publishers": _publishers(held) or "none stated",
        "last ingest": moment(census.stored) if census.stored else "time not noted",
        "on disk": _on_disk(held),
        "generation": f"{found.generation}",
        "built with": found.built_with,
        "corpus": found.corpus,
    }


def _chosen(settings: Mapping[str, Any]) -> str:
    """The settings that are not as they come."""
    usual = Settings.model_construct().model_dump(mode="json")
    chosen = [f"{name}={value}" for name, value in settings.items() if value != usual[name]]
    return ", ".join([*chosen, "all others as they come (--json lists them)"])


def _publishers(held: Holdings) -> str:
    counted = held.census.publishers
    named = [f"{name or 'not stated'} {count:,}" for name, count in counted[:_MOST_NAMED]]
    more = f", and {len(counted) - _MOST_NAMED:,} more" if len(counted) > _MOST_NAMED else ""
    return ", ".join(named) + more


def _on_disk(held: Holdings) -> str:
    """What lies here; a server tells for itself what it has."""
    sizes = {
        "store": held.store_bytes,
        "words": held.words_bytes,
        "vectors": held.vectors_bytes,
    }
    return ", ".join(f"{_size(size)} {name}" for name, size in sizes.items() if size) or "nothing"


def _size(size: int) -> str:
    """Bytes as people read them: `812 KiB`, `3.4 GiB`."""
    value, unit = float(size), "bytes"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if value < _KIB:
            break
        value, unit = value / _KIB, larger
    return f"{value:.0f} {unit}" if value >= 10 or unit == "bytes" else f"{value:.1f} {unit}"
