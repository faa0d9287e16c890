"""`rag eval` explains, lints, refuses and compares, each with its exit status."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from overlap_archive import OverlapArchive, article
from typer.testing import CliRunner

from rag.cli_eval import app
from rag.evaluation import Suite, evaluate
from rag.evaluation.cases import Case, Evidence
from rag.evaluation.catalogue import catalogue

RUNNER = CliRunner()
ARTICLES = (article("bridge", "The bridge opened on Monday."),)
CASE = Case(
    "open",
    "when",
    "When did the bridge open?",
    answerable=True,
    expect="answer",
    evidence=(Evidence("a", "bridge", "opened on Monday"),),
)


@pytest.fixture
def run_file(tmp_path: Path) -> Path:
    """A run.json of a suite of one case."""
    suite = Suite("mine", tmp_path, tmp_path, (CASE,))
    file = tmp_path / "run.json"
    evaluate(OverlapArchive(ARTICLES), suite).save(file)
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
    from rag.cli_eval import _mended

    with pytest.raises(typer.Exit) as caught, _mended():
        evaluate(OverlapArchive(ARTICLES), Suite("mine", tmp_path, tmp_path, (CASE,))).save(
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
    assert (folder / "baseline.json").read_text("utf-8") == run_file.read_text("utf-8")
