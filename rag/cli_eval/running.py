"""`rag eval run`, `ablate`, `accept`: asking the cases, and keeping what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli_eval.ending import mended
from rag.cli_eval.models import judge_named, prompt_versions
from rag.cli_eval.options import DEFAULT_SUITE, Index, SuiteName
from rag.cli_eval.places import RUN_FILE, run_at
from rag.cli_eval.screen import console, progress
from rag.evaluation.archives import archive_of, articles_at

if TYPE_CHECKING:
    from rag.evaluation.comparing import Comparison
    from rag.evaluation.run import Run
    from rag.evaluation.suite import Suite


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
    from rag.evaluation.checks.checkers import checker_named
    from rag.evaluation.comparing import compare
    from rag.evaluation.report.terminal import print_run
    from rag.evaluation.running import Method, evaluate
    from rag.evaluation.suite import load_suite

    with mended():
        chosen = _narrowed(load_suite(suite), split, category)
        method = Method(
            checker_named(checker).verdict,
            epochs,
            judge=judge_named(judge),
            prompts=prompt_versions(),
        )
        before = _baseline(chosen, baseline)
        with archive_of(chosen, index) as archive:
            found = evaluate(archive, chosen, baseline=before, method=method, progress=progress())
        comparison = compare(before, found) if before else None
        if out is not None:
            _write(out, found, before, comparison)
    if as_json:
        typer.echo(found.to_json(), nl=False)
    else:
        print_run(found, console(), comparison)
    raise typer.Exit(found.exit_status)


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
    from rag.evaluation.suite import load_suite
    from rag.settings import load

    with mended():
        chosen = load_suite(suite)
        with articles_at(chosen.articles) as archive:
            usual = evaluate(archive, chosen, method=Method(again=0))
        for variant in variants:
            changed = load(**_setting(variant))
            with articles_at(chosen.articles, changed) as archive:
                tried = evaluate(archive, chosen, method=Method(again=0))
            typer.echo(f"\n{variant}")
            print_comparison(compare_runs(usual, tried), console())


def accept(
    run_file: Annotated[Path, typer.Argument(help="The run.json to accept, or its folder.")],
    suite: Annotated[str | None, typer.Option(help="The suite, if not the run's own.")] = None,
) -> None:
    """Make a run the baseline that later runs of its suite are compared with."""
    from rag.evaluation.run import as_baseline
    from rag.evaluation.suite import load_suite

    with mended():
        accepted = run_at(run_file)
        target = load_suite(suite or accepted.suite).baseline
        as_baseline(accepted).save(target)
    typer.echo(f"accepted as {target}")


def _narrowed(suite: Suite, split: str | None, category: str | None) -> Suite:
    """The suite with the cases of a split or a category alone.

    Raises:
        SuiteError: there is no such split, or no case is left.
    """
    from rag.evaluation.suite import SuiteError

    if split not in (None, "dev", "test"):
        raise SuiteError(f"--split is dev or test, not {split!r}")
    narrowed = suite.only(split=split, category=category)  # type: ignore[arg-type]
    if not narrowed.cases:
        raise SuiteError(f"suite {suite.name} has no such case: look at --split and --category")
    return narrowed


def _baseline(suite: Suite, given: Path | None) -> Run | None:
    """The run to compare with: a given one, else the accepted one, if there is one."""
    from rag.evaluation.run import read_run

    if given is not None:
        return run_at(given)
    return read_run(suite.baseline) if suite.baseline.is_file() else None


def _write(out: Path, found: Run, before: Run | None, comparison: Comparison | None) -> None:
    """run.json, report.html, junit.xml and summary.md; older ones are replaced."""
    from rag.evaluation.report.junit import junit
    from rag.evaluation.report.page import report
    from rag.evaluation.report.summary import markdown

    found.save(out / RUN_FILE)
    (out / "report.html").write_text(report(found, before), encoding="utf-8")
    (out / "junit.xml").write_text(junit(found), encoding="utf-8")
    (out / "summary.md").write_text(markdown(found, comparison), encoding="utf-8")


def _setting(variant: str) -> dict[str, str]:
    """What a variant `NAME=VALUE` changes of the settings."""
    from rag.evaluation.suite import SuiteError

    name, equals, value = variant.partition("=")
    if not (name and equals):
        raise SuiteError(f"--with takes NAME=VALUE, not {variant!r}")
    return {name: value}
