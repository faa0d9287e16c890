"""The evidence of one answer as HTML: each quote in its passage, with its source and verdict."""

from __future__ import annotations

from collections.abc import Iterable

from rag.page import wording
from rag.page.cards import button, byline, original
from rag.page.chat import NEAREST_SHOWN, evidence_id, nearest_id
from rag.page.conversation import Exchange
from rag.page.escape import in_html
from rag.page.highlight import marked, quoted_passage
from rag.records import Answer, Citation, Claim, Conflict, Hit, Source


def empty() -> str:
    """The panel before anything was asked."""
    return _panel(
        '<p class="hint">The quotes behind an answer appear here, each in its passage, '
        "with title, publisher and date.</p>"
    )


def notice(words: str, back: str) -> str:
    """One line in place of the evidence, and the way back."""
    return _panel(f"{back}<p>{in_html(words)}</p>")


def panel(exchange: Exchange | None) -> str:
    """The evidence of an exchange; the empty panel while there is none."""
    if exchange is None or exchange.answer is None:
        return empty()
    answer, key = exchange.answer, exchange.key
    parts = [f'<p class="asked">for “{in_html(exchange.question)}”</p>']
    parts += [_conflict(conflict) for conflict in answer.conflicts]
    numbered = list(enumerate(answer.hits))
    if answer.abstained:
        nearest = answer.hits[:NEAREST_SHOWN]
        parts.append("<h3>Nearest, not an answer</h3>" if nearest else "")
        parts += [_nearest(hit, key, n) for n, hit in enumerate(nearest, start=1)]
        parts.append(_others(numbered[NEAREST_SHOWN:], key))
    else:
        cited = _cited(answer)
        parts += [_card(citation, answer, key) for citation in cited]
        passages = {citation.passage.id for citation in cited}
        parts.append(_others([hit for hit in numbered if hit[1].passage.id not in passages], key))
    parts.append(_about(answer))
    return _panel("\n".join(part for part in parts if part))


def _panel(inner: str) -> str:
    return f'<section class="evidence" aria-label="Evidence"><h2>Evidence</h2>{inner}</section>'


def _cited(answer: Answer) -> list[Citation]:
    """Citations of the claims and of the conflicts' sides, by marker."""
    sides = {side.marker: side for conflict in answer.conflicts for side in conflict.sides}
    by_marker = sides | {citation.marker: citation for citation in answer.citations}
    return [by_marker[number] for number in sorted(by_marker)]


def _card(citation: Citation, answer: Answer, key: str) -> str:
    element = evidence_id(key, citation.marker)
    claims = [claim for claim in answer.claims if citation in claim.citations]
    quote = citation.quote
    facts = [f"<li>{in_html(wording.standing(quote))}</li>"]
    if quote.speaker:
        facts.append(f"<li>Said by {in_html(quote.speaker)}</li>")
    facts += [f"<li>{in_html(wording.derived(note))}</li>" for note in quote.dates]
    facts += _copies(citation, answer)
    return (
        f'<article class="card" id="{element}" tabindex="-1" aria-labelledby="{element}-title">'
        f"{_header(citation.source, element, str(citation.marker))}"
        f"<blockquote>{quoted_passage(citation)}</blockquote>"
        f"{''.join(_verdict(claim) for claim in claims)}"
        f'<ul class="facts">{"".join(facts)}</ul>'
        f'<p class="links">{button("Read the article", key=key, marker=str(citation.marker))}'
        f"{original(citation.source, quote.text)}"
        f'<a class="back" href="#{element}">Back to the answer</a></p>'
        "</article>"
    )


def _header(source: Source, element: str, number: str = "") -> str:
    shown = f'<span class="number">{in_html(number)}</span> ' if number else ""
    return f'<h3 id="{element}-title">{shown}{in_html(wording.title(source))}</h3>{byline(source)}'


def _verdict(claim: Claim) -> str:
    kind = claim.verdict.value.replace(" ", "-")
    return f'<p class="verdict {kind}">{in_html(wording.verdict(claim))}</p>'


def _copies(citation: Citation, answer: Answer) -> list[str]:
    """Who else printed the passage, where near-identical ones were folded into it."""
    copies = [
        copy for hit in answer.hits if hit.passage.id == citation.passage.id for copy in hit.copies
    ]
    if not copies:
        return []
    names = dict.fromkeys(copy.publisher or wording.PUBLISHER_UNKNOWN for copy in copies)
    others = wording.count(len(copies), "other article")
    return [f"<li>Also in {others}: {in_html(', '.join(names))}</li>"]


def _conflict(conflict: Conflict) -> str:
    about = f" about {in_html(conflict.about)}" if conflict.about else ""
    sides = "".join(
        f"<li>{byline(side.source)}"
        f"<blockquote><mark>{in_html(side.quote.text)}</mark></blockquote></li>"
        for side in conflict.sides
    )
    reason = f"<p>{in_html(conflict.reason)}</p>" if conflict.reason else ""
    return (
        f'<section class="conflict"><h3>The articles disagree{about}</h3>'
        f'<ol class="sides">{sides}</ol>{reason}</section>'
    )


def _nearest(hit: Hit, key: str, number: int) -> str:
    element = nearest_id(key, number)
    return (
        f'<article class="card nearest" id="{element}" tabindex="-1" '
        f'aria-labelledby="{element}-title">{_header(hit.passage.source, element)}'
        f"<blockquote>{marked(hit.passage.text, ())}</blockquote>"
        f'<p class="links">{button("Read the article", key=key, hit=str(number - 1))}'
        f'<a class="back" href="#{element}">Back to the answer</a></p></article>'
    )


def _others(hits: Iterable[tuple[int, Hit]], key: str) -> str:
    """What was found and not cited, folded away; each with its place among the hits."""
    items = [
        f"<li><h4>{in_html(wording.title(hit.passage.source))}</h4>{byline(hit.passage.source)}"
        f"<blockquote>{in_html(hit.passage.text)}</blockquote>"
        f'<p class="links">{button("Read the article", key=key, hit=str(number))}</p></li>'
        for number, hit in hits
    ]
    if not items:
        return ""
    found = wording.count(len(items), "passage")
    return _folded(f"Found, not cited ({found})", f'<ol class="others">{"".join(items)}</ol>')


def _folded(heading: str, inner: str) -> str:
    return f"<details><summary>{heading}</summary>{inner}</details>"


def _about(answer: Answer) -> str:
    """What was searched, and the receipt by which the answer can be given again."""
    lines = [in_html(wording.searched(answer.coverage))] if answer.coverage else []
    receipt = answer.receipt
    if receipt:
        lines += [
            f"Corpus {in_html(receipt.corpus)}, asked on {wording.day(receipt.today)}",
            f"Embedding {in_html(receipt.embedding)}",
            f"Chat model {in_html(receipt.model)}" if receipt.model else "No chat model: quotes",
        ]
    if not lines:
        return ""
    items = "".join(f"<li>{line}</li>" for line in lines)
    return _folded("About this answer", f'<ul class="facts">{items}</ul>')
