"""A chat model judges what the ladder leaves open, and nothing else."""

from __future__ import annotations

import dataclasses

import pytest
from wire.newsroom import HITS

from rag.records import Citation, Claim, Quote, Verdict
from rag.writing.chat import Chat, Limits
from rag.writing.judging import JudgingChecker
from rag.writing.prompts import prompts
from rag.writing.scripted import ScriptedChat

PASSAGE = HITS[0].passage
CLAIM = Claim(
    "The ferry hit a rock.",
    (Citation(1, Quote(PASSAGE.source, 0, PASSAGE.end, PASSAGE.text), PASSAGE),),
)


class Finds:
    """A checker with one verdict for everything."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict

    def check(self, claim: Claim) -> Claim:
        return dataclasses.replace(claim, verdict=self._verdict, reason="needs review")


def judged(first: Verdict, reply: str | Exception) -> Claim:
    model = ScriptedChat(replies=[reply])
    chat = Chat("scripted:judge", lambda: model, limits=Limits(retries=0))
    return JudgingChecker(Finds(first), chat, prompts().judge).check(CLAIM)


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("SUPPORTED", Verdict.SUPPORTED),
        ("**Contradicted**, because", Verdict.CONTRADICTED),
        ("missing.", Verdict.NOT_FOUND),
        ("It is not supported.", Verdict.UNCHECKABLE),
        ("", Verdict.UNCHECKABLE),
        (ConnectionError("gone"), Verdict.UNCHECKABLE),
    ],
)
def test_what_is_open_is_judged(reply: str | Exception, verdict: Verdict) -> None:
    """The model's one word decides; anything else leaves the verdict as it was."""
    assert judged(Verdict.UNCHECKABLE, reply).verdict is verdict


@pytest.mark.parametrize("first", [Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.NOT_FOUND])
def test_what_is_settled_stays(first: Verdict) -> None:
    """No model talks the checker out of a verdict."""
    assert judged(first, AssertionError("asked")).verdict is first


def test_the_judge_is_named() -> None:
    """A reader sees who judged."""
    assert judged(Verdict.UNCHECKABLE, "SUPPORTED").reason.startswith("scripted:judge judged it")
