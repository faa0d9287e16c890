"""`rag eval judge`, `label`, `correct`: what people say of claims, beside what a check says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli_eval.ending import mended
from rag.cli_eval.options import RunFile
from rag.cli_eval.places import run_at

if TYPE_CHECKING:
    from rag.evaluation.people.judging import Agreement, Labelled

_LABELS = {"y": "supported", "p": "partially_supported", "n": "not_supported"}


def judge(
    labelled: Annotated[
        Path, typer.Argument(help="JSON lines of id, claim, passages, label; or a folder of such.")
    ],
    checker: Annotated[
        list[str] | None, typer.Option(help="A check by name, as in `run`; may be repeated.")
    ] = None,
) -> None:
    """Say how well support checks agree with people on labelled claims: AUC, balanced accuracy."""
    from rag.evaluation.checks.checkers import checker_named
    from rag.evaluation.checks.support import RULES
    from rag.evaluation.people.judging import agreement, plain_cases, read_labelled

    with mended():
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


def label(
    run_file: RunFile,
    out: Annotated[Path, typer.Option(help="A file of labels; what it holds is not asked again.")],
    most: Annotated[int, typer.Option(min=1, help="At most so many claims.")] = 60,
) -> None:
    """Read claims of a run beside their passages and say whether they are supported."""
    from rag.evaluation.people.labelling import append_label, labelled_ids, to_label

    with mended():
        claims = to_label(run_at(run_file), most)
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


def correct(
    run_file: RunFile,
    verdicts: Annotated[
        Path, typer.Option(help="People's verdicts, 50 or more, in the format of `judge`.")
    ],
    checker: Annotated[str, typer.Option(help="The check that the run used.")] = "rules",
) -> None:
    """Say what people's verdicts make of a run's faithfulness, with its interval."""
    from rag.evaluation.checks.checkers import checker_named
    from rag.evaluation.people.correcting import corrected
    from rag.evaluation.people.judging import read_labelled

    with mended():
        found = corrected(run_at(run_file), read_labelled(verdicts), checker_named(checker).verdict)
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
