"""`rag eval`: run a suite, look into it, compare and accept runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from rich.console import Console

    from rag.archive import Archive
    from rag.evaluation.run import Run
    from rag.evaluation.running import Progress
    from rag.evaluation.suite import Suite

DEFAULT_SUITE = "seeds"
RUN_FILE = "run.json"
_INVALID = 2


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
    as_json: Annotated[bool, typer.Option("--json", help="Print run.json, no table.")] = False,
) -> None:
    """Ask every case of a suite, print what was measured, and check the gates.

    Ends 0 when all gates hold, 1 when one fails, 2 when the suite is invalid or a label is
    stale, 3 when it cannot be measured.
    """
    from rag.evaluation.comparing import compare
    from rag.evaluation.report.terminal import print_run
    from rag.evaluation.running import evaluate

    with _mended():
        chosen = _narrowed(_suite(suite), split, category)
        before = _baseline(chosen, baseline)
        with _archive(chosen, index) as archive:
            found = evaluate(archive, chosen, baseline=before, progress=_progress())
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
            findings = lint_cases(chosen.cases, archive.articles())
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
def accept(
    run_file: Annotated[Path, typer.Argument(help="The run.json to accept, or its folder.")],
    suite: Annotated[str | None, typer.Option(help="The suite, if not the run's own.")] = None,
) -> None:
    """Make a run the baseline that later runs of its suite are compared with."""
    from rag.evaluation.run import read_run

    with _mended():
        accepted = read_run(_run_file(run_file))
        target = _suite(suite or accepted.suite).baseline
        accepted.save(target)
    typer.echo(f"accepted as {target}")


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
    with (
        tempfile.TemporaryDirectory(prefix="rag-eval-", ignore_cleanup_errors=True) as folder,
        open_archive(index=Path(folder)) as archive,
    ):
        archive.ingest([suite.articles])
        yield archive


@contextmanager
def _mended() -> Iterator[None]:
    """Turns what the user can mend into one line on stderr and exit status 2."""
    from rag.errors import Mendable

    try:
        yield
    except Mendable as error:
        typer.echo(f"rag eval: {error}", err=True)
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
