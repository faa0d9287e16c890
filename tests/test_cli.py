"""The command line: exit statuses, one clear line for each thing that can go wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run, written

FERRY = "How many passengers does the ferry carry?"


def test_an_answer_is_quoted_with_its_source(run: Run, made: Path) -> None:
    """The sentence, its marker, and the card it comes from."""
    ran = run("ask", FERRY, "--index", made)

    assert ran.status == 0
    assert "120" in ran.out and "[1]" in ran.out
    assert "Inland Courier" in ran.out and "18 April 2024" in ran.out


def test_json_is_json_and_nothing_else(run: Run, made: Path) -> None:
    """Every command's `--json` can be read by a program."""
    answer = json.loads(run("ask", FERRY, "--index", made, "--json").out)
    status = json.loads(run("status", "--index", made, "--json").out)

    assert answer["citations"][0]["quote"]["text"]
    assert status["articles"] == 6


def test_abstaining_is_no_error(run: Run, made: Path) -> None:
    """Status 0, and what was searched."""
    ran = run("ask", "What is the melting point of tungsten?", "--index", made)

    assert ran.status == 0
    assert "does not say" in ran.out and "6 articles" in ran.out


@pytest.mark.parametrize("question", ["", "  ", "?!…", "w" * 100_000, "wort " * 20_000])
def test_a_question_that_cannot_be_asked_is_one_line(run: Run, made: Path, question: str) -> None:
    """Empty, only marks, too long: status 2 and a line that is no longer than a few."""
    ran = run("ask", question, "--index", made)

    assert ran.status == 2
    assert len(ran.line) < 200


def test_a_question_in_another_script_is_answered_or_not(run: Run, made: Path) -> None:
    """A question in Korean is a question."""
    assert run("ask", "배는 얼마나 많은 승객을 태웁니까?", "--index", made).status == 0


def test_an_empty_archive_is_asked_without_an_error(run: Run, tmp_path: Path) -> None:
    """An index without articles abstains; the default one lets the seeds answer and says so."""
    ran = run("ask", FERRY, "--index", tmp_path / "new")

    assert ran.status == 0
    assert "does not say" in ran.out
    assert "holds no articles: check --index" in ran.err

    ran = run("ask", "How large is the Vostochny Cosmodrome?")
    assert ran.status == 0 and "551.5" in ran.out
    assert "bundled seed articles" in ran.err


def test_limits_that_leave_nothing_are_said(run: Run, made: Path) -> None:
    """A publisher that is not there is a slip, not an answer; programs still read JSON alone."""
    ran = run("ask", FERRY, "--index", made, "--publisher", "Nobody", "--json")

    assert json.loads(ran.out)["abstained"]
    assert "No article passes these limits" in ran.err


def test_ingest_tells_what_came_of_it(run: Run, tmp_path: Path) -> None:
    """Added the first time, unchanged the second, removed when pruned."""
    news, index = written(tmp_path / "n", {"a.txt": "One.", "b.txt": "Two."}), tmp_path / "index"

    assert "2 added" in run("ingest", news, "--index", index).out
    assert "2 unchanged" in run("ingest", news, "--index", index).out
    (news / "a.txt").unlink()
    assert "1 removed" in run("ingest", news, "--index", index, "--prune").out
    assert run("articles", "remove", "b.txt", "--index", index).status == 0
    assert "'b.txt' was removed before" in run("articles", "remove", "b.txt", "--index", index).line


def test_a_folder_without_articles_is_one_line(run: Run, tmp_path: Path) -> None:
    """An empty folder, a missing one, a file of another kind: status 2 and why."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "blank.txt").write_bytes(b" \n ")
    (tmp_path / "a.xyz").write_bytes(b"other")
    index = ("--index", tmp_path / "index")

    for path, why in (
        ("empty", "no articles found"),
        ("gone", "there is no file or folder"),
        ("blank.txt", "holds no text"),
        ("a.xyz", "is none of"),
    ):
        ran = run("ingest", tmp_path / path, *index)
        assert ran.status == 2 and why in ran.line, path


def test_a_file_that_cannot_be_read_is_partly_done(run: Run, tmp_path: Path) -> None:
    """The rest is stored, the file is named, and the status is 3."""
    news = written(tmp_path / "n", {"a.txt": "One."})
    (news / "b.txt").write_bytes(b" ")

    ran = run("ingest", news, "--index", tmp_path / "index")

    assert ran.status == 3 and "1 added" in ran.out
    assert f"not read: {news / 'b.txt'}: holds no text" in ran.line


@pytest.mark.parametrize("words", [["ask", FERRY], ["ingest", "."], ["status"], ["rebuild"]])
def test_an_index_that_cannot_be_written_is_one_line(
    run: Run, tmp_path: Path, words: list[str]
) -> None:
    """A path below a file is nobody's to write: status 2, and another way."""
    (tmp_path / "file").write_text("")

    ran = run(*words, "--index", tmp_path / "file" / "index")

    assert ran.status == 2 and "--index" in ran.line


