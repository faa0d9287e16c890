"""`rag keys`: who may use the service of an archive."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from rag.archive import open_archive
from rag.cli.options import AsJson, Index
from rag.cli.printing import print_json
from rag.errors import ReadError

app = typer.Typer(
    help="Keys for programs that use the service: add, list, revoke.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Who or what it is for.")],
    index: Index = None,
    writes: Annotated[
        bool,
        typer.Option("--write/--read-only", help="May it add and remove articles?"),
    ] = False,
    per_minute: Annotated[int | None, typer.Option(min=1, help="Requests a minute.")] = None,
    per_day: Annotated[int | None, typer.Option(min=1, help="Requests a day (UTC).")] = None,
) -> None:
    """Make a key and print it, once: only its hash is kept.

    A server that is running open asks for keys once it is started again.
    """
    with open_archive(index) as archive:
        text = archive.keys.add(name, writes=writes, per_minute=per_minute, per_day=per_day)
    typer.echo(text)
    typer.echo(
        "Keep it now, it is not shown again. Programs send it as `Authorization: Bearer KEY`.",
        err=True,
    )


@app.command("list")
def every(index: Index = None, as_json: AsJson = False) -> None:
    """The keys by name: what each may do, its limits, and today's calls where it has a quota."""
    with open_archive(index) as archive:
        found, counted = archive.keys.all(), archive.keys.counted()
    if as_json:
        plain = [{**dataclasses.asdict(key), "today": counted.get(key.name, 0)} for key in found]
        print_json(plain)
        return
    if not found:
        typer.echo("There are no keys yet: make one with `rag keys add NAME`.")
    for key in found:
        right = "reads and writes" if key.writes else "reads"
        parts = [f"made {key.made:%Y-%m-%d}", right]
        if key.per_minute:
            parts.append(f"{key.per_minute:,} a minute")
        if key.per_day:
            parts.append(f"{counted.get(key.name, 0):,} of {key.per_day:,} today")
        if key.revoked:
            parts.append(f"revoked {key.revoked:%Y-%m-%d}")
        typer.echo(f"{key.name + ':':<17}{', '.join(parts)}")


@app.command("revoke")
def revoke(
    name: Annotated[str, typer.Argument(help="The name of the key.")], index: Index = None
) -> None:
    """Take a key back; running servers refuse it from the next request on."""
    with open_archive(index) as archive:
        if not archive.keys.revoke(name):
            raise ReadError(f"there is no key named {name!r} that opens: see `rag keys list`")
        settings, left = archive.settings, archive.keys.any()
    typer.echo(f"Revoked {name}.")
    if not (left or settings.password or settings.users):
        typer.echo(
            "It was the last one: without a password (RAG_PASSWORD) a server that is started now"
            " asks nobody for anything.",
            err=True,
        )
