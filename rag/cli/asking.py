"""`rag ask`: a question on the command line."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from rag import render
from rag.cli.options import AsJson, Index, day, opened
from rag.records import Filters


def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    index: Index = None,
    as_json: AsJson = False,
    since: Annotated[str | None, typer.Option(help="Only articles published since this day.")] = None,
    until: Annotated[str | None, typer.Option(help="Only articles published until this day.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Answer as of this day: no later article is read.")
    ] = None,
    publisher: Annotated[
        list[str] | None, typer.Option(help="Only articles of this publisher (may be repeated).")
    ] = None,
    article: Annotated[
        list[str] | None, typer.Option(help="Only the article of this id (may be repeated).")
    ] = None,
) -> None:
    """Ask the archive; the answer quotes its articles, or says that they do not say."""
    filters = Filters(
        since=day(since, "--since"),
        until=day(until, "--until"),
        as_of=day(as_of, "--as-of"),
        publishers=tuple(publisher or ()),
        articles=tuple(article or ()),
    )
    with opened(index) as archive:
        answer = archive.ask(question, filters=filters)
    if as_json:
        typer.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
    else:
        render.show(answer)
