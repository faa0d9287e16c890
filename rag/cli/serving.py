"""`rag serve`: the page."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.options import Index, opened


def serve(
    index: Index = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 7860,
) -> None:
    """Open the archive as a page for the browser, on this machine only by default."""
    from rag.service import serve as run

    with opened(index) as archive:
        run(archive, host=host, port=port)
