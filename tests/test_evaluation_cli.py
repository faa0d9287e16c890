"""`rag eval` explains, lints, refuses and compares, each with its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from overlap_archive import BRIDGE, OPENING, OverlapArchive
from typer.testing import CliRunner

from rag.cli_eval import app
from rag.evaluation import Suite, compare, evaluate, read_run
from rag.evaluation.metrics.catalogue import catalogue
from rag.evaluation.people.judging import read_labelled

RUNNER = CliRunner()


@pytest.fixture
def run_file(tmp_path: Path) -> Path:
    """A run.json of a suite of one case."""
    suite = Suite("mine", tmp_path, tmp_path, (OPENING,))
    file = tmp_path / "run.json"
    evaluate(OverlapArchive((BRIDGE,)), suite).save(file)
    return file


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_metric_is_explained(name: str) -> None:
    """Each metric has a definition, a formula and a case worked by hand."""
    result = RUNNER.invoke(app, ["explain", name])

    assert result.exit_code == 0
    assert "formula:" in result.output and "worked:" in result.output


def test_an_unknown_metric_is_the_user_s_to_mend() -> None:
    """A metric that does not exist ends with status 2."""
    result = RUNNER.invoke(app, ["explain", "sunniness"])

    assert result.exit_code == 2


def test_words_that_are_no_command_name_a_suite() -> None:
    """`rag eval nowhere` runs the suite of that name; there is none, so status 2 and one line."""
    result = RUNNER.invoke(app, ["no-such-suite"])

    assert result.exit_code == 2
    assert "no suite at no-such-suite" in result.output


def test_a_run_compares_with_itself(run_file: Path) -> None:
    """Two equal runs show no difference; a folder stands for the run.json in it."""
    result = RUNNER.invoke(app, ["compare", str(run_file), str(run_file.parent)])

    assert result.exit_code == 0, result.output
    assert "no metric moved" in result.output


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    """A file that is not a run ends with status 2, naming it."""
    file = tmp_path / "other.json"
    file.write_text("{}", encoding="utf-8")

    result = RUNNER.invoke(app, ["compare", str(file), str(file)])

    assert result.exit_code == 2
    assert "is not a run" in result.output.replace("\n", " ")


def test_a_folder_that_cannot_be_written_is_one_line(run_file: Path, tmp_path: Path) -> None:
    """Reports that cannot be written end with status 2 and the name of what stands in the way."""
    from rag.cli_eval.ending import mended

    with pytest.raises(typer.Exit) as caught, mended():
        evaluate(OverlapArchive((BRIDGE,)), Suite("mine", tmp_path, tmp_path, (OPENING,))).save(
            run_file / "run.json"
        )

    assert caught.value.exit_code == 2


def test_a_run_is_accepted_as_the_baseline(run_file: Path, tmp_path: Path) -> None:
    """Accepting writes the run beside the suite it is of."""
    folder = tmp_path / "mine"
    (folder / "articles").mkdir(parents=True)
    (folder / "suite.yaml").write_text("schema: 1\nname: mine\narticles: articles\n", "utf-8")
    (folder / "cases.jsonl").write_text(
        '{"id": "a", "category": "c", "question": "Who?", "answerable": false, '
        '"expect": "abstain"}\n',
        "utf-8",
    )

    result = RUNNER.invoke(app, ["accept", str(run_file), "--suite", str(folder)])

    assert result.exit_code == 0, result.output
    accepted, run = read_run(folder / "baseline.json"), read_run(run_file)
    assert compare(run, accepted).flips == compare(run, run).flips
    assert accepted.metrics == run.metrics
    assert accepted.timings == {}
    assert "passage_start" in (folder / "baseline.json").read_text("utf-8")


def test_claims_are_labelled_once(run_file: Path, tmp_path: Path) -> None:
    """What a person says of a claim is written down, and not asked again."""
    labels = tmp_path / "labels.jsonl"

    first = RUNNER.invoke(app, ["label", str(run_file), "--out", str(labels)], input="y\n")
    again = RUNNER.invoke(app, ["label", str(run_file), "--out", str(labels)])

    assert first.exit_code == again.exit_code == 0, first.output + again.output
    assert "The bridge opened on Monday." in first.output
    assert "claim:" not in again.output
    told = [(item.claim, item.supported) for item in read_labelled(labels)]
    assert told == [("The bridge opened on Monday.", True)]


def test_agreement_with_people_is_printed(tmp_path: Path) -> None:
    """A folder in the documented format ends in AUC, balanced accuracy and their intervals."""
    rows = [("It cost 9 crowns.", "supported"), ("A ferry sank.", "not_supported")] * 5
    lines = [
        json.dumps({"id": str(n), "claim": claim, "passages": ["It cost 9 crowns."], "label": told})
        for n, (claim, told) in enumerate(rows)
    ]
    (tmp_path / "set.jsonl").write_text("\n".join(lines), "utf-8")

    result = RUNNER.invoke(app, ["judge", str(tmp_path)])

    assert result.exit_code == 0, result.output
    assert "AUC 1.000 (1.000–1.000)   balanced accuracy 1.000" in result.output


def test_too_few_verdicts_correct_nothing(run_file: Path, tmp_path: Path) -> None:
    """A correction from one verdict is refused with the number that is needed."""
    labels = tmp_path / "labels.jsonl"
    RUNNER.invoke(app, ["label", str(run_file), "--out", str(labels)], input="y\n")

    result = RUNNER.invoke(app, ["correct", str(run_file), "--verdicts", str(labels)])

    assert result.exit_code == 2
    assert "50 are needed" in result.output
