"""The messages of the chat: questions, the steps of the search, sentences with their verdicts."""

from __future__ import annotations

from typing import Any

from rag.conversation import Conversation, Exchange
from rag.page import wording
from rag.page.escape import apart, in_markdown
from rag.page.limits import said
from rag.page.relayed import account, relayed
from rag.page.tongue import tr
from rag.records import Answer, Citation, Claim, Conflict, Filters, Quote, Source

NEAREST_SHOWN = 3
_LISTED_ARTICLES = 8
_SHOWN_QUESTION = 1_000  # characters; the chain itself says how long a question may be

_TIED = "\u00a0"  # a blank at which no line ends

_NOTICED = 1.0  # seconds: a shorter wait is not worth a number

Message = dict[str, Any]


def messages(conversation: Conversation) -> list[Message]:
    """The whole chat, as the chat component takes it."""
    return [message for exchange in conversation.exchanges for message in _exchange(exchange)]


def position_of(conversation: Conversation, message: int) -> int | None:
    """Which exchange the message with this number belongs to; both count from 0."""
    first = 0
    for position, exchange in enumerate(conversation.exchanges):
        first += len(_exchange(exchange))
        if message < first:
            return position
    return None


def pointed_at(conversation: Conversation, index: Any) -> int:
    """Which exchange an event of the chat is about; the last one where it names no message."""
    message = index[0] if isinstance(index, list | tuple) else index
    position = position_of(conversation, int(message))
    return len(conversation.exchanges) - 1 if position is None else position


def _exchange(exchange: Exchange) -> list[Message]:
    shown = [{"role": "user", "content": _asked(exchange.question)}]
    if exchange.error is not None:
        reason = in_markdown(wording.sentence(relayed(exchange.error)))
        shown.append(_said(f"**{tr('Not answered.')}** {reason}"))
        return shown
    answer = exchange.answer
    if exchange.cut_short and answer is None:
        return [*shown, _cut_short(exchange.key)]
    shown.append(_step(exchange))
    if exchange.filters != Filters():
        shown.append(_said(f"*{in_markdown(wording.sentence(said(exchange.filters)))}*"))
    if answer is not None and (answer.claims or answer.abstained or answer.complete):
        content = answer_markdown(answer, exchange.key)
        if exchange.complete:
            content += f"\n\n[{tr('Give feedback')}](#{feedback_id(exchange.key)})"
        shown.append(_said(content))
    if exchange.stopped:
        shown.append(_said(f"*{tr('Stopped. What stands above is not complete.')}*"))
    if exchange.cut_short:
        shown.append(_cut_short(exchange.key))
    return shown


def _cut_short(key: str) -> Message:
    """What stands where an answer was to come, and a button that tells the key to ask again."""
    words = tr("The answer was cut short: the server stopped, or the page was closed meanwhile.")
    return _said(f"*{words}*") | {"options": [{"value": key, "label": tr("Ask again")}]}


def _asked(question: str) -> str:
    if not question.strip():
        return f"*{tr('(nothing typed)')}*"
    if len(question) > _SHOWN_QUESTION:
        question = f"{question[:_SHOWN_QUESTION]}…"
    return in_markdown(question)


def _said(content: str) -> Message:
    return {"role": "assistant", "content": content}


def _step(exchange: Exchange) -> Message:
    """The search, as a step that opens: what is being done, then what was found."""
    answer = exchange.answer
    hits = answer.hits if answer else ()
    title = _searching(exchange)
    content = ""
    if answer and (hits or answer.complete):
        title = wording.found(hits) if hits else tr("Nothing found")
        sources = {hit.passage.source.article_id: hit.passage.source for hit in hits}
        content = _article_list(list(sources.values()))
    metadata: dict[str, Any] = {"title": title, "status": "pending"}
    if not exchange.running or (answer and hits):
        metadata["status"] = "done"
    if exchange.seconds >= _NOTICED and not exchange.running:
        metadata["duration"] = round(exchange.seconds, 2)
    return {"role": "assistant", "content": content, "metadata": metadata}


def _searching(exchange: Exchange) -> str:
    coverage = exchange.answer.coverage if exchange.answer else None
    if coverage is None:
        return tr("Searching the archive…")
    return tr("Searching {articles}…", articles=wording.count(coverage.articles, "article"))


def _article_list(sources: list[Source]) -> str:
    lines = [
        f"- {in_markdown(wording.title(source))} ({in_markdown(wording.byline(source))})"
        for source in sources[:_LISTED_ARTICLES]
    ]
    if len(sources) > _LISTED_ARTICLES:
        lines.append(f"- {tr('and {count} more', count=len(sources) - _LISTED_ARTICLES)}")
    return "\n".join(lines)


