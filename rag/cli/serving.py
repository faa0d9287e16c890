"""`rag serve`: the page and the service."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.options import Index, opened


def serve(
    index: Index = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 7860,
    workers: Annotated[
        int,
        typer.Option(min=1, help="Processes; more than one serve /v1 alone, without the page."),
    ] = 1,
) -> None:
    """Open the archive as a page for the browser, and to programs under /v1 (see /v1/openapi.json).

    On this machine only by default; other addresses demand a password (RAG_PASSWORD) or a key.
    """
    from rag.service import serve as run

    with opened(index) as archive:
        run(archive, host=host, port=port, workers=workers)
