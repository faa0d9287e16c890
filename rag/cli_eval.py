"""`rag eval`: run a suite, look into it, compare and accept runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from rich.console import Console

    from rag.archive import Archive
    from rag.evaluation.cases import Case
    from rag.evaluation.judge import Judge
    from rag.evaluation.judging import Agreement, Labelled
    from rag.evaluation.reviewing import Decision
    from rag.evaluation.run import Run
    from rag.evaluation.running import Progress
    from rag.evaluation.suite import Suite
    from rag.records import Article
    from rag.settings import Settings
    from rag.writing.chat import Chat

DEFAULT_SUITE = "seeds"
RUN_FILE = "run.json"
_INVALID = 2
_LABELS = {"y": "supported", "p": "partially_supported", "n": "not_supported"}


class RunsByDefault(TyperGroup):
    """A group in which words that name no command go to `run`: `rag eval seeds --out DIR`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ("--help", "-h")):
            args = ["run", *args]
        return list(super().parse_args(ctx, args))


app = typer.Typer(
    cls=RunsByDefault,
    help="Measure the answers on a suite of cases; `rag eval [SUITE]` is `rag eval run [SUITE]`.",
    no_args_is_help=False,
)

SuiteName = Annotated[str, typer.Argument(help="A bundled suite's name or a suite's folder.")]
Index = Annotated[
    Path | None,
    typer.Option(help="Ask this index as it is, instead of a new one of the suite's articles."),
]


