"""`rag ask`: a question on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from rag import render
from rag.cli.options import AsJson, Index, command, day, opened
from rag.cli.printing import print_json
from rag.errors import SettingsError
from rag.export import FORMATS
from rag.records import QUOTES, Answer, Filters, Options, Strictness


def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    index: Index = None,
    as_json: AsJson = False,
    export: Annotated[
        Path | None, typer.Option(help="Also write the answer with its proof: .md, .html or .json.")
    ] = None,
    leave_one_out: Annotated[
        bool,
        typer.Option("--leave-one-out", help="Also the answer without each article it cites."),
    ] = False,
    since: Annotated[str | None, typer.Option(help="Only articles published since then.")] = None,
    until: Annotated[str | None, typer.Option(help="Only articles published until then.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Answer as of this day: no later article is read.")
    ] = None,
    publisher: Annotated[
        list[str] | None, typer.Option(help="Only articles of this publisher (may be repeated).")
    ] = None,
    article: Annotated[
        list[str] | None, typer.Option(help="Only the article of this id (may be repeated).")
    ] = None,
    quotes: Annotated[
        bool, typer.Option("--quotes", help="Quote only: the chat model is not asked.")
    ] = False,
    passages: Annotated[
        int | None, typer.Option(help="Read so many passages, 1 to 100.", show_default=False)
    ] = None,
    strictness: Annotated[
        Strictness, typer.Option(help="How sure an answer must be before it is shown.")
    ] = Strictness.BALANCED,
) -> None:
    """Ask the archive; the answer quotes its articles, or says that they do not say."""
    filters = Filters(
        since=day(since, "--since"),
        until=day(until, "--until"),
        as_of=day(as_of, "--as-of"),
        publishers=tuple(publisher or ()),
        articles=tuple(article or ()),
    )
    options = Options(QUOTES if quotes else None, passages, strictness)
    write = _writer(export)
    with opened(index) as archive:
        answer = archive.ask(question, filters=filters, options=options)
        is_seeds = archive.is_seeds
        others = archive.leave_one_out(answer, filters=filters) if leave_one_out else {}
    write(answer)
    if answer.coverage and not answer.coverage.articles:
        typer.echo(_nothing_searched(filters), err=True)
    if as_json:
        without = {key: other.to_dict() for key, other in others.items()}
        print_json(answer.to_dict() | ({"leave_one_out": without} if leave_one_out else {}))
        return
    render.show(answer)
    for article_id, other in others.items():
        render.show_without(article_id, other)
    if is_seeds:
        typer.echo(f"Open the page with `{command()} serve`.", err=True)


def _nothing_searched(filters: Filters) -> str:
    """What to do where no article was searched: a name or an address is often misspelt."""
    if filters == Filters():
        return (
            "This archive holds no articles: check --index (or RAG_INDEX), or add some with"
            f" `{command()} ingest FOLDER`."
        )
    return f"No article passes these limits: `{command()} articles list` shows what there is."


def _writer(path: Path | None) -> Callable[[Answer], None]:
    """What writes the answer to a file, by its ending; nothing without one.

    Raises:
        SettingsError: the ending names no format, or the file cannot be written.
    """
    if path is None:
        return lambda answer: None
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise SettingsError(f"--export {path}: the ending must be one of {', '.join(FORMATS)}")

    def write(answer: Answer) -> None:
        try:
            path.write_text(form([answer]), "utf-8")
        except OSError as error:
            raise SettingsError(f"--export {path}: cannot be written: {error.strerror}") from error

    return write