def test_other_settings_are_named_and_mended(
    run: Run, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both settings and the command stand in the line; the command mends it."""
    monkeypatch.setenv("RAG_PASSAGE_SIZE", "500")

    ran = run("ask", FERRY, "--index", index)
    assert ran.status == 2
    assert "1000/150" in ran.line and "500/150" in ran.line and "rag rebuild" in ran.line
    assert "Rebuilt" in run("rebuild", "--index", index).out
    assert "120" in run("ask", FERRY, "--index", index).out


@pytest.mark.parametrize(
    ("name", "value"), [("RAG_PASSAGE_SIZE", "many"), ("RAG_PASSAGE_OVERLAP", "900")]
)
def test_a_setting_that_cannot_be_used_is_one_line(
    run: Run, made: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """It names the setting."""
    monkeypatch.setenv(name, value)

    ran = run("status", "--index", made)

    assert ran.status == 2 and name.removeprefix("RAG_").lower() in ran.line


@pytest.mark.parametrize(
    "pattern", ["words/*.store", "words/meta.json", "**/chroma.sqlite3", "**/*.bin"]
)
def test_a_truncated_index_is_made_again(run: Run, index: Path, pattern: str) -> None:
    """A broken file of tantivy or Chroma costs nothing: the answer is the same."""
    for path in (index / "generations").glob(f"*/{pattern}"):
        with path.open("r+b") as file:
            file.truncate(path.stat().st_size // 3)

    ran = run("ask", FERRY, "--index", index)

    assert ran.status == 0 and "120" in ran.out


def test_a_missing_generation_is_made_again(run: Run, index: Path) -> None:
    """Without its folder the index comes from the store."""
    shutil.rmtree(index / "generations")

    assert "120" in run("ask", FERRY, "--index", index).out


@pytest.mark.parametrize("left", [0, 100, 5_000, 20_001])
def test_a_truncated_store_is_one_line(run: Run, index: Path, left: int) -> None:
    """The articles themselves are damaged: told in a line, and the index is left alone."""
    with (index / "store.sqlite3").open("r+b") as file:
        file.truncate(left)
    before = sorted(path.name for path in (index / "generations").iterdir())

    ran = run("ask", FERRY, "--index", index)

    assert ran.status == 2 and "store" in ran.line and len(ran.line) < 400
    assert sorted(path.name for path in (index / "generations").iterdir()) == before


def test_dates_of_options_are_read(run: Run, made: Path) -> None:
    """A filter by date holds; a date that is none is one line."""
    ran = run("ask", FERRY, "--index", made, "--since", "2024-09-01")
    assert ran.status == 0 and "120" not in ran.out.split("Nearest")[0]

    ran = run("ask", FERRY, "--index", made, "--since", "soon")
    assert ran.status == 2 and "--since 'soon' is not a date" in ran.line


def test_the_command_runs_as_a_module(made: Path) -> None:
    """`python -m rag` is the same command, also when its output is cut short."""
    words = [sys.executable, "-m", "rag", "ask", FERRY, "--index", str(made)]

    whole = subprocess.run(words, capture_output=True, text=True, timeout=120)
    refused = subprocess.run(
        [*words[:4], "", *words[5:]], capture_output=True, text=True, timeout=120
    )

    assert whole.returncode == 0 and "120" in whole.stdout
    assert refused.returncode == 2 and refused.stderr.startswith("rag: ")
    assert refused.stderr.count("\n") == 1