@app.command()
def run(
    suite: SuiteName = DEFAULT_SUITE,
    out: Annotated[
        Path | None,
        typer.Option(help="Write run.json, report.html, junit.xml and summary.md here."),
    ] = None,
    index: Index = None,
    baseline: Annotated[
        Path | None, typer.Option(help="Compare with this run.json, not the accepted one.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="Only the cases of dev or test.")] = None,
    category: Annotated[str | None, typer.Option(help="Only the cases of a category.")] = None,
    checker: Annotated[
        str,
        typer.Option(
            help="What says whether passages support a claim: rules, hhem, "
            "nli:MODEL or own:MODULE:NAME."
        ),
    ] = "rules",
    epochs: Annotated[
        int, typer.Option(min=1, help="Ask each case so often: for answers that vary.")
    ] = 1,
    judge: Annotated[
        str | None,
        typer.Option(
            help="A chat model, provider:model, whose opinion is printed and gates nothing."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print run.json, no table.")] = False,
) -> None:
    """Ask every case of a suite, print what was measured, and check the gates.

    Ends 0 when all gates hold, 1 when one fails, 2 when the suite is invalid or a label is
    stale, 3 when it cannot be measured.
    """
    from rag.evaluation.checkers import checker_named
    from rag.evaluation.comparing import compare
    from rag.evaluation.report.terminal import print_run
    from rag.evaluation.running import Method, evaluate

    with _mended():
        chosen = _narrowed(_suite(suite), split, category)
        method = Method(
            checker_named(checker).verdict, epochs, judge=_judge(judge), prompts=_prompts()
        )
        before = _baseline(chosen, baseline)
        with _archive(chosen, index) as archive:
            found = evaluate(archive, chosen, baseline=before, method=method, progress=_progress())
        comparison = compare(before, found) if before else None
        if out is not None:
            _write(out, found, before)
    if as_json:
        typer.echo(found.to_json(), nl=False)
    else:
        print_run(found, console(), comparison)
    raise typer.Exit(found.exit_status)


@app.command()
def lint(suite: SuiteName = DEFAULT_SUITE, index: Index = None) -> None:
    """Check a suite's labels against its articles; nothing is asked."""
    from rag.evaluation.lint import lint as lint_cases

    with _mended():
        chosen = _suite(suite)
        with _archive(chosen, index) as archive:
            findings = lint_cases(chosen.cases, chosen.shelf(archive.articles()))
    for finding in findings:
        typer.echo(f"{finding.level}: {finding.case}: {finding.problem}")
    typer.echo(f"{len(chosen.cases)} cases, {len(findings)} findings")
    if any(finding.level != "warning" for finding in findings):
        raise typer.Exit(_INVALID)


@app.command()
def explain(
    metric: Annotated[str | None, typer.Argument(help="A metric; all names without one.")] = None,
) -> None:
    """Say what a metric means: definition, formula, a case worked by hand."""
    from rag.evaluation.catalogue import catalogue
    from rag.evaluation.report.terminal import explained

    known = catalogue()
    if metric is None:
        for entry in known.values():
            typer.echo(f"{entry.name:26}{entry.definition}")
    elif metric in known:
        typer.echo(explained(known[metric]))
    else:
        typer.echo(f"no metric {metric!r}: `rag eval explain` lists them", err=True)
        raise typer.Exit(_INVALID)


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(help="A run.json, or the folder it is in.")],
    new: Annotated[Path, typer.Argument(help="A later run.json of the same suite.")],
) -> None:
    """Say what changed between two runs of one suite: metrics, intervals, every flip."""
    from rag.evaluation.comparing import compare as compare_runs
    from rag.evaluation.report.terminal import print_comparison
    from rag.evaluation.run import read_run

    with _mended():
        comparison = compare_runs(read_run(_run_file(old)), read_run(_run_file(new)))
    print_comparison(comparison, console())


@app.command()
def sweep(
    run_file: Annotated[Path, typer.Argument(help="A run.json, or the folder it is in.")],
    risk: Annotated[float, typer.Option(help="Wrong answers allowed among those given.")] = 0.05,
) -> None:
    """Show what a higher bar of confidence would trade; chosen on dev, told on test."""
    from rag.evaluation.report.terminal import print_sweep
    from rag.evaluation.run import read_run
    from rag.evaluation.sweeping import sweep as sweep_run

    with _mended():
        print_sweep(sweep_run(read_run(_run_file(run_file)), risk=risk), console())


@app.command()
def ablate(
    suite: SuiteName,
    variants: Annotated[
        list[str], typer.Option("--with", help="A setting to try: NAME=VALUE; may be repeated.")
    ],
) -> None:
    """Run a suite under the settings in force and under each variant, and compare."""
    from rag.evaluation.comparing import compare as compare_runs
    from rag.evaluation.report.terminal import print_comparison
    from rag.evaluation.running import Method, evaluate
    from rag.settings import load

    with _mended():
        chosen = _suite(suite)
        with _articles_at(chosen.articles) as archive:
            usual = evaluate(archive, chosen, method=Method(again=0))
        for variant in variants:
            changed = load(**_setting(variant))
            with _articles_at(chosen.articles, changed) as archive:
                tried = evaluate(archive, chosen, method=Method(again=0))
            typer.echo(f"\n{variant}")
            print_comparison(compare_runs(usual, tried), console())


@app.command()
def accept(
    run_file: Annotated[Path, typer.Argument(help="The run.json to accept, or its folder.")],
    suite: Annotated[str | None, typer.Option(help="The suite, if not the run's own.")] = None,
) -> None:
    """Make a run the baseline that later runs of its suite are compared with."""
    from rag.evaluation.run import as_baseline, read_run

    with _mended():
        accepted = read_run(_run_file(run_file))
        target = _suite(suite or accepted.suite).baseline
        as_baseline(accepted).save(target)
    typer.echo(f"accepted as {target}")


@app.command()
def judge(
    labelled: Annotated[
        Path, typer.Argument(help="JSON lines of id, claim, passages, label; or a folder of such.")
    ],
    checker: Annotated[
        list[str] | None, typer.Option(help="A check by name, as in `run`; may be repeated.")
    ] = None,
) -> None:
    """Say how well support checks agree with people on labelled claims: AUC, balanced accuracy."""
    from rag.evaluation.checkers import checker_named
    from rag.evaluation.judging import agreement, plain_cases, read_labelled
    from rag.evaluation.support import RULES

    with _mended():
        claims = read_labelled(labelled)
        checks = {name: checker_named(name) for name in checker or (RULES,)}
        typer.echo(f"{_counted(claims)}; 0.5 is chance")
        for name, check in checks.items():
            typer.echo(f"{name:8} {_agreed(agreement(claims, check.verdict, check.grade))}")
            whole = plain_cases(claims)
            if len(whole) < len(claims):
                found = agreement(whole, check.verdict, check.grade)
                typer.echo(f"  without the {len(claims) - len(whole)} that are partly supported:")
                typer.echo(f"{'':8} {_agreed(found)}")


@app.command()
def label(
    run_file: Annotated[Path, typer.Argument(help="A run.json, or the folder it is in.")],
    out: Annotated[Path, typer.Option(help="A file of labels; what it holds is not asked again.")],
    most: Annotated[int, typer.Option(min=1, help="At most so many claims.")] = 60,
) -> None:
    """Read claims of a run beside their passages and say whether they are supported."""
    from rag.evaluation.labelling import append_label, labelled_ids, to_label
    from rag.evaluation.run import read_run

    with _mended():
        claims = to_label(read_run(_run_file(run_file)), most)
        known = labelled_ids(out)
        left = [claim for claim in claims if claim.id not in known]
        for claim in left:
            for passage in claim.passages:
                typer.echo(f"\n{passage}")
            typer.echo(f"\n  claim: {claim.claim}")
            said = typer.prompt("supported? [y]es, [p]artly, [n]o, [l]ater, [q]uit", default="l")
            if said.startswith("q"):
                break
            if said[:1] in _LABELS:
                append_label(out, claim, _LABELS[said[:1]])
        done = len(labelled_ids(out))
    typer.echo(f"{done} labels in {out}; with 50: rag eval correct {run_file} --verdicts {out}")


@app.command()
def correct(
    run_file: Annotated[Path, typer.Argument(help="A run.json, or the folder it is in.")],
    verdicts: Annotated[
        Path, typer.Option(help="People's verdicts, 50 or more, in the format of `judge`.")
    ],
    checker: Annotated[str, typer.Option(help="The check that the run used.")] = "rules",
) -> None:
    """Say what people's verdicts make of a run's faithfulness, with its interval."""
    from rag.evaluation.checkers import checker_named
    from rag.evaluation.correcting import corrected
    from rag.evaluation.judging import read_labelled
    from rag.evaluation.run import read_run

    with _mended():
        run = read_run(_run_file(run_file))
        found = corrected(run, read_labelled(verdicts), checker_named(checker).verdict)
    span = f"{found.interval.low:.3f}–{found.interval.high:.3f}"
    typer.echo(f"attributed faithfulness as checked: {found.raw:.3f} of {found.claims} claims")
    typer.echo(f"as people would find it: {found.value:.3f} ({span}), {found.method}")
    typer.echo(f"from {found.verdicts} verdicts")


def _counted(claims: Sequence[Labelled]) -> str:
    supported = sum(claim.supported for claim in claims)
    return f"{len(claims)} claims, {supported} supported"


def _agreed(found: Agreement) -> str:
    auc, balanced = found.auc_interval, found.balanced_interval
    return (
        f"AUC {found.auc:.3f} ({auc.low:.3f}–{auc.high:.3f})   balanced accuracy "
        f"{found.balanced:.3f} ({balanced.low:.3f}–{balanced.high:.3f})"
    )


@app.command()
def init(
    out: Annotated[Path | None, typer.Argument(help="The new suite's folder; asked for.")] = None,
    articles: Annotated[Path | None, typer.Option(help="Your articles; asked for.")] = None,
) -> None:
    """Make a suite by answering questions: where the articles are, what to ask, what is right.

    The evidence of an answer is looked up in the articles and shown as it is found. An empty
    question ends it; a question without an answer is one that the articles do not answer.
    """
    from rag.evaluation.importing import Material, write_suite
    from rag.evaluation.suite import SUITE_FILE, SuiteError

    with _mended():
        folder = out or Path(typer.prompt("Folder for the new suite", default="my-suite"))
        if (folder / SUITE_FILE).exists():
            raise SuiteError(f"{folder / SUITE_FILE} is there already: choose another folder")
        place = articles or Path(typer.prompt("Folder or file of your articles"))
        with _articles_at(place) as archive:
            stored = archive.articles()
        typer.echo(f"{len(stored)} articles read. An empty question ends.")
        cases = tuple(_asked_for(stored))
        file = write_suite(
            Material((), cases), folder, name=folder.name, articles=str(place.resolve())
        )
    typer.echo(f"{len(cases)} cases in {file}; now: rag eval {folder} --out REPORTS")


def _asked_for(stored: Sequence[Article]) -> Iterator[Case]:
    """One case for each question typed, until an empty one."""
    from rag.evaluation.importing import questions_of

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


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="A file or, for beir and multihop, a folder.")],
    out: Annotated[Path, typer.Option(help="The new suite's folder.")],
    form: Annotated[
        str, typer.Option("--format", help="questions (csv, jsonl), squad, beir or multihop.")
    ] = "questions",
    articles: Annotated[
        Path | None, typer.Option(help="The articles that the questions are about.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The suite's name; else the folder's.")] = None,
) -> None:
    """Make a suite of questions that are written down elsewhere."""
    from rag.evaluation import importing
    from rag.evaluation.suite import SuiteError

    with _mended():
        if form == "questions":
            if articles is None:
                raise SuiteError("questions need --articles: a folder or file of articles")
            with _articles_at(articles) as archive:
                material = importing.read_questions(source, archive.articles())
        elif form in importing.FORMATS:
            material = importing.FORMATS[form](source)
        else:
            forms = ", ".join(("questions", *importing.FORMATS))
            raise SuiteError(f"no format {form!r}: it is one of {forms}")
        named = str(articles.resolve()) if articles else None
        file = importing.write_suite(material, out, name=name or out.name, articles=named)
    for reason in material.skipped:
        typer.echo(f"skipped {reason}", err=True)
    typer.echo(f"{len(material.cases)} cases in {file}; now: rag eval {out} --out REPORTS")


