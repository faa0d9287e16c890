"""How a verb ends that cannot go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from rag.errors import Mendable, ModelError

INVALID = 2


@contextmanager
def mended() -> Iterator[None]:
    """Turn what the user can mend into one line on stderr and exit status 2."""
    try:
        yield
    except (Mendable, ModelError) as error:
        typer.echo(f"rag eval: {error}", err=True)
        raise typer.Exit(INVALID) from error
    except OSError as error:
        where = error.filename or "the disk"
        typer.echo(f"rag eval: {where} cannot be read or written: {error.strerror}", err=True)
        raise typer.Exit(INVALID) from error
