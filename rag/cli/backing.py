"""`rag backup`, `rag restore`: an archive in one file, and back."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from rag import settings as configuration
from rag.archive import folder_of
from rag.cli.options import AsJson, Index
from rag.cli.printing import print_json
from rag.cli.shelf import wrapped
from rag.upkeep.backup import Manifest
from rag.upkeep.restoring import replace as put_in_place, restore as fill
from rag.upkeep.saving import back_up

_PARTLY = 3


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    index: Index = None,
    as_json: AsJson = False,
) -> None:
    """Write the whole archive to one file, also while it is read or fed.

    It holds the articles with all versions and vectors, conversations and remarks, and the hashes
    of keys: keep it where only you can read it. An older backup of that name is replaced.
    """
    settings = configuration.load()
    manifest = back_up(folder_of(index, settings), settings, file)
    if as_json:
        print_json(dataclasses.asdict(manifest))
        return
    _tell(f"Wrote {_held(manifest)} to {file} ({file.stat().st_size:,} bytes).")


def restore(
    file: Annotated[Path, typer.Argument(help="What `rag backup` wrote.")],
    index: Index = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Give up what the archive holds for the backup.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fill a new or empty archive from a backup; nothing is embedded again.

    The backup is checked first: a damaged one changes nothing. Exit status 3 if it was built with
    other settings than are in force: it is restored, and `rag rebuild` makes it searchable.
    """
    settings = configuration.load()
    folder = folder_of(index, settings)
    restored = (put_in_place if replace else fill)(file, folder, settings)
    if as_json:
        print_json(dataclasses.asdict(restored))
    else:
        _tell(f"Restored {_held(restored.manifest)}, as of {restored.manifest.made}, to {folder}.")
        if restored.aside:
            _tell(f"The store that could not be read is kept in {restored.aside}.")
        if not restored.searchable:
            _tell(
                f"It was built with {restored.manifest.fingerprint}, and the settings are others:"
                f" put them back, or run `rag rebuild --index {folder}`."
            )
    if not restored.searchable:
        raise typer.Exit(_PARTLY)


def _held(manifest: Manifest) -> str:
    articles, conversations = manifest.articles, manifest.conversations
    return (
        f"{articles:,} article{'' if articles == 1 else 's'} in {manifest.versions:,} versions and"
        f" {conversations:,} conversation{'' if conversations == 1 else 's'}"
    )


def _tell(text: str) -> None:
    typer.echo("\n".join(wrapped("", text)))
