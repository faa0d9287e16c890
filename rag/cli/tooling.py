"""`rag mcp`: the archive as tools for a program that speaks the Model Context Protocol."""

from __future__ import annotations

from rag.cli.options import Index, opened


def mcp(index: Index = None) -> None:
    """Offer the tools ask, search and read_article over standard input and output (MCP)."""
    from rag.toolbox import Alone, toolbox

    with opened(index) as archive:
        toolbox(Alone(archive)).run("stdio")
