"""`rag eval init`, `import`, `generate`: suites made of questions, files or articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli_eval.ending import mended
from rag.cli_eval.models import chat
from rag.cli_eval.options import Name
from rag.cli_eval.places import own_suites
from rag.evaluation.archives import articles_at

if TYPE_CHECKING:
    from rag.evaluation.cases import Case
    from rag.evaluation.making.generating import Generated
    from rag.records import Article


def init(
    out: Annotated[Path | None, typer.Argument(help="The new suite's folder; asked for.")] = None,
    articles: Annotated[Path | None, typer.Option(help="Your articles; asked for.")] = None,
) -> None:
    """Make a suite by answering questions: where the articles are, what to ask, what is right.

    The evidence of an answer is looked up in the articles and shown as it is found. An empty
    question ends it; a question without an answer is one that the articles do not answer.
    """
    from rag.evaluation.making.material import Material, write_suite
    from rag.evaluation.suite import SUITE_FILE, SuiteError

    with mended():
        folder = out or Path(typer.prompt("Folder for the new suite", default="my-suite"))
        if (folder / SUITE_FILE).exists():
            raise SuiteError(f"{folder / SUITE_FILE} is there already: choose another folder")
        place = articles or Path(typer.prompt("Folder or file of your articles"))
        with articles_at(place) as archive:
            stored = archive.articles()
        typer.echo(f"{len(stored)} articles read. An empty question ends.")
        cases = tuple(_asked_for(stored))
        file = write_suite(
            Material((), cases), folder, name=folder.name, articles=str(place.resolve())
        )
    typer.echo(f"{len(cases)} cases in {file}; now: rag eval {folder} --out REPORTS")


def _asked_for(stored: Sequence[Article]) -> Iterator[Case]:
    """One case for each question typed, until an empty one."""
    from rag.evaluation.making.importing import questions_of

    number = 1
    while question := typer.prompt(f"Question {number}", default="", show_default=False).strip():
        answer = typer.prompt(
            "  Right answer (several apart by |; empty: the articles do not say)",
            default="",
            show_default=False,
        )
        row = {"id": f"q{number:03}", "question": question, "answer": answer.strip()}
        material = questions_of([row], stored)
        for case in material.cases:
            for evidence in case.evidence:
                typer.echo(f"  found in {evidence.article}: {evidence.quote}")
            if answer.strip() and not case.evidence:
                typer.echo("  no sentence of the articles says so: only the answer is measured")
            yield case
        number += 1


def import_(
    source: Annotated[Path, typer.Argument(help="A file or, for beir and multihop, a folder.")],
    out: Annotated[Path, typer.Option(help="The new suite's folder.")],
    form: Annotated[
        str, typer.Option("--format", help="questions (csv, jsonl), squad, beir or multihop.")
    ] = "questions",
    articles: Annotated[
        Path | None, typer.Option(help="The articles that the questions are about.")
    ] = None,
    name: Name = None,
) -> None:
    """Make a suite of questions that are written down elsewhere."""
    from rag.evaluation.making.importing import read_questions
    from rag.evaluation.making.material import write_suite
    from rag.evaluation.making.published import FORMATS
    from rag.evaluation.suite import SuiteError

    with mended():
        if form == "questions":
            if articles is None:
                raise SuiteError("questions need --articles: a folder or file of articles")
            with articles_at(articles) as archive:
                material = read_questions(source, archive.articles())
        elif form in FORMATS:
            material = FORMATS[form](source)
        else:
            forms = ", ".join(("questions", *FORMATS))
            raise SuiteError(f"no format {form!r}: it is one of {forms}")
        named = str(articles.resolve()) if articles else None
        file = write_suite(material, out, name=name or out.name, articles=named)
    for reason in material.skipped:
        typer.echo(f"skipped {reason}", err=True)
    typer.echo(f"{len(material.cases)} cases in {file}; now: rag eval {out} --out REPORTS")


def generate(
    articles: Annotated[Path, typer.Argument(help="The articles to make questions of.")],
    out: Annotated[
        Path | None,
        typer.Option(help="The new suite's folder; by default among the index's own suites."),
    ] = None,
    most: Annotated[int, typer.Option(help="At most so many questions of a kind.")] = 60,
    name: Name = None,
    model: Annotated[
        str | None,
        typer.Option(help="Have a chat model, provider:model, ask instead of the rules."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what the model would have to read.")
    ] = False,
) -> None:
    """Make questions of articles; they decide nothing until they are reviewed."""
    from rag.evaluation.making.generating import twins
    from rag.evaluation.making.material import Material, write_suite
    from rag.evaluation.making.writing import estimate

    with mended():
        out = out or own_suites() / articles.resolve().name
        with articles_at(articles) as archive:
            stored = archive.articles()
        if model or dry_run:
            cost = estimate(stored, most)
            typer.echo(
                f"{cost.requests} requests, about {cost.read} tokens to read and "
                f"{cost.written} to write",
                err=True,
            )
        if dry_run:
            return
        made = _made(stored, model, most)
        cases = tuple(form for case in made.cases for form in (case, *twins(case)))
        material = Material((), cases, made.dropped)
        write_suite(material, out, name=name or out.name, articles=str(articles.resolve()))
    for reason in made.dropped:
        typer.echo(f"dropped {reason}", err=True)
    typer.echo(f"{len(made.cases)} questions and {len(cases) - len(made.cases)} twins of them")
    typer.echo(f"now: rag eval review {out}")


def _made(stored: Sequence[Article], model: str | None, most: int) -> Generated:
    """Questions that the rules ask, or a chat model where one is named."""
    from rag.evaluation.making.generating import generate as ask_by_rule
    from rag.evaluation.making.writing import write_questions

    if model:
        return write_questions(stored, chat(model), most=most)
    return ask_by_rule(stored, most=most)
