"""From a folder of articles to a report in two commands, and to a suite by answering questions."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag.cli_eval import app

RUNNER = CliRunner()
GUIDE = Path(__file__).parent.parent / "docs" / "evaluation.md"


def fenced(guide: str, name: str) -> str:
    """The block of code that follows a comment with this name."""
    found = re.search(rf"<!-- {name} -->\n+```\w*\n(.*?)```", guide, re.DOTALL)
    assert found, name
    return found[1]


def test_the_guide_s_two_commands_make_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The articles and the twenty questions of the guide end in a report.html."""
    guide = GUIDE.read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "articles").mkdir()
    for place, text in enumerate(fenced(guide, "articles").split("\n=====\n")):
        (tmp_path / "articles" / f"{place}.md").write_text(text.strip() + "\n", "utf-8")
    questions = fenced(guide, "questions")
    (tmp_path / "questions.jsonl").write_text(questions, "utf-8")
    commands = fenced(guide, "two commands").strip().splitlines()

    assert len(commands) == 2
    assert len(questions.strip().splitlines()) == 20
    for command in commands:
        words = shlex.split(command)
        assert words[:2] == ["rag", "eval"]
        result = RUNNER.invoke(app, words[2:])
        assert result.exit_code == 0, result.output

    report = (tmp_path / "report" / "report.html").read_text("utf-8")
    assert "of 20 cases pass" in report
    run = json.loads((tmp_path / "report" / "run.json").read_text("utf-8"))
    assert run["metrics"]["recall@5"]["value"] == 1


def test_a_suite_is_made_by_answering(tmp_path: Path, news: Path) -> None:
    """Articles, questions and answers typed in become a suite whose evidence was looked up."""
    folder = tmp_path / "mine"
    typed = [
        str(news),
        "What will the work cost?",
        "38.5 million dollars",
        "Who is the king of Norway?",
        "",
        "",
    ]

    result = RUNNER.invoke(app, ["init", str(folder)], input="\n".join(typed) + "\n")

    assert result.exit_code == 0, result.output
    assert "found in" in result.output
    cases = [json.loads(line) for line in (folder / "cases.jsonl").read_text("utf-8").splitlines()]
    assert [case["expect"] for case in cases] == ["answer", "abstain"]
    assert "38.5 million dollars" in cases[0]["evidence"][0]["quote"]


def test_a_suite_is_not_made_over_another(tmp_path: Path) -> None:
    """A folder that holds a suite is refused before anything is asked."""
    (tmp_path / "suite.yaml").write_text("", "utf-8")

    result = RUNNER.invoke(app, ["init", str(tmp_path)])

    assert result.exit_code == 2
    assert "is there already" in result.output
