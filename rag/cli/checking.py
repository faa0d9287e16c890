"""`rag quote`: is this quotation real?"""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.options import Index, opened
from rag.records import Outcome
from rag.render import card, flat

_NOT_VERIFIED = 1


def quote(
    quotation: Annotated[str, typer.Argument(help="The words, in quotation marks.")],
    article: Annotated[str, typer.Option(help="The id of the article they are from.")],
    index: Index = None,
) -> None:
    """Check a quotation: verified, in another article, a near miss, or not found (status 1)."""
    with opened(index) as archive:
        checked = archive.check_quote(quotation, article)
    found = checked.quote
    typer.echo(f"{found.outcome.value}: {card(found.source)}")
    if found.outcome is not Outcome.NOT_FOUND:
        typer.echo(f"  “{flat(found.text)}”")
    for remark in checked.remarks:
        typer.echo(f"  {remark}")
    if found.outcome is not Outcome.VERIFIED:
        raise typer.Exit(_NOT_VERIFIED)
