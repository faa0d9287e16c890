"""`rag articles`: what is in the archive, one by one."""

from __future__ import annotations

import dataclasses
import sys
from typing import Annotated, Any

import typer

from rag.archive import Archive, open_archive
from rag.cli import shelf
from rag.cli.options import AsJson, Index, day
from rag.cli.printing import print_json
from rag.errors import SettingsError
from rag.records import Article, Filters
from rag.versions import Version, changes

app = typer.Typer(
    help="List the articles, show one, tell its versions, take one out.", no_args_is_help=True
)

_PAGE = 50

One = Annotated[str, typer.Argument(help="The id of the article, or its url.")]


@app.command("list")
def listing(
    index: Index = None,
    publisher: Annotated[
        list[str] | None, typer.Option(help="Only articles of this publisher (may be repeated).")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Only articles published since then.")] = None,
    until: Annotated[str | None, typer.Option(help="Only articles published until then.")] = None,
    words: Annotated[
        str, typer.Option(help="Only articles whose title or text holds each of these words.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="Articles listed at most.")] = _PAGE,
    skip: Annotated[int, typer.Option(min=0, help="Articles left out before them.")] = 0,
    as_json: AsJson = False,
) -> None:
    """List the articles, newest first, those without a date last.

    Tells which carry the same report and which were corrected.
    """
    filters = Filters(
        since=day(since, "--since"),
        until=day(until, "--until"),
        publishers=tuple(publisher or ()),
    )
    with open_archive(index) as archive:
        count, found = archive.listing(filters, words, limit=limit, skip=skip)
    if as_json:
        print_json({"articles": count, "skipped": skip, "listed": [_plain(each) for each in found]})
        return
    for each in found:
        typer.echo("\n".join(shelf.entry(each)))
    typer.echo(shelf.page_line(count, len(found), skip))


@app.command("show")
def show(article: One, index: Index = None, as_json: AsJson = False) -> None:
    """Show an article: its card, origin, copies, versions and text."""
    with open_archive(index) as archive:
        article_id = archive.identified(article)
        listed = archive.listed(article_id)
        history = archive.history(article_id)
        passages = archive.passages(article_id)
    newest = history[-1].article
    if as_json:
        print_json(
            {
                **(_plain(listed) if listed else _plain(newest.source)),
                "removed": listed is None,
                "passages": passages,
                "versions": [_version(version) for version in history],
                "text": newest.text,
            }
        )
        return
    typer.echo("\n".join(shelf.card(newest, listed, history, len(passages))))
    typer.echo()
    typer.echo(newest.text.rstrip())


@app.command("history")
def history(article: One, index: Index = None, as_json: AsJson = False) -> None:
    """Tell an article's versions, and what changed in each.

    The oldest first; sentences that went begin with -, those that came with +.
    """
    with open_archive(index) as archive:
        found = archive.history(archive.identified(article))
    before: list[Article | None] = [None, *(version.article for version in found[:-1])]
    told = [
        (version, changes(earlier, version.article) if earlier else ())
        for version, earlier in zip(found, before, strict=True)
    ]
    if as_json:
        print_json([{**_version(version), "changes": lines} for version, lines in told])
        return
    for version, lines in told:
        typer.echo("\n".join(shelf.version(version, lines)))


@app.command("remove")
def remove(
    named: Annotated[list[str], typer.Argument(help="Ids or urls of articles.", metavar="ID")],
    index: Index = None,
    forget: Annotated[
        bool,
        typer.Option("--forget", help="Delete every version, and every word kept of them."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take articles out of the archive, or forget them for ever.

    They are neither found nor quoted any more; their versions stay to be looked at. With --forget
    these go too, and what stored conversations quote of them; that cannot be undone. If one of
    the articles is not there, none is removed.
    """
    with open_archive(index) as archive:
        ids = tuple(dict.fromkeys(archive.identified(name) for name in named))
        read_at = _places(archive, ids)
        if not yes and not _confirmed(ids, forget=forget):
            typer.echo("Nothing was removed.")
            raise typer.Exit(1)
        gone = archive.forget(*ids) if forget else archive.remove(*ids)
    if as_json:
        print_json({"forgotten" if forget else "removed": gone})
        return
    for article_id in gone:
        typer.echo(f"{'Forgot' if forget else 'Removed'} {article_id}.")
    if forget:
        typer.echo("\n".join(shelf.still_held(read_at)))


def _confirmed(ids: tuple[str, ...], *, forget: bool) -> bool:
    """Whether the user says yes; off a terminal there is nobody to ask.

    Raises:
        SettingsError: it cannot be undone, and there is nobody to ask.
    """
    what = ids[0] if len(ids) == 1 else f"{len(ids)} articles"
    if sys.stdin.isatty():
        warning = ", all versions, for ever" if forget else ""
        return typer.confirm(f"Remove {what}{warning}?")
    if forget:
        raise SettingsError(f"forgetting {what} cannot be undone: say --yes to do it unasked")
    return True


def _places(archive: Archive, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Where the articles were read, as far as it is known."""
    listed = (archive.listed(article_id) for article_id in ids)
    return tuple(shelf.place(each.origin) for each in listed if each and each.origin)


def _version(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "stored": version.stored,
        "live": version.live,
        "corrected": version.corrected,
        "hash": version.article.content_hash,
    }


def _plain(record: Any) -> dict[str, Any]:
    plain = dataclasses.asdict(record)
    return {**plain.pop("source", {}), **plain}
