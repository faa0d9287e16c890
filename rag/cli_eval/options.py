"""Arguments and options that several verbs take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_SUITE = "seeds"

SuiteName = Annotated[str, typer.Argument(help="A bundled suite's name or a suite's folder.")]
Index = Annotated[
    Path | None,
    typer.Option(help="Ask this index as it is, instead of a new one of the suite's articles."),
]
RunFile = Annotated[Path, typer.Argument(help="A run.json, or the folder it is in.")]
Name = Annotated[str | None, typer.Option(help="The suite's name; else the folder's.")]
