"""Of many replies, true and false, only what the archive bears out is shown as supported."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from langchain_core.outputs import ChatGenerationChunk
from measuring import least
from wire.newsroom import HITS, QUESTION, answerer, last

from rag.bundle import folder
from rag.evaluation.checks.trials import Attempt, Trial, attempts
from rag.language.terms import fold
from rag.passages import split
from rag.records import Article, Hit, Passage, Source, Verdict
from rag.writing.chat import Chat
from rag.writing.markup import plain_text
from rag.writing.scripted import ScriptedChat

EACH = 8
SECONDS_TO_VERDICT = 0.05


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    """The passages of the project's archive."""
    found: list[Passage] = []
    for path in sorted((folder("eval") / "archive" / "articles").glob("*.md")):
        text = path.read_text(encoding="utf-8").partition("\n---\n")[2].strip()
        article = Article(Source(path.stem), text, sha256(text.encode()).hexdigest())
        found += split(article, size=1000, overlap=150)
    return found


@pytest.fixture(scope="module")
def tried(passages: list[Passage]) -> list[Attempt]:
    return attempts(passages, each=EACH, seed=7)


def shown_as_supported(attempt: Attempt) -> bool:
    chat = Chat("scripted:trial", lambda: ScriptedChat(replies=[attempt.reply]))
    whole = last(answerer(chat).draft(QUESTION, attempt.hits))
    return any(
        fold(claim.text).split() == fold(plain_text(attempt.sentence)).split()
        for claim in whole.claims
        if claim.verdict is Verdict.SUPPORTED and claim.reason != "quoted"
    )


def test_no_false_sentence_is_shown_as_supported(tried: list[Attempt]) -> None:
    """Wrong numbers, names, speakers and citations, own knowledge and obedience: none is shown."""
    false = [attempt for attempt in tried if not attempt.trial.is_true]

    assert len(false) >= 11 * EACH * 0.9
    assert [attempt.sentence for attempt in false if shown_as_supported(attempt)] == []


def test_nearly_all_true_sentences_are_kept(tried: list[Attempt]) -> None:
    """At least nineteen of twenty faithful sentences survive."""
    true = [attempt for attempt in tried if attempt.trial.is_true]

    kept = sum(shown_as_supported(attempt) for attempt in true)

    assert len(true) == 3 * EACH
    assert kept / len(true) >= 0.95


def test_every_kind_of_reply_is_tried(tried: list[Attempt], passages: list[Passage]) -> None:
    """The same seed gives the same replies, of every kind."""
    counted = Counter(attempt.trial for attempt in tried)

    assert all(counted[trial] >= EACH * 0.8 for trial in Trial)
    assert attempts(passages, each=EACH, seed=7) == tried


class TimedChat(ScriptedChat):
    """A scripted model that notes when each full stop was sent."""

    stops: list[float]

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        for chunk in super()._stream(*args, **kwargs):
            if str(chunk.message.text).endswith("]."):
                self.stops.append(time.perf_counter())
            yield chunk


def test_a_verdict_follows_its_sentence_at_once(passages: list[Passage]) -> None:
    """From a sentence's last character to its verdict it takes less than 50 ms (median).

    Of up to three replies the quickest counts: what else the machine does only adds to one.
    """
    assert least(lambda: median_wait(passages), SECONDS_TO_VERDICT) < SECONDS_TO_VERDICT


def median_wait(passages: list[Passage]) -> float:
    """The seconds from a sentence's full stop to its verdict, in a reply of ten sentences."""
    hits = (*HITS, *(Hit(passage, 0.1) for passage in passages[:10]))
    reply = " ".join(
        f"{text} [{place}]."
        for place, passage in enumerate(passages[:10], start=3)
        for text in [passage.text.partition(".")[0]]
    )
    model = TimedChat(replies=[reply], pause=0.01, stops=[])
    shown: list[float] = []

    for draft in answerer(Chat("scripted:trial", lambda: model)).draft(QUESTION, hits):
        if draft.usage is None:
            shown.append(time.perf_counter())

    assert len(shown) >= 5
    waits = [min(at - stop for stop in model.stops if stop <= at) for at in shown]
    return statistics.median(waits)
