"""`rag doctor`: find what is wrong with an archive, and mend it."""

from __future__ import annotations

import dataclasses
import sys
from typing import Annotated

import typer

from rag import settings as configuration
from rag.archive import folder_of
from rag.cli.options import AsJson, Index
from rag.cli.printing import print_json
from rag.cli.shelf import wrapped
from rag.upkeep.checks import State
from rag.upkeep.doctor import Finding, is_well, look, mend

_WRONG = 1
_MARKS = {
    State.OK: "✓",
    State.UNTIDY: "✓",
    State.MENDED: "✓",
    State.WRONG: "✗",
    State.SKIPPED: "✗",
}


def doctor(
    index: Index = None,
    check: Annotated[bool, typer.Option("--check", help="Only look, change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find what is wrong with the archive, and mend it.

    Looks at packages, disk, store, passages, vectors, model and index. What an article says is
    never changed: indexes are made again from the store, vectors from the passages. Exit status 1
    if something is wrong in the end.
    """
    settings = configuration.load()
    found = []
    for finding in (look if check else mend)(folder_of(index, settings), settings):
        found.append(finding)
        if not as_json:
            typer.echo("\n".join(_line(finding)))
    if as_json:
        print_json([dataclasses.asdict(finding) for finding in found])
    if not is_well(found):
        raise typer.Exit(_WRONG)


def _line(finding: Finding) -> list[str]:
    mark = f"{_MARKS[finding.state]} " if _marks_can_be_shown() else ""
    return wrapped(f"{mark}{finding.check:<12}", f"{finding.state.value}: {finding.said}")


def _marks_can_be_shown() -> bool:
    try:
        "✓✗".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
