"""`rag eval drafts`, `review`: cases that wait for somebody to read them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli_eval.ending import INVALID, mended
from rag.cli_eval.options import SuiteName

if TYPE_CHECKING:
    from rag.evaluation.cases import Case
    from rag.evaluation.people.reviewing import Decision


def drafts(
    index: Annotated[
        Path | None, typer.Option(help="The index whose readers are heard; else your own.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="The suite's folder; by default among the index's own suites."),
    ] = None,
) -> None:
    """Make drafts of cases from what readers said of answers; they wait for your review."""
    from rag.archive import open_archive
    from rag.evaluation.desk import SUITES
    from rag.evaluation.making.remarked import SUITE, put_drafts

    # The seeds, which nobody remarks on, never stand in for the user's own archive.
    with mended(), open_archive(index) as archive:
        folder = out or archive.folder / SUITES / SUITE
        remarks = archive.feedback.all()
        made = put_drafts(remarks, archive.articles(), folder)
    for reason in made.skipped:
        typer.echo(f"skipped {reason}", err=True)
    count = len(made.cases)
    typer.echo(f"{count} new draft{'' if count == 1 else 's'} of {len(remarks)} remarks of readers")
    if count:
        typer.echo(f"now: the page's Review tab, or rag eval review {folder}")


def review(suite: SuiteName) -> None:
    """Keep, edit or drop each case that nobody has reviewed; saved at the end."""
    from rag.evaluation.people.reviewing import review as review_cases, save_cases
    from rag.evaluation.suite import load_suite

    with mended():
        chosen = load_suite(suite)
        open_ = sum(not case.provenance.reviewed for case in chosen.cases)
        try:
            kept = review_cases(chosen.cases, _decide)
        except (EOFError, typer.Abort):
            typer.echo("stopped; nothing was changed", err=True)
            raise typer.Exit(INVALID) from None
        save_cases(kept, chosen.cases_file)
    left = sum(not case.provenance.reviewed for case in kept)
    typer.echo(f"{open_ - left} of {open_} reviewed, {len(kept)} cases")


def _decide(case: Case) -> Decision:
    """Show a draft and ask what becomes of it."""
    typer.echo(f"\n{case.id} ({case.category}): {case.question}")
    typer.echo(f"  answers: {', '.join(case.reference.answers) or case.expect}")
    for evidence in case.evidence:
        typer.echo(f"  {evidence.article}: {evidence.quote}")
    choice = typer.prompt("[k]eep, [e]dit the question, [d]rop, [l]ater", default="k")
    if choice.startswith("e"):
        return replace(case, question=typer.prompt("question", default=case.question))
    if choice.startswith("d"):
        return "drop"
    return "keep" if choice.startswith("k") else "later"