def answer_markdown(answer: Answer, key: str) -> str:
    """The answer as Markdown; its markers link to the evidence whose ids start with `key`."""
    blocks = []
    if _understood_differently(answer):
        understood = tr("Understood as: {question}", question=in_markdown(answer.understood))
        blocks.append(f"*{understood}*")
    if answer.abstained:
        blocks += _refusal(answer, key)
    else:
        blocks += [_claim(claim, key) for claim in answer.claims]
        blocks += [_conflict(conflict, key) for conflict in answer.conflicts]
    blocks += [f"*{tr('Note: {note}', note=in_markdown(relayed(note)))}*" for note in answer.notes]
    if answer.coverage and answer.complete:
        blocks.append(f"*{in_markdown(wording.searched(answer.coverage))}*")
    return "\n\n".join(blocks)


def _understood_differently(answer: Answer) -> bool:
    return " ".join(answer.understood.split()) != " ".join(answer.question.split())


def _refusal(answer: Answer, key: str) -> list[str]:
    nearest = answer.hits[:NEAREST_SHOWN]
    blocks = [f"**{tr('The archive does not say.')}**"]
    if nearest:
        links = [
            f"- {_whence(hit.passage.source)}: “{in_markdown(wording.opening(hit.passage.text))}” "
            f"[[{tr('show')}]](#{nearest_id(key, number)})"
            for number, hit in enumerate(nearest, start=1)
        ]
        blocks.append(f"{tr('Nearest, not an answer:')}\n\n" + "\n".join(links))
    return blocks


def _claim(claim: Claim, key: str) -> str:
    """A claim, its markers, and under it the verdict and where it stands, in words."""
    cited = claim.citations
    quote = next((c.quote for c in cited if _is_quotation(claim, c)), None)
    sentence = _quotation(quote) if quote else in_markdown(claim.text)
    markers = " ".join(marker(citation, key) for citation in cited)
    # No marker stands alone in a line.
    lines = [f"> {sentence}{_TIED}{markers}".rstrip(), ">", f"> *{_standing(claim)}*"]
    return "\n".join(lines)


def _is_quotation(claim: Claim, citation: Citation) -> bool:
    return claim.text.strip(' "“”') == citation.quote.text.strip(' "“”')


def _quotation(quote: Quote) -> str:
    """The quote with its likely short answer in bold."""
    if quote.short is None:
        return in_markdown(quote.text)
    start, end = (offset - quote.start for offset in quote.short)
    short = quote.text[start:end]
    # Emphasis that begins or ends with a blank would not be read as emphasis.
    start += len(short) - len(short.lstrip())
    end = start + len(short.strip())
    before, after = quote.text[:start], quote.text[end:]
    bold = f"**{in_markdown(quote.text[start:end])}**" if start < end else ""
    return f"{_joined(before, left=True)}{bold}{_joined(after, left=False)}"


def _joined(text: str, *, left: bool) -> str:
    """The text beside the bold words, keeping the blank that separates it from them."""
    inert = in_markdown(text)
    if left and text[-1:].isspace():
        return inert + " "
    if not left and text[:1].isspace():
        return " " + inert
    return inert


def _standing(claim: Claim) -> str:
    sources = {c.source.article_id: c.source for c in claim.citations}
    parts = [in_markdown(wording.verdict(claim)), *map(_whence, sources.values())]
    notes = [note for citation in claim.citations for note in citation.quote.dates]
    parts += [in_markdown(wording.derived(note)) for note in notes]
    return " · ".join(dict.fromkeys(parts))


def _whence(source: Source) -> str:
    """Publisher and date, inert."""
    return f"{apart(in_markdown(wording.publisher(source)))}, {wording.day(source.published)}"


def _conflict(conflict: Conflict, key: str) -> str:
    heading = tr("The articles disagree")
    if conflict.about:
        heading = tr("The articles disagree about {about}", about=in_markdown(conflict.about))
    sides = [
        f"- {_whence(side.source)}: {_quotation(side.quote)}{_TIED}{marker(side, key)}"
        for side in conflict.sides
    ]
    told = account(conflict)
    reason = [f"\n*{in_markdown(told)}*"] if told else []
    return "\n".join([f"**{heading}**\n", *sides, *reason])


def marker(citation: Citation, key: str) -> str:
    """The marker as a short link to its evidence."""
    return f"[[{citation.marker}]](#{evidence_id(key, citation.marker)})"


def evidence_id(key: str, number: int) -> str:
    """The element that holds the evidence of a marker; unlike any other of the page."""
    return f"{key}-{number}"


def nearest_id(key: str, number: int) -> str:
    """The element that holds the nth nearest passage of a refusal."""
    return f"{key}-n{number}"


def feedback_id(key: str) -> str:
    """Where a reader says what they think of the answer."""
    return f"{key}-feedback"
