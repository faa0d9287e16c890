"""`rag eval lint`, `explain`, `compare`, `sweep`: looking into suites, metrics and runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli_eval.ending import INVALID, mended
from rag.cli_eval.options import DEFAULT_SUITE, Index, RunFile, SuiteName
from rag.cli_eval.places import run_at
from rag.cli_eval.screen import console
from rag.evaluation.archives import archive_of


def lint(suite: SuiteName = DEFAULT_SUITE, index: Index = None) -> None:
    """Check a suite's labels against its articles; nothing is asked."""
    from rag.evaluation.lint import lint as lint_cases
    from rag.evaluation.suite import load_suite

    with mended():
        chosen = load_suite(suite)
        with archive_of(chosen, index) as archive:
            findings = lint_cases(chosen.cases, chosen.shelf(archive.articles()))
    for finding in findings:
        typer.echo(f"{finding.level}: {finding.case}: {finding.problem}")
    typer.echo(f"{len(chosen.cases)} cases, {len(findings)} findings")
    if any(finding.level != "warning" for finding in findings):
        raise typer.Exit(INVALID)


def explain(
    metric: Annotated[str | None, typer.Argument(help="A metric; all names without one.")] = None,
) -> None:
    """Say what a metric means: definition, formula, a case worked by hand."""
    from rag.evaluation.metrics.catalogue import catalogue
    from rag.evaluation.report.terminal import explained

    known = catalogue()
    if metric is None:
        for entry in known.values():
            typer.echo(f"{entry.name:26}{entry.definition}")
    elif metric in known:
        typer.echo(explained(known[metric]))
    else:
        typer.echo(f"no metric {metric!r}: `rag eval explain` lists them", err=True)
        raise typer.Exit(INVALID)


def compare(
    old: Annotated[Path, typer.Argument(help="A run.json, or the folder it is in.")],
    new: Annotated[Path, typer.Argument(help="A later run.json of the same suite.")],
) -> None:
    """Say what changed between two runs of one suite: metrics, intervals, every flip."""
    from rag.evaluation.comparing import compare as compare_runs
    from rag.evaluation.report.terminal import print_comparison

    with mended():
        comparison = compare_runs(run_at(old), run_at(new))
    print_comparison(comparison, console())


def sweep(
    run_file: RunFile,
    risk: Annotated[float, typer.Option(help="Wrong answers allowed among those given.")] = 0.05,
) -> None:
    """Show what a higher bar of confidence would trade; chosen on dev, told on test."""
    from rag.evaluation.report.terminal import print_sweep
    from rag.evaluation.sweeping import sweep as sweep_run

    with mended():
        print_sweep(sweep_run(run_at(run_file), risk=risk), console())
