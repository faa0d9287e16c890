"""What is seen while a suite runs, and where tables are printed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from rag.evaluation.running import Progress


def console() -> Console:
    """At most 80 columns; no colours and no control characters where nobody looks."""
    from rich.console import Console

    from rag.evaluation.report.terminal import WIDTH

    terminal = Console(highlight=False)
    width = min(WIDTH, terminal.width) if terminal.is_terminal else WIDTH
    return Console(highlight=False, width=width)


def progress() -> Progress | None:
    """A counter on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, of: int) -> None:
        end = "\r" if done < of else "\r" + " " * 30 + "\r"
        print(f"case {done} of {of}", end=end, file=sys.stderr, flush=True)

    return show
