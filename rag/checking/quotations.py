"""Quotations, held against the words of the articles that they are said to be from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag.checking.alignment import tokens
from rag.checking.negations import is_negation
from rag.checking.quotes import NearMiss, judge, locate, lost_context, near_miss
from rag.language.terms import terms
from rag.records import Article, Claim, Outcome, Quote

# Fewer words in quotation marks are a name or a term, not somebody's words.
_LEAST_WORDS = 3
_QUOTED = re.compile(r"[“\"„«]([^“”\"„«»]+)[”\"“»]")


@dataclass(frozen=True, slots=True)
class CheckedQuote:
    """What became of a quotation; `remarks` say what differs or what the cut leaves out."""

    quote: Quote
    remarks: tuple[str, ...] = ()


def checked_quote(quotation: str, article: Article, others: Iterable[Article]) -> CheckedQuote:
    """A quotation held against the article it is said to be from, then against others."""
    quote = judge(quotation, article.source, article.text, others)
    if quote.outcome is Outcome.VERIFIED:
        return CheckedQuote(quote, tuple(lost_context(article.text, quote.start, quote.end)))
    if quote.outcome is Outcome.NEAR_MISS:
        near = near_miss(quotation, article.text)
        return CheckedQuote(quote, (told(near),) if near else ())
    return CheckedQuote(quote)


def misquoted(claim: Claim) -> str | None:
    """What is wrong with the first wrong quotation of a claim, in words; None if all are right.

    Right is a quotation that a cited passage holds word for word, typography and a copyist's
    slips apart, with no negation and no denial just outside its cut.
    """
    for found in _QUOTED.finditer(claim.text):
        if len(found[1].split()) >= _LEAST_WORDS and (wrong := _wrong(found[1], claim)):
            return wrong
    return None


def _wrong(quotation: str, claim: Claim) -> str | None:
    texts = [citation.passage.text for citation in claim.citations]
    for text in texts:
        place = locate(quotation, text)
        if place is not None:
            around = claim.text.replace(quotation, " ")
            lost = [] if _negated(around) else lost_negations(text, *place)
            return f"the quotation leaves out: {'; '.join(lost)}" if lost else None
    for text in texts:
        near = near_miss(quotation, text)
        if near is not None and _is_slight(near):
            return None
        if near is not None:
            return f"not the words of the article: {told(near)}"
    return "the quotation stands in no cited passage"


def lost_negations(text: str, start: int, end: int) -> list[str]:
    """The negations just outside a cut; who says it is the sentence's own to tell."""
    return [lost for lost in lost_context(text, start, end) if lost.startswith("a negation")]


def _negated(text: str) -> bool:
    words = [token for token in tokens(text) if not token.mark]
    return any(is_negation(words, place) for place in range(len(words)))


def _is_slight(near: NearMiss) -> bool:
    """Whether only capitals, function words or endings differ: a copyist's slip, not other words.

    What such a word can turn around, a negation above all, the check of the claim compares.
    """
    return all(
        set(terms(difference.said)) == set(terms(difference.written))
        for difference in near.differing
    )


def told(near: NearMiss) -> str:
    """The differences of a near miss in words."""
    if near.only_case:
        return "only capitals differ"
    pairs = (f"“{d.said}” where it says “{d.written}”" for d in near.differing)
    return "; ".join(pairs)