@app.command()
def generate(
    articles: Annotated[Path, typer.Argument(help="The articles to make questions of.")],
    out: Annotated[
        Path | None,
        typer.Option(help="The new suite's folder; by default among the index's own suites."),
    ] = None,
    most: Annotated[int, typer.Option(help="At most so many questions of a kind.")] = 60,
    name: Annotated[str | None, typer.Option(help="The suite's name; else the folder's.")] = None,
    model: Annotated[
        str | None,
        typer.Option(help="Have a chat model, provider:model, ask instead of the rules."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what the model would have to read.")
    ] = False,
) -> None:
    """Make questions of articles; they decide nothing until they are reviewed."""
    from rag.evaluation.generating import generate as make, twins
    from rag.evaluation.importing import Material, write_suite
    from rag.evaluation.writing import estimate, write_questions

    with _mended():
        out = out or _own_suites() / articles.resolve().name
        with _articles_at(articles) as archive:
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
        if model:
            made = write_questions(stored, _chat(model), most=most)
        else:
            made = make(stored, most=most)
        cases = tuple(form for case in made.cases for form in (case, *twins(case)))
        material = Material((), cases, made.dropped)
        write_suite(material, out, name=name or out.name, articles=str(articles.resolve()))
    for reason in made.dropped:
        typer.echo(f"dropped {reason}", err=True)
    typer.echo(f"{len(made.cases)} questions and {len(cases) - len(made.cases)} twins of them")
    typer.echo(f"now: rag eval review {out}")


@app.command()
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
    from rag.evaluation.desk import SUITES
    from rag.evaluation.remarked import SUITE, put_drafts

    with _mended(), _opened(index) as archive:
        folder = out or archive.folder / SUITES / SUITE
        remarks = archive.feedback.all()
        made = put_drafts(remarks, archive.articles(), folder)
    for reason in made.skipped:
        typer.echo(f"skipped {reason}", err=True)
    count = len(made.cases)
    typer.echo(f"{count} new draft{'' if count == 1 else 's'} of {len(remarks)} remarks of readers")
    if count:
        typer.echo(f"now: the page's Review tab, or rag eval review {folder}")


@contextmanager
def _opened(index: Path | None) -> Iterator[Archive]:
    """The archive of an index, by default the user's own."""
    from rag import open_archive
    from rag.settings import default_index, load

    with open_archive(index=index or load().index or default_index()) as archive:
        yield archive


def _own_suites() -> Path:
    """Where the suites of the user's own index are, which the page reviews."""
    from rag.evaluation.desk import SUITES
    from rag.settings import default_index, load

    return Path(load().index or default_index()).expanduser() / SUITES


@app.command()
def review(suite: SuiteName) -> None:
    """Keep, edit or drop each case that nobody has reviewed; saved at the end."""
    from rag.evaluation.reviewing import review as review_cases, save_cases

    with _mended():
        chosen = _suite(suite)
        open_ = sum(not case.provenance.reviewed for case in chosen.cases)
        try:
            kept = review_cases(chosen.cases, _decide)
        except (EOFError, typer.Abort):
            typer.echo("stopped; nothing was changed", err=True)
            raise typer.Exit(_INVALID) from None
        save_cases(kept, chosen.cases_file)
    left = sum(not case.provenance.reviewed for case in kept)
    typer.echo(f"{open_ - left} of {open_} reviewed, {len(kept)} cases")


def _decide(case: Case) -> Decision:
    """Shows a draft and asks what becomes of it."""
    from dataclasses import replace

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


def console() -> Console:
    """At most 80 columns; no colours and no control characters where nobody looks."""
    from rich.console import Console

    from rag.evaluation.report.terminal import WIDTH

    terminal = Console(highlight=False)
    width = min(WIDTH, terminal.width) if terminal.is_terminal else WIDTH
    return Console(highlight=False, width=width)


def _suite(place: str) -> Suite:
    from rag.evaluation.suite import load_suite

    return load_suite(place)


def _judge(model: str | None) -> Judge | None:
    """The judge of a chat model's name, with the prompt in force."""
    if model is None:
        return None
    from rag.evaluation.judge import Judge
    from rag.settings import load
    from rag.writing.prompts import prompts

    return Judge(_chat(model), prompts(load().prompts).judge)


def _chat(model: str) -> Chat:
    """A chat model by name, asked under the settings in force."""
    from rag.settings import load
    from rag.writing.chat import Limits
    from rag.writing.models import chat_named

    settings = load()
    limits = Limits(
        timeout=settings.chat_timeout,
        retries=settings.chat_retries,
        per_minute=settings.chat_per_minute,
    )
    return chat_named(model, base_url=settings.chat_base_url, limits=limits)


def _prompts() -> Mapping[str, str]:
    """The versions of the prompts in force."""
    from rag.settings import load
    from rag.writing.prompts import prompts

    return prompts(load().prompts).versions


def _narrowed(suite: Suite, split: str | None, category: str | None) -> Suite:
    from rag.evaluation.suite import SuiteError

    if split not in (None, "dev", "test"):
        raise SuiteError(f"--split is dev or test, not {split!r}")
    narrowed = suite.only(split=split, category=category)  # type: ignore[arg-type]
    if not narrowed.cases:
        raise SuiteError(f"suite {suite.name} has no such case: look at --split and --category")
    return narrowed


def _baseline(suite: Suite, given: Path | None) -> Run | None:
    from rag.evaluation.run import read_run

    if given is not None:
        return read_run(_run_file(given))
    return read_run(suite.baseline) if suite.baseline.is_file() else None


def _run_file(place: Path) -> Path:
    return place / RUN_FILE if place.is_dir() else place


def _write(out: Path, found: Run, before: Run | None) -> None:
    """run.json, report.html, junit.xml and summary.md; older ones are replaced."""
    from rag.evaluation.comparing import compare as compare_runs
    from rag.evaluation.report.junit import junit
    from rag.evaluation.report.page import report
    from rag.evaluation.report.summary import markdown

    found.save(out / RUN_FILE)
    comparison = compare_runs(before, found) if before else None
    (out / "report.html").write_text(report(found, before), encoding="utf-8")
    (out / "junit.xml").write_text(junit(found), encoding="utf-8")
    (out / "summary.md").write_text(markdown(found, comparison), encoding="utf-8")


@contextmanager
def _archive(suite: Suite, index: Path | None) -> Iterator[Archive]:
    """The index asked for, or a new one of the suite's articles that goes afterwards."""
    from rag import open_archive

    if index is not None:
        with open_archive(index=index) as archive:
            yield archive
        return
    with _articles_at(suite.articles) as archive:
        yield archive


def _setting(variant: str) -> dict[str, str]:
    from rag.evaluation.suite import SuiteError

    name, equals, value = variant.partition("=")
    if not (name and equals):
        raise SuiteError(f"--with takes NAME=VALUE, not {variant!r}")
    return {name: value}


@contextmanager
def _articles_at(place: Path, settings: Settings | None = None) -> Iterator[Archive]:
    """A new archive of these articles, in a folder that goes afterwards."""
    from rag import open_archive

    with (
        tempfile.TemporaryDirectory(prefix="rag-eval-", ignore_cleanup_errors=True) as folder,
        open_archive(index=Path(folder), settings=settings) as archive,
    ):
        archive.ingest([place])
        yield archive


@contextmanager
def _mended() -> Iterator[None]:
    """Turns what the user can mend into one line on stderr and exit status 2."""
    from rag.errors import Mendable, ModelError

    try:
        yield
    except (Mendable, ModelError) as error:
        typer.echo(f"rag eval: {error}", err=True)
        raise typer.Exit(_INVALID) from error
    except OSError as error:
        where = error.filename or "the disk"
        typer.echo(f"rag eval: {where} cannot be read or written: {error.strerror}", err=True)
        raise typer.Exit(_INVALID) from error


def _progress() -> Progress | None:
    """A counter on a terminal, nothing elsewhere."""
    import sys

    if not sys.stderr.isatty():
        return None

    def show(done: int, of: int) -> None:
        end = "\r" if done < of else "\r" + " " * 30 + "\r"
        print(f"case {done} of {of}", end=end, file=sys.stderr, flush=True)

    return show
