"""`rag replay`: is a recorded answer still the answer?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.options import Index, opened
from rag.replay import read_recorded, replay as replay_recorded

_DRIFTED = 1


def replay(
    file: Annotated[Path, typer.Argument(help="What `rag ask --json` printed.")],
    index: Index = None,
) -> None:
    """Ask a recorded question again: identical, or what drifted and why (exit status 1)."""
    recorded = read_recorded(file)
    with opened(index) as archive:
        found = replay_recorded(archive, recorded)
    if found.identical:
        typer.echo("identical")
        for reason in found.reasons:
            typer.echo(f"  although changed since: {reason}")
        return
    typer.echo("drifted")
    for drift in found.drifts:
        typer.echo(f"  {drift}")
    for reason in found.reasons or ("nothing recorded: the machine may compute otherwise",):
        typer.echo(f"  changed since: {reason}")
    raise typer.Exit(_DRIFTED)
