"""Settings become parts."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from conftest import written

from rag.archive import open_archive
from rag.errors import SettingsError
from rag.records import Claim, Verdict
from rag.settings import Settings

ARTICLE = "The tower in Lund is 80 metres high. It was built in 1911 by Ansel Rask."
QUESTION = "How high is the tower in Lund?"


class Suspicious:
    """A checker that believes nothing."""

    def check(self, claim: Claim) -> Claim:
        return dataclasses.replace(claim, verdict=Verdict.NOT_FOUND, reason="on principle")


def said(folder: Path, checker: str) -> str:
    written(folder, {"files/a.txt": ARTICLE, "script.txt": "The tower is 80 metres high [1]."})
    settings = Settings(chat_model=f"scripted:{folder / 'script.txt'}", checker=checker)
    with open_archive(folder / "index", settings) as archive:
        archive.ingest(folder / "files")
        return archive.ask(QUESTION).text


def test_a_models_sentence_that_passes_is_shown(tmp_path: Path) -> None:
    """The ladder lets a true sentence through as it was written."""
    assert "The tower is 80 metres high." in said(tmp_path, "ladder")


def test_a_checker_of_ones_own_is_plugged_in_by_name(tmp_path: Path) -> None:
    """A class named `module:Name` checks the model's sentences; what it rejects is not shown."""
    assert said(tmp_path, "test_wiring:Suspicious").startswith("The tower in Lund is 80")


@pytest.mark.parametrize("name", ["ladders", "no.such:Thing", "json:loads"])
def test_a_checker_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    """The message names what may stand there."""
    with pytest.raises(SettingsError, match="ladder"):
        said(tmp_path, name)
