"""The evidence of one answer as HTML: each quote in its passage, with its source and verdict."""

from __future__ import annotations

from collections.abc import Iterable

from rag.conversation import Exchange
from rag.page import wording
from rag.page.cards import button, byline, headed, names, original
from rag.page.chat import NEAREST_SHOWN, evidence_id, nearest_id
from rag.page.disagreement import disagreement
from rag.page.escape import in_html
from rag.page.highlight import marked, quoted_passage
from rag.page.omissions import omissions, waiting
from rag.page.tablist import Sheet, tab_id, tablist
from rag.page.tongue import tr
from rag.quoting.left_out import LeftOut
from rag.records import Answer, Citation, Claim, Hit, Source

CITED, FOUND, LEFT_OUT = "cited", "found", "left-out"


def empty() -> str:
    """The panel before anything was asked."""
    words = tr(
        "The quotes behind an answer appear here, each in its passage, "
        "with title, publisher and date."
    )
    return _panel(f'<p class="hint">{in_html(words)}</p>')


def notice(words: str, back: str) -> str:
    """One line in place of the evidence, and the way back."""
    return _panel(f"{back}<p>{in_html(words)}</p>")


def back(exchange: Exchange, *, tab: str = CITED) -> str:
    """The way back to the evidence from an article that was opened there, in this tab."""
    pressed = button(tr("Back to the evidence"), key=exchange.key, tab=tab)
    return f'<p class="links">{pressed}</p>'


def panel(exchange: Exchange | None, out: LeftOut | None = None) -> str:
    """The evidence of an exchange; the empty panel while there is none.

    What was left out is looked for when its tab is chosen, and shown when it is given.
    """
    if exchange is None or exchange.answer is None:
        return empty()
    answer, key = exchange.answer, exchange.key
    sheets = [*_sheets(answer, key), _left_out(answer, key, out)]
    asked = tr("for “{question}”", question=exchange.question)
    return _panel(
        f'<p class="asked">{in_html(asked)}</p>'
        + tablist(sheets, label=tr("Evidence"), key=key, chosen=LEFT_OUT if out else sheets[0].name)
        + _about(answer)
    )


def _panel(inner: str) -> str:
    return headed(tr("Evidence"), inner)


def _sheets(answer: Answer, key: str) -> list[Sheet]:
    """What is cited, or nearest to a question that is not answered; and what else was found."""
    numbered = list(enumerate(answer.hits))
    if answer.abstained:
        nearest = answer.hits[:NEAREST_SHOWN]
        cards = "".join(_nearest(hit, key, n) for n, hit in enumerate(nearest, start=1))
        heading = f"<h3>{in_html(tr('Nearest, not an answer'))}</h3>" if nearest else ""
        first = Sheet(CITED, tr("Nearest ({count})", count=len(nearest)), heading + cards)
        return [first, _found(numbered[NEAREST_SHOWN:], key)]
    cited = _cited(answer)
    conflicts = "".join(disagreement(conflict, key) for conflict in answer.conflicts)
    cards = "".join(_card(citation, answer, key) for citation in cited)
    first = Sheet(CITED, tr("Cited ({count})", count=len(cited)), conflicts + cards)
    passages = {citation.passage.id for citation in cited}
    return [first, _found([hit for hit in numbered if hit[1].passage.id not in passages], key)]


def _found(hits: list[tuple[int, Hit]], key: str) -> Sheet:
    none = f'<p class="hint">{in_html(tr("Nothing else was found."))}</p>'
    heading = tr("Found, not cited ({count})", count=len(hits))
    return Sheet(FOUND, heading, _others(hits, key) or none)


def _left_out(answer: Answer, key: str, out: LeftOut | None) -> Sheet:
    inner = waiting() if out is None else omissions(answer, out, key)
    # Once it is there, choosing the tab again searches no more.
    data = (("key", key), ("tab", LEFT_OUT), ("then", tab_id(key, LEFT_OUT))) if not out else ()
    return Sheet(LEFT_OUT, tr("Left out, and why"), inner, data if answer.complete else ())


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
        said_by = tr("Said by {speaker}", speaker=quote.speaker)
        facts.append(f"<li>{in_html(said_by)}</li>")
    facts += [f"<li>{in_html(wording.derived(note))}</li>" for note in quote.dates]
    facts += _copies(citation, answer)
    return (
        f'<article class="card" id="{element}" tabindex="-1" aria-labelledby="{element}-title">'
        f"{_header(citation.source, element, str(citation.marker))}"
        f"<blockquote>{quoted_passage(citation)}</blockquote>"
        f"{''.join(_verdict(claim) for claim in claims)}"
        f'<ul class="facts">{"".join(facts)}</ul>'
        f'<p class="links">{button(tr("Read the article"), key=key, marker=str(citation.marker))}'
        f"{original(citation.source, quote)}{_return(element)}</p>"
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
    said = tr(
        "Also in {articles}: {publishers}",
        articles=wording.count(len(copies), "other article"),
        publishers=names(tuple(copies)),
    )
    return [f"<li>{in_html(said)}</li>"]


def _nearest(hit: Hit, key: str, number: int) -> str:
    element = nearest_id(key, number)
    return (
        f'<article class="card nearest" id="{element}" tabindex="-1" '
        f'aria-labelledby="{element}-title">{_header(hit.passage.source, element)}'
        f"<blockquote>{marked(hit.passage.text, ())}</blockquote>"
        f'<p class="links">{button(tr("Read the article"), key=key, hit=str(number - 1))}'
        f"{_return(element)}</p></article>"
    )


def _return(element: str) -> str:
    return f'<a class="back" href="#{element}">{in_html(tr("Back to the answer"))}</a>'


def _others(hits: Iterable[tuple[int, Hit]], key: str) -> str:
    """What was found and not cited, each with its place among the hits."""
    items = [
        f"<li><h4>{in_html(wording.title(hit.passage.source))}</h4>{byline(hit.passage.source)}"
        f"<blockquote>{in_html(hit.passage.text)}</blockquote>"
        f'<p class="links">{button(tr("Read the article"), key=key, hit=str(number))}</p></li>'
        for number, hit in hits
    ]
    return f'<ol class="others">{"".join(items)}</ol>' if items else ""


def _about(answer: Answer) -> str:
    """What was searched, and the receipt by which the answer can be given again."""
    lines = [wording.searched(answer.coverage)] if answer.coverage else []
    receipt = answer.receipt
    if receipt:
        day = wording.day(receipt.today)
        lines += [
            tr("Corpus {corpus}, asked on {day}", corpus=receipt.corpus, day=day),
            tr("Embedding {embedding}", embedding=receipt.embedding),
            tr("Chat model {model}", model=receipt.model)
            if receipt.model
            else tr("No chat model: quotes"),
        ]
    if not lines:
        return ""
    items = "".join(f"<li>{in_html(line)}</li>" for line in lines)
    return (
        f"<details><summary>{in_html(tr('About this answer'))}</summary>"
        f'<ul class="facts">{items}</ul></details>'
    )
