"""Replaying an answer from its receipt: identical, or what drifted and why.

A quoted answer is given again and compared. What a chat model wrote is not asked for again, for
it would write otherwise: its recorded sentences are held against the articles once more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rag.archive import Archive
from rag.checking.claims import LadderChecker
from rag.errors import ReadError
from rag.recorded import filters as recorded_filters, options as recorded_options
from rag.records import (
    Answer,
    Article,
    Citation,
    Claim,
    Passage,
    Quote,
    Source,
    Turn,
    Verdict,
)

# What was answered, compared value by value.
_ANSWERED = ("understood", "abstained", "claims", "conflicts", "hits", "coverage", "notes")
# What it was answered from; a difference here is a reason for one there.
_MADE_FROM = ("corpus", "embedding", "settings", "model", "prompts", "versions", "passages")


@dataclass(frozen=True, slots=True)
class Replay:
    """`drifts` say what differs from the record, `reasons` what has changed since."""

    drifts: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def identical(self) -> bool:
        return not self.drifts


def read_recorded(path: Path) -> dict[str, Any]:
    """An answer as `rag ask --json` printed it.

    Raises:
        ReadError: the file is not there or holds no answer with a receipt.
    """
    try:
        recorded = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ReadError(f"{path}: is not JSON: save what `rag ask --json` prints") from error
    if not isinstance(recorded, dict) or not isinstance(recorded.get("receipt"), dict):
        raise ReadError(f"{path}: holds no receipt: save what `rag ask --json` prints")
    return recorded


def replay(archive: Archive, recorded: Mapping[str, Any]) -> Replay:
    """Answer the recorded question as it was asked, on the day it was asked, and compare.

    Raises:
        ReadError: the receipt lacks something that this needs.
    """
    try:
        if recorded["receipt"]["model"]:
            return _checked_again(archive, recorded)
        return _answered_again(archive, recorded)
    except (KeyError, TypeError, ValueError) as error:
        raise ReadError(f"the receipt cannot be replayed: {error!r} is missing or wrong") from error


def _answered_again(archive: Archive, recorded: Mapping[str, Any]) -> Replay:
    receipt = recorded["receipt"]
    answer = archive.ask(
        recorded["question"],
        turns=[_turn(past) for past in receipt["turns"]],
        filters=recorded_filters(receipt["filters"]),
        today=date.fromisoformat(receipt["today"]),
        options=recorded_options(receipt.get("options", {})),
    )
    again = json.loads(json.dumps(answer.to_dict()))
    drifts = [
        f"{name}: {_difference(recorded.get(name), again[name])}"
        for name in _ANSWERED
        if recorded.get(name) != again[name]
    ]
    reasons = [
        f"{name}: {_difference(receipt.get(name), again['receipt'][name])}"
        for name in _MADE_FROM
        if receipt.get(name) != again["receipt"][name]
    ]
    return Replay(tuple(drifts), tuple(reasons))


def _checked_again(archive: Archive, recorded: Mapping[str, Any]) -> Replay:
    """The recorded sentences under the checker, their passages as the articles have them now."""
    checker = LadderChecker()
    drifts = []
    for plain in recorded["claims"]:
        claim = Claim(plain["text"], tuple(_citation(archive, one) for one in plain["citations"]))
        verbatim = any(citation.quote.text == claim.text for citation in claim.citations)
        found = Verdict.SUPPORTED if verbatim else checker.check(claim).verdict
        if found.value != plain["verdict"]:
            drifts.append(f"claims: {claim.text!r} was {plain['verdict']}, is {found.value}")
    corpus = archive.status().corpus
    changed = [] if corpus == recorded["receipt"]["corpus"] else ["corpus: articles have changed"]
    return Replay(tuple(drifts), tuple(changed))


def _citation(archive: Archive, plain: Mapping[str, Any]) -> Citation:
    """The citation with its texts cut anew out of the article; empty where that has gone."""
    quote, passage = plain["quote"], plain["passage"]
    try:
        article = archive.article(quote["source"]["article_id"])
    except ReadError:
        article = Article(Source(quote["source"]["article_id"]), "", "")
    source, text = article.source, article.text
    cut = text[quote["start"] : quote["end"]]
    held = text[passage["start"] : passage["end"]]
    return Citation(
        plain["marker"],
        Quote(source, quote["start"], quote["end"], cut),
        Passage(passage["id"], source, held, passage["start"], passage["end"]),
    )


def _difference(before: Any, after: Any) -> str:
    """Where two JSON values differ, in a line."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        shown = ", ".join(f"{key} {before.get(key)!r} → {after.get(key)!r}" for key in keys[:3])
        return shown + (f" and {len(keys) - 3} more" if len(keys) > 3 else "")
    if isinstance(before, list) and isinstance(after, list):
        same = sum(one == other for one, other in zip(before, after, strict=False))
        return f"{len(before)} then, {len(after)} now, {same} the same"
    return f"{before!r} → {after!r}"


def _turn(past: Mapping[str, Any]) -> Turn:
    """The exchange again, with as much of its answer as a later question looks at."""
    source = Source("")
    citations = tuple(
        Citation(i, Quote(source, 0, 0, ""), Passage(key, source, "", 0, 0))
        for i, key in enumerate(past["passages"], start=1)
    )
    claims = tuple(
        Claim(text, citations if i == 0 else ()) for i, text in enumerate(past["sentences"])
    )
    answer = Answer(
        past["question"],
        past["understood"],
        claims=claims,
        abstained=past["abstained"],
        complete=True,
    )
    return Turn(past["question"], answer)
