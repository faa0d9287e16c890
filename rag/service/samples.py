"""Examples for the description of the service: invented articles and what is said of them."""

from __future__ import annotations

from typing import Any

from rag.records import (
    Answer,
    Article,
    Citation,
    Claim,
    Coverage,
    Hit,
    Passage,
    Quote,
    Source,
    Verdict,
)

_QUESTION = "How many tonnes of apples are expected?"
_SOURCE = Source(
    article_id="harvest",
    title="Apple growers expect a poor harvest",
    publisher="Harbour Herald",
    url="https://herald.example/apples",
)
_TEXT = "The growers' association expects 9,200 tonnes, the least since 2011."
_PASSAGE = Passage("harvest:0", _SOURCE, _TEXT, 0, len(_TEXT))
_HIT = Hit(_PASSAGE, 1.42, {"words": 1, "vectors": 1}, 0.71)
_CITATION = Citation(1, Quote(_SOURCE, 0, len(_TEXT), _TEXT), _PASSAGE)
_CLAIM = Claim(_TEXT, (_CITATION,), Verdict.SUPPORTED, "quoted word for word")

ANSWER: dict[str, Any] = Answer(
    question=_QUESTION,
    understood=_QUESTION,
    claims=(_CLAIM,),
    hits=(_HIT,),
    coverage=Coverage(6, 14, 3, matched=1, used=1, independent=1),
    confidence=0.93,
    complete=True,
).to_dict()
HIT = ANSWER["hits"][0]
SOURCE = HIT["passage"]["source"]
ARTICLE: dict[str, Any] = {
    "source": SOURCE,
    "text": _TEXT,
    "content_hash": "0f3a6c1d9b2e4f5a8c7d6e5f4a3b2c1d",
    "version": 1,
}
assert set(ARTICLE) == set(Article.__dataclass_fields__)
LISTED: dict[str, Any] = {
    "total": 1,
    "articles": [
        {
            "source": SOURCE,
            "version": 1,
            "passages": 1,
            "stored": "2024-09-20T08:00:00",
            "copies": [],
        }
    ],
    "next": None,
}
SENT_ARTICLE: dict[str, Any] = {
    "id": "harvest",
    "title": _SOURCE.title,
    "publisher": _SOURCE.publisher,
    "published": "2024-09-20",
    "text": _TEXT,
}
REPORT: dict[str, Any] = {
    "added": 1,
    "updated": 0,
    "unchanged": 0,
    "removed": 0,
    "passages": 1,
    "embedded": 1,
    "failures": [],
}
ASKED: dict[str, Any] = {
    "question": _QUESTION,
    "turns": [{"question": "Was there frost?", "answer": "Late frost has cost a third."}],
    "filters": {"since": "2024-01-01", "publishers": ["Harbour Herald"]},
}
EVENTS = (
    'event: answer\ndata: {"question": "How many …?", "complete": false}\n\n'
    'event: answer\ndata: {"text": "… 9,200 tonnes … [1]", "complete": true}\n\n'
    'event: done\ndata: {"request_id": "5f0c6a4b"}\n\n'
)
