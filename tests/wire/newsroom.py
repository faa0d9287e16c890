"""Two passages, what they answer, and an answerer over them, for tests of chat models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from rag.checking.claims import LadderChecker
from rag.records import (
    Citation,
    Claim,
    Draft,
    Filters,
    Hit,
    Passage,
    Query,
    Quote,
    Source,
    Unsupported,
    Verdict,
)
from rag.writing.chat import Chat
from rag.writing.generating import GeneratingAnswerer, Held
from rag.writing.prompts import prompts

FERRY = (
    "The ferry Morrow Star ran aground off Kelmar on Tuesday with 143 passengers on board. "
    "Nobody was hurt, said the harbour master, Odo Harnett. "
    "Divers will look at the hull on Thursday."
)
BRIDGE = (
    "The Queen Odile Bridge cost 412 million crowns. "
    "It was opened by the Prime Minister, Ilsa Torvane, in April 2022."
)
QUESTION = Query(
    "How many passengers were on the ferry?",
    "How many passengers were on the ferry?",
    Filters(),
    date(2022, 6, 1),
)


def hit(text: str, name: str, place: int = 1) -> Hit:
    """A passage that is a whole article, as a hit."""
    source = Source(name, f"The {name}", "Gazette", date(2022, 5, 4))
    return Hit(Passage(f"{name}-0", source, text, 0, len(text)), 1 / place)


HITS = (hit(FERRY, "ferry"), hit(BRIDGE, "bridge", 2))


class FirstSentence:
    """Quotes the first sentence of the first hit; abstains without hits."""

    def draft(self, query: Query, hits: Sequence[Hit]) -> Iterator[Draft]:
        assert query.text
        if not hits:
            yield Draft(abstained=True)
            return
        passage = hits[0].passage
        text = passage.text[: passage.text.index(".") + 1]
        quote = Quote(passage.source, passage.start, passage.start + len(text), text)
        claim = Claim(text, (Citation(1, quote, passage),), Verdict.SUPPORTED, "quoted")
        yield Draft((claim,), confidence=0.8)


def answerer(
    chat: Chat, *, context: int = 24_000, unsupported: Unsupported = Unsupported.DROP
) -> GeneratingAnswerer:
    """The answerer as it is wired, quoting the first sentence where the model fails."""
    return GeneratingAnswerer(
        chat,
        prompts().answer,
        checker=Held(LadderChecker()),
        quoting=FirstSentence(),
        context=context,
        unsupported=unsupported,
    )


def last(drafts: Iterator[Draft]) -> Draft:
    """The whole answer."""
    *_, whole = drafts
    return whole


def texts(draft: Draft) -> list[str]:
    """What a draft shows as supported."""
    return [claim.text for claim in draft.claims if claim.verdict is Verdict.SUPPORTED]
