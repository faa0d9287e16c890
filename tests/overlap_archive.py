"""A small archive that answers with the sentence that shares most words with the question."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.evaluation.cases import Case, Evidence
from rag.language.sentences import sentence_spans
from rag.language.terms import terms
from rag.records import Answer, Article, Citation, Claim, Filters, Hit, Passage, Quote, Source, Turn

ALL = Filters()


def article(name: str, text: str, *, published: date | None = None) -> Article:
    """An article whose id is its name."""
    source = Source(name, title=name.replace("-", " "), publisher="Gazette", published=published)
    return Article(source, text, hashlib.sha256(text.encode()).hexdigest())


# The least that can be evaluated: an article, and a question that it answers.
BRIDGE = article("bridge", "The bridge opened on Monday.")
OPENING = Case(
    "open",
    "when",
    "When did the bridge open?",
    answerable=True,
    expect="answer",
    evidence=(Evidence("a", "bridge", "opened on Monday"),),
)


@dataclass(frozen=True)
class OverlapArchive:
    """Paragraphs are passages; abstains when less than `least` of the question is found."""

    stored: tuple[Article, ...]
    least: float = 0.5
    obeys_dates: bool = True
    first_marker: int = 1
    shift: int = 0

    def articles(self) -> tuple[Article, ...]:
        return self.stored

    def ask(self, question: str, *, turns: Sequence[Turn] = (), filters: Filters = ALL) -> Answer:
        if not question.strip():
            raise ValueError("the question is empty")
        wanted = set(terms(" ".join([*(turn.question for turn in turns), question])))
        hits = sorted(self._hits(wanted, filters), key=lambda hit: (-hit.score, hit.passage.id))
        if not hits or hits[0].score < self.least:
            return Answer(question, question, hits=tuple(hits), abstained=True, complete=True)
        passage = hits[0].passage
        start, end = max(
            sentence_spans(passage.text),
            key=lambda span: len(wanted & set(terms(passage.text[span[0] : span[1]]))),
        )
        text = passage.text[start:end]
        quote = Quote(passage.source, passage.start + start + self.shift, passage.start + end, text)
        claim = Claim(text, (Citation(self.first_marker, quote, passage),))
        return Answer(
            question,
            question,
            (claim,),
            tuple(hits[:10]),
            confidence=hits[0].score,
            complete=True,
        )

    def _hits(self, wanted: set[str], filters: Filters) -> list[Hit]:
        admitted = (a for a in self.stored if not self.obeys_dates or filters.admits(a.source))
        found = []
        for stored in admitted:
            start = 0
            for paragraph in stored.text.split("\n\n"):
                end = start + len(paragraph)
                shared = len(wanted & set(terms(paragraph))) / max(1, len(wanted))
                passage = Passage(f"{stored.id}#{start}", stored.source, paragraph, start, end)
                found.append(Hit(passage, shared))
                start = end + 2
        return found
