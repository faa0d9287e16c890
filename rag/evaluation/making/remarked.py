"""Drafts of cases from what readers said of answers; a person decides what becomes of each.

Praise says what is right: the answer with its quotes. Blame only says what is wrong, so its draft
holds the sentences that must not be said again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rag.evaluation.cases import Case, CaseTurn, Evidence, Expect, Provenance, Reference
from rag.evaluation.making.material import (
    CASES_FILE,
    Imported,
    Material,
    write_articles,
    write_suite,
)
from rag.evaluation.people.reviewing import save_cases
from rag.evaluation.suite import SUITE_FILE, read_cases
from rag.records import Answer, Article, Claim, Filters, Outcome, Quote
from rag.remarks import Reason, Remark

SUITE = "feedback"  # the name of the suite, and of its folder among an index's own
REMARK = "remark: "  # begins the tag that holds the reader's words

_DRAFTED_FILE = "drafted.txt"  # ids of remarks: a draft that was dropped does not come back
_ABSTAINED, _ANSWERED = "feedback-refusal", "feedback-answer"


def drafts_of(remarks: Iterable[Remark]) -> Material:
    """A draft of each remark that a case can be made of; `skipped` says why not of the others."""
    cases, skipped = [], []
    for remark in remarks:
        reason = _hindrance(remark)
        if reason:
            skipped.append(f"{remark.question!r}: {reason}")
        else:
            cases.append(_case(remark))
    return Material((), tuple(cases), tuple(skipped))


def put_drafts(remarks: Sequence[Remark], articles: Iterable[Article], folder: Path) -> Material:
    """Add drafts of new remarks to the suite in a folder, which is made if it is not there.

    The articles of the suite are brought up to date. Remarks that were drafted before are passed
    over, whatever became of their drafts. The material that was added.
    """
    known = _drafted(folder)
    new = [remark for remark in remarks if remark.id not in known]
    made = drafts_of(new)
    if not made.cases:
        return made
    stored = tuple(_imported(article) for article in articles)
    if (folder / SUITE_FILE).exists():
        write_articles(stored, folder)
        before = read_cases(folder / CASES_FILE)
        save_cases((*before, *made.cases), folder / CASES_FILE)
    else:
        write_suite(Material(stored, made.cases), folder, name=SUITE)
    ids = [*known, *(remark.id or "" for remark in new)]
    (folder / _DRAFTED_FILE).write_text("".join(f"{one}\n" for one in ids), encoding="utf-8")
    return made


def _drafted(folder: Path) -> list[str]:
    file = folder / _DRAFTED_FILE
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def _hindrance(remark: Remark) -> str:
    """Why no case can be made of the remark; empty where one can."""
    answer = remark.answer
    if answer is None:
        return "the answer is not kept"
    filters = answer.receipt.filters if answer.receipt else Filters()
    if filters.since or filters.until or filters.publishers or filters.articles:
        return "it was asked of a part of the articles, which a case cannot say"
    if remark.reason is Reason.HELPFUL and not answer.abstained and not _quotes(_meant(remark)):
        return "the answer holds no quote of an article"
    return ""


def _case(remark: Remark) -> Case:
    answer = remark.answer
    assert answer is not None
    # A refusal that was called helpful is right; one that was blamed should have been an answer.
    refuses = answer.abstained and remark.reason is Reason.HELPFUL
    expect: Expect = "abstain" if refuses else "answer"
    tags = [SUITE, remark.reason.name.lower()]
    if remark.words:
        tags.append(REMARK + " ".join(remark.words.split()))
    receipt = answer.receipt
    return Case(
        id=f"{SUITE}-{remark.id}",
        category=_ABSTAINED if answer.abstained else _ANSWERED,
        question=remark.question,
        answerable=not refuses,
        expect=expect,
        tags=tuple(tags),
        turns=tuple(CaseTurn(past.question) for past in (receipt.turns if receipt else ())),
        as_of=receipt.filters.as_of if receipt else None,
        reference=_reference(remark, answer),
        evidence=_evidence(remark) if remark.reason is Reason.HELPFUL else (),
        provenance=Provenance("reader", reviewed=False, generator=SUITE),
    )


def _reference(remark: Remark, answer: Answer) -> Reference:
    if answer.abstained or remark.reason is Reason.MISSING:
        return Reference()
    meant = _meant(remark)
    if remark.reason is not Reason.HELPFUL:
        return Reference(must_not_include=tuple(claim.text for claim in meant))
    short = tuple(dict.fromkeys(_short(quote) for quote in _quotes(meant)))
    return Reference(answers=short)


def _meant(remark: Remark) -> tuple[Claim, ...]:
    """The sentence that the reader meant, or all of them."""
    claims = remark.answer.claims if remark.answer else ()
    return tuple(claim for claim in claims if remark.claim in (None, claim.text))


def _quotes(claims: Iterable[Claim]) -> list[Quote]:
    return [
        citation.quote
        for claim in claims
        for citation in claim.citations
        if citation.quote.outcome is Outcome.VERIFIED
    ]


def _short(quote: Quote) -> str:
    """The likely short answer in a quote, else all of it."""
    if quote.short is None:
        return quote.text
    first, last = quote.short
    return quote.text[first - quote.start : last - quote.start].strip() or quote.text


def _evidence(remark: Remark) -> tuple[Evidence, ...]:
    """The quotes of each sentence as a group: one of them is enough, and all groups are needed."""
    return tuple(
        Evidence(f"s{number}", quote.source.article_id, quote.text)
        for number, claim in enumerate(_meant(remark), start=1)
        for quote in _quotes([claim])
    )


def _imported(article: Article) -> Imported:
    published = article.published.isoformat() if article.published else None
    return Imported(
        article.id, article.text, article.title, article.publisher, published, article.url
    )
