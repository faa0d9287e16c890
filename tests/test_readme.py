"""The README's commands and its example."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import typer

from rag.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_every_command_it_names_exists() -> None:
    """Each `rag VERB` of the README is a command."""
    group = typer.main.get_command(app)
    verbs = set(re.findall(r"^(?:\.venv/bin/)?rag (\w+)", README, re.M))

    assert verbs
    assert verbs <= set(getattr(group, "commands", {}))


def test_its_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example is run as it stands, in a folder that holds the seed articles."""
    (example,) = re.findall(r"^```python\n(.*?)^```$", README, re.M | re.S)
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    said: list[object] = []

    exec(example, {"print": lambda *words: said.extend(words)})

    assert "2016" in str(said[0])


def test_its_two_commands_are_one_line_each() -> None:
    """The first command and the second are a line each, as promised."""
    for name in ("first command", "second command"):
        (block,) = re.findall(rf"<!-- {name} -->\n```sh\n(.*?)```", README, re.S)
        assert block.count("\n") == 1
